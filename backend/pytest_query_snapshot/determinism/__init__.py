"""Checks whether goldens depend on unspecified order: of insertion, of ties, of sets."""
