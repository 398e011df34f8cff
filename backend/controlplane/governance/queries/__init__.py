"""The questions of governance, one topic per file; none reaches into another workspace."""
