"""From values to the text of a golden file: pure functions, the same text on every database."""
