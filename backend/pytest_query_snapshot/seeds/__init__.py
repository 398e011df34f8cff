"""Seeds: plain SQL files that make a test's world."""
