"""What other servers call: inboxes, documents, names.

Documents come from `federation.queries` as one of four answers, and `answering.py` gives each its
status and headers. What is private is asked for with a signature (`asking.py`); without one, or
for somebody else, the answer is that of an address that does not exist.
"""
