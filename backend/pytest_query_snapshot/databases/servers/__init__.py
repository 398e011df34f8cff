"""PostgreSQL servers and databases that a run starts for itself."""
