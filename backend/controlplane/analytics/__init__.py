"""Questions about the past: each one set-based statement, built by a pure function, the same on every database."""
