"""Recordings of a test's statements and table contents, as values."""
