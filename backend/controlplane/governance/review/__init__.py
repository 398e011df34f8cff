"""Proposals: made, approved or rejected by a reviewer, and executed."""
