"""Hostile expressions and definitions: a typed error, in seconds, within little memory."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlplane.errors import DefinitionError, ExpressionError
from controlplane.execution.definition import load_definition, parse_definition
from controlplane.execution.expressions.language import compile_expression
from controlplane.models import StepKind

SCRIPT = Path(__file__).with_name("attacks.py")
SECONDS, KILOBYTES = 15, 700_000

_spec = importlib.util.spec_from_file_location("attacks", SCRIPT)
attacks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(attacks)


@pytest.fixture(scope="module")
def outcomes():
    """Try all in one process whose memory is limited; a crash there leaves the others without an outcome."""
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, timeout=300, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["name"]: row for row in rows}, done.stderr


@pytest.mark.timeout(320)
@pytest.mark.parametrize("name", [*attacks.EXPRESSIONS, *attacks.DEFINITIONS])
def test_an_attack_meets_a_typed_error_soon_and_in_little_memory(outcomes, name):
    found, crash = outcomes
    assert name in found, crash
    assert found[name]["wrong"] is None
    assert found[name]["seconds"] < SECONDS
    assert found[name]["kB"] < KILOBYTES


WORDS = st.sampled_from(
    ["a", "b", "c", "input.x", "${input.x}", "${steps.a.output}", "${", "true", "1 +", "s", "", "approve", "GET"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 10**40) | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        *("key", "kind", "action", "depends_on", "when", "retry", "timeout", "save", "compensation", "parameters"),
        *("branches", "default", "over", "body", "concurrency", "url", "method", "expect", "headers", "json"),
        *("on_reject", "roles", "seconds", "until", "signal", "canvas", "content", "type", "workflow", "input"),
        *("agent", "continue_on_error", "name", "version"),
    ]
)
KINDS = st.sampled_from([str(kind) for kind in StepKind])
STEPS = st.builds(
    lambda key, kind, fields: {"key": key, "kind": kind, **fields},
    st.sampled_from("abc"),
    KINDS,
    st.dictionaries(FIELDS, VALUES, max_size=6),
)
DEFINITIONS = st.builds(
    lambda steps, head: {"name": "w", "steps": steps, **head},
    st.lists(STEPS | VALUES, max_size=4),
    st.dictionaries(
        st.sampled_from(["name", "steps", "inputs", "vars", "outputs", "timeout"]), VALUES, max_size=2
    ),
)


@settings(max_examples=400, deadline=None)
@given(DEFINITIONS | VALUES)
def test_any_data_are_a_definition_or_a_typed_error(data):
    try:
        made = parse_definition(data)
    except DefinitionError:
        return
    assert parse_definition(made.data).digest == made.digest
    assert set(made.order) == {step.key for step in made.steps}


YAML = st.lists(
    st.sampled_from(
        [
            *(
                "name: w\n",
                "steps:\n",
                "- ",
                "  - {key: a, kind: wait, seconds: 1}\n",
                "  key: a\n",
                ": ",
                "? ",
                "\n",
            ),
            *(
                "[",
                "]",
                "{",
                "}",
                ",",
                "'",
                '"',
                "|\n",
                ">\n",
                "&a ",
                "*a",
                "!!str ",
                "!x ",
                "%TAG ! a\n",
                "---\n",
            ),
            *("...\n", "#c\n", "<<: ", "1", ".inf", "~", "\t", "  ", "\\", "\u2028", "\ufeff", "0x1", "@", "`"),
        ]
    ),
    max_size=25,
).map("".join)


@settings(max_examples=600, deadline=None)
@given(YAML | st.text(max_size=40) | st.binary(max_size=40))
def test_any_text_is_a_definition_or_a_typed_error(text):
    try:
        made = load_definition(text)
    except DefinitionError:
        return
    json.dumps(made.data, allow_nan=False)


PIECES = st.sampled_from(
    [
        *("input", ".a", "[0]", "['a']", "1", "'x'", " + ", " * ", " % ", " and ", " or ", "not ", " in ", " == "),
        *(" < ", "(", ")", "[", "]", ",", " if ", " else ", "-", "null", "true", "__class__", "lambda: ", ":="),
        *(
            "{",
            "}",
            "**",
            "//",
            ".__init__",
            "f'{input}'",
            "\n",
            "\\",
            "#",
            "\u00b2",
            "\uff49nput",
            "1e400",
            "0x",
            "_",
        ),
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60), VALUES)
def test_any_expression_gives_json_or_a_typed_error(text, data):
    try:
        got = compile_expression(text).evaluate({"input": data})
    except ExpressionError:
        return
    assert got is None or isinstance(got, bool | int | float | str | list | dict)
