"""The formats of golden files, one module per format."""
