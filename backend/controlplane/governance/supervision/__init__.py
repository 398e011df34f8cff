"""Supervision of runs."""
