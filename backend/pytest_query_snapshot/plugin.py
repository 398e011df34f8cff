"""The plugin's parts; what each declares is in its own module, and imports nothing heavy.

They are registered here and not named in `pytest_plugins`: for each name there pytest reads the metadata of every
installed distribution once more.
"""

from __future__ import annotations

from importlib import import_module

import pytest

from pytest_query_snapshot.hooks.running_test import RunningTest

_PARTS = (
    "settings",
    "databases",
    "connections",
    "goldens",
    "budgets",
    "review",
    "causes",
    "sessions",
    "determinism",
    "unmatched_settings",
)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the parts, each by the name of its module."""
    _import_as_compiled(pluginmanager)
    running = RunningTest()
    pluginmanager.register(running, "query-snapshot-running-test")
    for part in _PARTS:
        name = f"{__package__}.hooks.{part}"
        if not pluginmanager.is_blocked(name):
            module = import_module(name)
            pluginmanager.register(module, name)
            if hasattr(module, "Fixtures"):
                pluginmanager.register(module.Fixtures(running), f"{name}.fixtures")


def _import_as_compiled(pluginmanager: pytest.PytestPluginManager) -> None:
    """Keep pytest from rewriting the asserts of this package, which are no tests'.

    Where no bytecode is written, as in many containers, each process would rewrite and compile every module.
    """
    hook = getattr(pluginmanager, "rewrite_hook", None)
    marked = getattr(hook, "_must_rewrite", None)
    if isinstance(marked, set):
        marked.discard(__package__)
