"""The `golden` fixture, comparisons, and the golden files."""
