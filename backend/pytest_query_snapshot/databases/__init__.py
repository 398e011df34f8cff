"""Real connections, and how a test's work on them is contained."""
