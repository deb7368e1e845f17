"""What a person may ask of this node, one file per wish; each gives the road a Draft."""
