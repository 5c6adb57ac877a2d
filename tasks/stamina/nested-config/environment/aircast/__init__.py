"""A small radio station's playout helper."""
