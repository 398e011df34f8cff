"""Options, fixtures and hooks; no logic."""
