"""The examples are projects of their own: they run in a copy, never as part of this suite."""

collect_ignore = ["example", "fastapi_sqlmodel", "flask_binds", "scoped_library"]
