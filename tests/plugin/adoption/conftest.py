"""The example is a project of its own: it runs in a copy, never as part of this suite."""

collect_ignore = ["example"]
