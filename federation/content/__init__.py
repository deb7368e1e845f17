"""Foreign and local text made safe."""
