"""A person takes along what this node holds of theirs: one ZIP, written as it grows.

## What is in it

What the person may see, by the queries that show it to them, and nothing else: who they are, what
they have set, whom they follow, block and mute as Mastodon's CSV files, their conversations with
the messages that were for them, and their own uploads. What was deleted, or removed by moderators,
is not in it, and what came after they were out of a group was never theirs. Files of others stay
out, and so do all addresses under which files are found: those are secrets.

## How it is made

`zip_stream.py` writes an archive of which nothing is held but what is under way, so that a hundred
thousand messages take no more memory than a hundred, and no file lies anywhere meanwhile.
`writing.py` says in which order what goes into it; `lists.py` and `uploads.py` have a part each.
The list of all files with their hashes comes last, for then it is known: an archive without
`manifest.json` is not whole.

## How it is brought

`reading.py` reads an archive within bounds, or none of it, and `bringing.py` takes over what it
says. Messages stay behind: other servers would not believe them from here.
"""
