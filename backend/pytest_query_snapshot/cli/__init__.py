"""The command `query-snapshot`."""
