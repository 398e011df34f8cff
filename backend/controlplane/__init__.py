"""AI agents that earn autonomy under governance, the workflows they run, analytics over all of it."""
