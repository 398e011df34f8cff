"""Read what stands in the tables of a database, and what changed there."""
