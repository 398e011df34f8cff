"""A terminal with a database of its own."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from controlplane import actions
from controlplane import clock as controlplane_clock
from controlplane.cli import app, main
from controlplane.models import Base


def greet(parameters, *, idempotency_key):
    if parameters["name"] == "boom":
        raise ValueError("no such person")
    return {"text": f"hello {parameters['name']}"}


class Terminal:
    """Runs commands on a database of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.url = f"sqlite:///{folder}/cli.sqlite"

    def __call__(self, *arguments, code=0):
        result = CliRunner().invoke(app, ["--database-url", self.url, *map(str, arguments)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    def refused(self, *arguments):
        """Type a command that is refused, through `main` as installed; return what it says."""
        out, err = io.StringIO(), io.StringIO()
        words = ["controlplane", "--database-url", self.url, *map(str, arguments)]
        with (
            patch.object(sys, "argv", words),
            patch.object(sys.modules["__main__"], "__package__", None),  # click would call it python -m pytest
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as exit_,
        ):
            main()
        assert exit_.value.code == 2
        assert out.getvalue() == ""
        return " ".join(err.getvalue().split())

    def write(self, text, name="flow.yaml"):
        path = self.folder / name
        path.write_text(text)
        return path

    def started(self, output):
        return next(line.split()[1] for line in output.splitlines() if line.startswith("execution "))


@pytest.fixture(autouse=True)
def forgotten_engines():
    """Forget the engine of each command: a process of its own makes one, these tests make a thousand.

    Every mapper of SQLAlchemy keeps 100 statements, each with the dialect of its engine, and a dialect keeps the
    tables of all migrations that ran on it: 400 MB in the end.
    """
    yield
    for mapper in Base.registry.mappers:
        vars(mapper).pop("_compiled_cache", None)


@contextmanager
def opened(folder):
    """Open a terminal in this folder, at the real time."""
    with controlplane_clock.use(lambda: datetime.now(UTC)), actions.registered(greet=greet):
        yield Terminal(folder)


@pytest.fixture
def terminal(tmp_path):
    with opened(tmp_path) as made:
        made("init")
        yield made


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One terminal for tests that change nothing."""
    with opened(tmp_path_factory.mktemp("world")) as made:
        made("init")
        yield made
