"""What other people keep out, as they write it, and what this node's operator does, for others.

    format               module                 both ways
    mastodon-csv         mastodon_csv.py        yes
    mastodon-instance    mastodon_instance.py   no: names in it may be masked
    fires                fires.py               yes: fires_feed.py writes
    plain, cidr          plain.py               no
    json, toml           written.py             yes: whole rules
    merge                merge.py               of other lists

A list becomes entries (`entry.py`), one for a domain or a person, and an entry becomes rules as an
operator would write them, so that both are read by one schema. One malformed line and nothing of a
list is taken. `formats.py` is the table from a format to its reader.

Source: policy.md 13
"""
