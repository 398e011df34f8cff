"""A statement read as facts: its clauses, tables, columns, conditions and expressions."""
