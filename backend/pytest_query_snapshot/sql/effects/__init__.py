"""The effects of a statement: on its transaction, on its session, on the rows of tables."""
