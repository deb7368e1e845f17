"""What is wrong with a node is looked for, and each finding says what to do about it.

`finding.py` has what is found; `judging.py` decides, of what was seen, whether it is well; the
others look: `places.py` at files and disk, `held.py` at the database, `front_door.py` at what
people and servers meet under the node's name, `others.py` at other servers.

Nothing is changed by looking.

Source: operations.md 4
"""
