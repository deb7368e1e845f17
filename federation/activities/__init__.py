"""One file per shape of activity: its meaning, its permission, and its effect as changes.

A handler sees one activity and its `Situation`, nothing else. It answers three questions, each by
a pure function: what does it say (`read`), may its speaker say that here (`authorize`), and what
becomes of it (`apply`). One `apply` covers every part that this node plays in the activity: the
author's node, home, and the node of a member. So there is no second set of rules for what is local.

The changes it answers are written by `storage/write.py` in the transaction that loaded the
situation. An activity of a local person carries deliveries (`Send`) to other hosts; one that
arrived carries none, but for the answers that this node's own actors give.
"""
