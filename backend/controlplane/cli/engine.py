"""The workflow engine that commands run with: the debugger, the registered actions, the allowed hosts."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
import traceback
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from controlplane.cli.output import show_warnings
from controlplane.debugging import Debugger
from controlplane.errors import InvalidValueError
from controlplane.execution import EngineConfig, HttpPolicy, Secrets
from controlplane.execution.definition.reading import read_data


class _WarningHandler(logging.Handler):
    """Prints the warnings of this package, such as those of `start`, among those of the verbs."""

    def emit(self, record: logging.LogRecord) -> None:
        show_warnings([self.format(record)])


_SHOWN = _WarningHandler(logging.WARNING)


def build_engine(
    *,
    actions: tuple[str, ...],
    allow_hosts: tuple[str, ...],
    allow_networks: tuple[str, ...],
    secrets: Path | None = None,
    lease: float = 30.0,
    max_deliveries: int = 5,
) -> EngineConfig:
    """Return the settings of the workflow engine, with the actions of these files and modules registered."""
    logging.getLogger("controlplane").addHandler(_SHOWN)  # of several times, one counts
    for name in actions:
        import_actions(name)
    for network in allow_networks:
        _check_network(network)
    policy = HttpPolicy(allowed_hosts=allow_hosts, allowed_networks=allow_networks)
    return EngineConfig(
        observer=Debugger(),
        http=policy,
        secrets=read_secrets(secrets),
        lease=timedelta(seconds=lease),
        max_deliveries=max_deliveries,
    )


def read_secrets(path: Path | None) -> Secrets:
    """Read the places of the secrets of each workspace; without a file, an empty mapping."""
    if path is None:
        return Secrets()
    try:
        text = path.read_bytes()
    except OSError as error:
        raise InvalidValueError(field="secrets", value=str(path), rule=f"{error.strerror}") from None
    return Secrets.of(read_data(text))


def import_actions(name: str) -> None:
    """Import a Python file or module that registers actions.

    Raises:
        InvalidValueError: it is missing, or its import raises any exception.
    """
    is_file = name.endswith(".py")
    if not is_file and not all(part.isidentifier() for part in name.split(".")):
        raise _no_module(name)
    try:
        if is_file:
            _import_file(Path(name).resolve(), name)
        else:
            importlib.import_module(name)
    except InvalidValueError as error:
        if error.facts["field"] == "actions":
            raise
        raise _refused(name, error) from error
    except ModuleNotFoundError as error:
        # the module itself is missing, or one that it imports
        if error.name is not None and f"{name}.".startswith(f"{error.name}."):
            raise _no_module(name) from None
        raise _refused(name, error) from error
    except (Exception, SystemExit) as error:
        raise _refused(name, error) from error


def _import_file(path: Path, name: str) -> None:
    spec = importlib.util.spec_from_file_location(f"controlplane_actions_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise _no_module(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)


def _no_module(name: str) -> InvalidValueError:
    return InvalidValueError(field="actions", value=name, rule="it must be a Python file or module")


def _refused(name: str, error: BaseException) -> InvalidValueError:
    """Return one line: the error, and the place in the file where it happened."""
    if isinstance(error, SyntaxError):
        place = name if error.lineno is None else f"{error.filename}, line {error.lineno}"
        problem = error.msg
    else:
        place = _place(error)
        problem = " ".join(str(error).split())
    rule = f"{type(error).__name__}: {problem} ({place})"
    return InvalidValueError(field="actions", value=name, rule=rule)


def _place(error: BaseException) -> str:
    """Return the last line of a traceback that is not in this package: it is in the file of actions."""
    frames = traceback.extract_tb(error.__traceback__)
    own = str(Path(__file__).parents[1])
    frame = next((frame for frame in reversed(frames) if not frame.filename.startswith(own)), frames[-1])
    return f"{frame.filename}, line {frame.lineno}"


def _check_network(text: str) -> None:
    try:
        ip_network(text)
    except ValueError as error:
        raise InvalidValueError(field="allow-network", value=text, rule=f"it must be a network: {error}") from None
