"""Golden-file tests for SQL: rows, states and emitted statements, compared with stored snapshots."""
