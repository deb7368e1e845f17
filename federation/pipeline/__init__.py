"""The one road every activity takes, whether it came from here or from elsewhere.

    item -> needs -> load -> situate -> compose (a wish only) -> perform -> write

Everything up to `write` computes. `batch.py` drives many items at once inside the caller's
transaction: it asks for what they name (`needs.py`), loads it by one query per table (`load.py`),
gives each item its situation (`situate.py`), lets a local wish become a signed activity
(`compose.py`), performs the activity (`perform.py`) and hands all changes to `storage/write.py`.

Items of one batch do not see each other. An item that rests on something an earlier one has changed
(a membership, an epoch, its author's next number, the parent it answers) is put off to the next
batch, so that it is judged by what is true by then.

No network and no task is started here: a transaction is open.
"""
