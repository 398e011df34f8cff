"""The isolation mode `savepoint`: all connections of a test share one real connection."""
