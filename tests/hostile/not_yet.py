"""The entries of the corpus that no test plays, each with its reason. The list may only shrink."""

NO_FEATURE = "the node has nothing yet that could be attacked so"

NOT_YET = {
    "A01": f"{NO_FEATURE}: OAuth",
    "A02": f"{NO_FEATURE}: OAuth",
    "A10": f"{NO_FEATURE}: identity providers",
    "M08": f"{NO_FEATURE}: import archives",
    "X09": f"{NO_FEATURE}: mail and push notifications",
}
