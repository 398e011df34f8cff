"""Workflows that run: definitions, expressions, variables, HTTP, and the engine that drives them."""
