"""What this node promised to send leaves it from here, once per host that must have it.

A row and a lane
----------------
A **delivery row** is one activity for one host and target: a person, or the shared inbox of all
its recipients there. It names actors, never addresses or keys. Inbox and key are looked up and
the request is signed when it is sent, so a moved inbox or a rotated key needs no rewriting.

A **lane** is all that waits for one host: its `peer` row is lane, back-off and breaker in one.
A worker leases it for 60 s with a random token. Only the holder sends to that host, and only
its token settles rows.

A turn
------
`deliver.DeliveryWorker.run_once` serves one lane:

1. lease the oldest due lane and claim its first rows (`sending`), one transaction for all lanes
   that ask at once;
2. sign, gathered likewise: all rows that wait at one moment are signed in one hop to a thread;
3. post; `outcome` says what the answer means for the row, `health` what it means for the lane;
4. settle what is done and claim what is next, again one transaction for many lanes; when
   nothing is next, the same transaction gives the lane back.

A request begins when the write that marks its row has committed. After a crash the lease ends
and the rows are pending again: at least once on the wire, once in effect, because receivers
remember what they have seen.

Two kinds of failure
--------------------
A failure of the *host* (network, TLS, DNS, 408, 425, 429, 503, or other 5xx for two rows in a
row) stops the lane, which climbs the ladder of `backoff`. A judgement about a *row* (other 4xx,
a single 5xx) moves that row aside with later rows about the same object; the conversation goes
on. A row that cannot be sent from here is parked after three tries and blocks nothing. While the
database is away or the operator's rules cannot be read nothing is sent, and no row pays for it.

Order
-----
Rows of a conversation begin oldest first. A host that is not aware has no order but that of
arrival, so at most one row per conversation is in flight there; rows outside conversations keep
their order per target everywhere. Two rows about one object never travel together.

Which part is where
-------------------
`outcome`, `backoff` and `health` are pure, and `settlement` says what an outcome does to its row
and lane. `signing` and `deliver` act. `storage.delivery_claims` finds the rows that may begin,
`storage.delivery_queue` claims and settles them, `storage.peers` keeps the lanes,
`storage.deliveries` is what people read of them, and `storage.delivery_upkeep` ends and forgets.
"""
