"""The hooks and fixtures that pytest calls; nothing heavy is imported before a test needs it."""
