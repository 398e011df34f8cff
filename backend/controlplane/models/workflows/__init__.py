"""Records of workflows: definitions, executions, canvases, debugging and daily totals."""
