"""What the operator of this node wants kept out.

A rule is data. Everything here is pure: the same rules and the same facts give the same answer,
whoever asks.

## Blocked domains

`domains.py` finds what keeps a host out, whether it is a blocked domain or another rule, and makes
of all of them the set that is in force; `statement.py` says which hosts an activity comes from.
`disclosure.py` says what the sender may learn.

## Who asks

    stage                     module                          what follows
    a request begins          node/http/doorkeeper.py         403, 429 or 202
    a key is named            inbound/authenticate.py         403, and nothing is fetched
    an activity has arrived   inbound/receive.py              403
    who sends is known        inbound/early.py                403, 429 or 202
    it takes the road         pipeline/batch.py               it has no effect
    it is filed               pipeline/judging.py             a request, held or kept from somebody
    somebody reads            node/fediverse/asking.py        they are nobody there
    we fetch                  transport/client.py             the host is not dialled
    we owe a delivery         activities/sending.py           a message is shown as refused
    we send                   outbound/deliver.py             the row ends
    a person asks             commands/people.py and others   422, with the reason

## Rules in files

They stand in the configuration (node/config/rules.py). What is not enforced yet, `enforced.py`
names: a node does not start with it. `merge.py` puts files and database together.

    step                       module
    TOML is read               read_policy.py, by the tables of schema.py; read_when.py, sense.py
    mistakes have a line       problem.py, lines.py
    rules are put in order     order.py: by domain and person, so that most are never touched
    an activity is judged      chain.py: facts (facts.py) against conditions (conditions.py)
    the answer                 decision.py: what happens, by which rule, and what was tried
    only that is loaded        asked.py: which facts the rules in force ask for
    tokens are counted         buckets.py
    a request begins           connection.py: address, path, headers, size
    texts are near each other  near_duplicates.py: what the fact `similar` counts
    it is explained            explain.py; told.py reads the facts out of an activity
    rules are looked over      check.py: expired, shadowed, overlapping

A rule that fails, or that could cost more than is left of the budget, gives `on_error` and is
named; the others still have their say. The budget is counted in steps, not in time
(docs/decisions/0029).

## What it does not do

A rule never changes what is signed, and makes nobody a member. Messages that are here stay here.
Memberships end when a rule keeps a domain out anew (`commands/settle_rules.py`), and no later rule
brings them back.
"""
