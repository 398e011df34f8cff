"""Commands of the debugger."""
