"""The client API of Mastodon, so that its clients read and write the conversations of this node.

It is a door for compatibility: it has no word for a group's name, its roles or its invitations.
Whoever wants these has our own API (`node/covey_api`).

# How a call is answered

1. `manners.py` stands before every address: it lets every page ask (CORS), takes a token and
   nothing else for who is calling, asks for its scope, and says whatever goes wrong in Mastodon's
   form. An address is the same with a slash behind it.
2. A handler reads numbers, since clients compare ids as numbers (`storage/numbers.py`), and calls
   the commands and queries that our own API calls.
3. `showing.py` finds the numbers and faces of all that is shown, some queries for any number of
   rows, and `entities/` writes it down.

# What is empty

Who asks for what there is not here, such as a home timeline, gets an empty list and never a 404,
at which clients fall back to older addresses (`empty.py`).

Source: clients.md 3 to 8
"""
