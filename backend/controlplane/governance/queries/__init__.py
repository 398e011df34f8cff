"""The queries of governance, one topic per module, each limited to one workspace."""
