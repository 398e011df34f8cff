"""Limits on the number of statements of a test, and statements that are hazards at any speed."""
