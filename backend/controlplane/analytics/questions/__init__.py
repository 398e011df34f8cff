"""The questions, one module per subject; each is a pure function that returns a statement."""
