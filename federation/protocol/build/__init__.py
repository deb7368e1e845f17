"""One file for each document this node writes."""
