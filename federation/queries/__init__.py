"""What a person or another server may see."""
