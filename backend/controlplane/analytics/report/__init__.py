"""The report: every question asked once, shown in a terminal, as JSON, as CSV or as a page."""
