"""The difference of two statements: which facts changed, and whether that is a risk."""
