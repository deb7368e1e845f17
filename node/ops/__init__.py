"""What an operator's tools ask: does the node live, is it ready."""
