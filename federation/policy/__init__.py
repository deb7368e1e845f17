"""What the operator of this node wants kept out.

A rule is data. `domains.py` reads the name in a rule and finds the rule that keeps a host out;
`statement.py` says which hosts an activity comes from. Both are pure: the same rules and the same
activity give the same answer, whoever asks.

## Who asks

    stage                     module                          what follows
    a key is named            inbound/authenticate.py         403, and nothing is fetched
    an activity has arrived   inbound/receive.py              403
    it takes the road         pipeline/batch.py               it has no effect
    somebody reads            node/fediverse/asking.py        they are nobody there
    we fetch                  transport/client.py             the host is not dialled
    we owe a delivery         activities/sending.py           a message is shown as refused
    we send                   outbound/deliver.py             the row ends
    a person asks             commands/people.py and others   422, with the reason

## What it does not do

A rule never changes what is signed, and makes nobody a member. Messages that are here stay here.
Memberships end when a rule is made (`commands/block_domain.py`), and no later rule brings them
back.
"""
