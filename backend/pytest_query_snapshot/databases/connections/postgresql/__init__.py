"""The keeper of a PostgreSQL database."""
