"""What others send us: a signed request becomes a committed entry, and later takes the road.

    receive.py   one request to a committed entry and 202, or to a reason
    process.py   entries down the road, many at a time
    repair.py    what an entry waits for is fetched, and judged like anything else that comes

The answer to a request says that its entry is committed, never that it took effect. What can be
told from the document and the group state at hand is told before the answer (`receive.py`); what
needs the rows of the transaction is decided in it, and has no status any more.
"""
