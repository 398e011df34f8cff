"""The plugin's parts; what each declares is in its own module, and imports nothing heavy."""

from __future__ import annotations

pytest_plugins = (
    "pytest_query_snapshot.database_plugin",
    "pytest_query_snapshot.golden_plugin",
    "pytest_query_snapshot.budget_plugin",
    "pytest_query_snapshot.review_plugin",
    "pytest_query_snapshot.run_plugin",
    "pytest_query_snapshot.determinism_plugin",
)
