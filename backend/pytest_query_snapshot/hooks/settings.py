"""Declare the settings and options to pytest, from the tables in `settings`."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_query_snapshot.setting_values import wrong_value
from pytest_query_snapshot.settings import OPTIONS, SETTINGS, Option, Setting, misspelt_setting

_REMOVED_IN = "0.3"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare everything once."""
    group = parser.getgroup("query-snapshot", "golden files for SQL")
    for option in OPTIONS:
        group.addoption(option.name, help=option.help, **_arguments(option))
        if option.old_name:
            old = Option(option.old_name, "", choices=option.choices, metavar=option.metavar)
            group.addoption(option.old_name, help=f"old name of {option.name}", **_arguments(old))
    for setting in SETTINGS:
        for name in filter(None, (setting.name, setting.old_name)):
            text = setting.help if name == setting.name else f"old name of {setting.name}"
            # None tells a setting that is not set from one that is set to its default
            default: Any = None if setting.old_name else _default(setting)
            parser.addini(name, text, type=setting.type, default=default)


def _arguments(option: Option) -> dict[str, Any]:
    if option.flag:
        return {"action": "store_true"}
    found: dict[str, Any] = {"default": option.default}
    if option.choices:
        found["choices"] = option.choices
    if option.metavar:
        found["metavar"] = option.metavar
    return found


def _default(setting: Setting) -> str | list[str]:
    return setting.default if isinstance(setting.default, str) else [*setting.default]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Refuse misspelt settings and values that can't be meant; take old names, with a warning."""
    # pytest 9 deprecates `inicfg`, and has no other way to list undeclared keys
    found: Any = getattr(config, "_inicfg", None)
    problem = misspelt_setting(config.inicfg if found is None else found)
    if problem is not None:
        raise pytest.UsageError(problem)
    for setting in SETTINGS:
        for name in filter(None, (setting.name, setting.old_name)):
            try:
                value = config.getini(name)
            except TypeError as error:
                raise pytest.UsageError(str(error)) from error
            if name == setting.old_name and value is not None:
                _warn(config, name, setting.name)
            problem = wrong_value(name, value) if value is not None else None
            if problem is not None:
                raise pytest.UsageError(problem)
    for option in OPTIONS:
        value = config.getoption(option.old_name, None) if option.old_name else None
        if value is not None:
            _warn(config, option.old_name, option.name)
            setattr(config.option, option.name.lstrip("-").replace("-", "_"), value)


def _warn(config: pytest.Config, old: str, new: str) -> None:
    if not hasattr(config, "workerinput"):  # once, in the process that talks to the user
        message = f"{old} is now called {new}; the old name goes with {_REMOVED_IN}"
        try:
            config.issue_config_time_warning(DeprecationWarning(message), stacklevel=2)
        except DeprecationWarning as error:  # the project turns warnings into errors
            raise pytest.UsageError(message) from error


def read_setting(config: pytest.Config, name: str) -> Any:
    """Return the value of a setting, also where the project uses its old name."""
    setting = next(each for each in SETTINGS if each.name == name)
    values = (config.getini(each) for each in (setting.name, setting.old_name) if each)
    return next((value for value in values if value is not None), _default(setting))
