"""A node is saved to a folder while it runs, and made anew from it elsewhere.

## What is in it

`manifest.json`: which node it is, of which release, when, and every other file with its size and
SHA-256. `database.sqlite` or `database.pgdump`: one moment of the database. `configuration/`: the
configuration without its secrets, and the files of rules that it names. `media/`: the files that
people here have uploaded. The node's secret key is in it only if that is asked for. Files of other
servers are not: they are fetched again.

## When it is whole

It grows in `NAME.unfinished` beside its place and is renamed when all of it was written, flushed
and read back: what is called NAME is whole. `making.py` does that, `checking.py` reads back.

## What comes of it

`restoring.py` makes a node of it, which is in restored mode (`node/restoration.py`): the copy of
the database says so itself, and so does the file beside it. It sends nothing until its operator
says that the node from which the backup was made runs no more.

Source: operations.md 6, delivery.md 7
"""
