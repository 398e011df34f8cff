"""Conditions and `${..}` references in definitions, and the data that they can see."""
