"""Golden files on disk: their paths, their text, their index and the version of their format."""
