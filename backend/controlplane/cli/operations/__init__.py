"""Commands of operation: the schema, archives, workers, reports and rollups."""
