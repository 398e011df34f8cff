"""Risks of a change: conditions that let more rows through, joins that keep fewer, rows that are written over."""
