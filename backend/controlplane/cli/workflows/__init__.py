"""Commands about workflows: definitions, versions, executions and canvases."""
