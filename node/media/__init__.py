"""Pictures are decoded outside of the process that serves."""
