"""People are told of messages when no page of theirs is open, by the push service of their browser.

`pusher.py` reads events and sends, `vapid.py` says who sends, `encoding.py` makes what the service
carries and cannot read. Nothing of it is kept: what waits when a process ends is not told, and the
message is there all the same.
"""
