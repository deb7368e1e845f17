"""History of the schema, in order; it imports no live code."""
