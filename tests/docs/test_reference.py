"""The reference names what the code has: every setting, option, hazard and kind of change, and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from pytest_query_snapshot import errors
from pytest_query_snapshot.budgets.messages import KINDS
from pytest_query_snapshot.settings import OPTIONS, SETTINGS
from pytest_query_snapshot.sql.diff.change import Kind
from pytest_query_snapshot.sql.diff.meanings import MEANINGS

DOCS = Path(__file__).parents[2] / "backend/docs"
PAGES = {page: page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md")}


@pytest.fixture(scope="module")
def reference():
    sys.path.insert(0, str(DOCS / "_extensions"))
    try:
        yield import_module("reference")
    finally:
        sys.path.pop(0)


def test_every_hazard_has_one_row():
    rows = re.findall(
        r"^\| `([^`]+)` \|", (DOCS / "reference/hazards.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(rows) == sorted(KINDS)


def test_every_kind_of_change_has_a_meaning():
    assert set(MEANINGS) == set(Kind)


def test_settings_and_options_have_one_entry_each(reference):
    entries = [line for line in (*reference.settings(), *reference.options()) if line.startswith("`")]
    assert [re.match(r"`([\w-]+)", entry)[1] for entry in entries] == [each.name for each in (*SETTINGS, *OPTIONS)]


def test_angle_brackets_of_a_help_text_are_code(reference):
    text = "".join(reference.settings())
    assert "`<timestamp>`" in text


def test_fixtures_have_an_entry_each(reference):
    entries = {line.strip("`") for line in reference.fixtures() if line.startswith("`")}
    assert entries >= {"golden", "session", "engine", "async_session", "isolated_database", "database_url"}


def test_every_setting_option_fixture_marker_and_hook_is_in_a_guide(reference):
    """The reference says what there is; a guide shows when it is wanted."""
    guides = "".join(text for page, text in PAGES.items() if DOCS / "reference" not in page.parents)
    entries = [line for lines in (reference.fixtures, reference.markers, reference.hooks) for line in lines()]
    names = [re.match(r"`([\w-]+)", line)[1] for line in entries if line.startswith("`")]
    names += [each.name for each in (*SETTINGS, *OPTIONS)]
    assert len(names) > 30
    assert [name for name in names if not re.search(rf"(?<![\w-]){name}\b", guides)] == []


def test_every_error_has_an_entry(reference):
    entries = {line.strip("`") for line in reference.errors() if line.startswith("`")}
    public = {
        name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)
    }
    assert entries == public


def test_every_command_of_the_control_plane_has_an_entry(reference):
    commands = import_module("controlplane_reference")
    text = list(commands.controlplane_commands())
    shown = terminal_help("debug")
    headings = {line.removeprefix("## ") for line in text if line.startswith("## ")}
    assert {name.partition(" ")[0] for name in headings} == set(terminal_help())
    assert {name.partition(" ")[2] for name in headings if name.startswith("debug ")} == set(shown)
    options = [line for line in commands.controlplane_options() if line.startswith(": ")]
    assert sum("Variable: `CONTROLPLANE_" in line for line in options) == len(options) - 1  # but --version


def terminal_help(*words):
    """Return the names of the commands that `--help` lists."""
    command = [sys.executable, "-m", "controlplane", *words, "--help"]
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    plain |= {"COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}  # a runner of CI may ask for colours
    text = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, env=plain)
    listed = text.stdout.partition("Commands")[2]
    return re.findall(r"^│ ([a-z]+) ", listed, re.MULTILINE)


def test_every_setting_that_a_page_names_exists():
    known = {name for each in SETTINGS for name in (each.name, each.old_name)}
    hooks = {"query_snapshot_compared", "query_snapshot_render"}
    fixtures = {"query_snapshot_schema", "query_snapshot_engine_options"}
    for page, text in PAGES.items():
        for name in re.findall(r"\bquery_snapshot_\w+", text):
            assert name in known | hooks | fixtures, f"{page}: {name}"
