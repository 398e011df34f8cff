"""The schema of the tests' database: how it is built, and how its tables are found by the catalog."""
