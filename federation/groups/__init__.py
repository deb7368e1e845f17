"""What a conversation is, and who may do what in it: values and pure functions.

# State

A group has a `state.GroupState` at each epoch. Nothing edits it: a state change by the conversation
actor makes the next one (`chain`), whose hash fixes the whole chain. A node that joins late begins
with `adoption`. `membership` says how a single person's standing moves, `consent` which Add of
our own people counts, and `departure` what home does when somebody left.

# Rights

`permissions` has one row per action. `size` has the caps, `settings` what a group's settings mean.

# Messages

`clock` stamps ours, `order` places everybody's, `parent` chooses what a message names as
`inReplyTo`, and `sequence` counts an author's log and notices what is missing.

Source: groups-protocol.md
"""
