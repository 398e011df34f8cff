from __future__ import annotations

import json
import time
import tracemalloc
import types

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from controlplane.errors import ExpressionError
from controlplane.execution.definition.fields import MAX_NAME, STEP_KEY
from controlplane.execution.expressions.language import compile_expression
from controlplane.execution.expressions.variables import resolve

SCOPE = {
    "input": {
        "amount": 12,
        "who": "anna",
        "tags": ["a", "b"],
        "none": None,
        "flag": True,
        "nested": {"x": [1, {"y": 2}]},
    },
    "vars": {"limit": 10, "rate": 0.5},
    "steps": {"fetch": {"output": {"rows": [{"id": 7}]}, "status": "completed"}},
}


def value(text, scope=SCOPE):
    return compile_expression(text).evaluate(scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("input.amount > vars.limit", True),
        ("input.amount > vars.limit and input.who == 'anna'", True),
        ("not (input.amount < 5) or input.flag", True),
        ("1 < input.amount <= 12", True),
        ("1 < 5 < 3", False),
        ("input.nested.x[1].y", 2),
        ('steps["fetch"].output.rows[-1].id + 1', 8),
        ("'a' in input.tags", True),
        ("'x' not in input.tags", True),
        ("'nn' in input.who", True),
        ("'who' in input", True),
        ("input.who in ['anna', 'bert']", True),
        ("input.none == null", True),
        ("input.none == None", True),
        ("true and not false", True),
        ("7 % 3 + 7 // 2 - 2 * 3 / 4", 2.5),
        ("-input.amount + +1", -11),
        ("'a' + 'b'", "ab"),
        ("'big' if input.amount > 10 else 'small'", "big"),
        ("[1, input.amount]", [1, 12]),
        ("  input.flag  ", True),
        ("input.flag == 1", False),
        ("1 == 1.0", True),
        ("true in [1]", False),
        ("'a' < 'b'", True),
        ("false and input.missing", False),
        ("true or input.missing", True),
        ("1 if true else input.missing", 1),
        ("input['amount'] == 12", True),
    ],
)
def test_an_expression_reads_json_and_computes(text, expected):
    got = value(text)
    assert (got, type(got)) == (expected, type(expected))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "input.missing",
            "missing",
            "input.amount.real",
            "input.who.upper",
            "input.tags.append",
            "steps.nope.output",
        ),
        *("input.tags[9]", "input.tags['a']", "input.tags[true]", "input[0]", "input.who[0]", "input.none.x"),
        *("1 / 0", "1 % 0", "1 // 0", "1e308 * 1e308", "'a' * 3", "'%s' % 1", "[1] + [2]", "'a' + 1", "1 + true"),
        *("-'a'", "-true", "'a' < 1", "null < 1", "true > false", "1 in 5", "1 in 'a1'", "[] < [1]", "1 in input"),
        *("1 and true", "not 1", "not null", "'' or true", "1 if 'x' else 2", "input.tags and true"),
        *(
            "10 ** 3",
            "9999999999 * 99999999999 * 99999999999",
            "1e999",
            "1j",
            "b'x'",
            "...",
            "f'{input}'",
            "{1: 2}",
        ),
        *(
            "{1, 2}",
            "(1, 2)",
            "lambda: 1",
            "input()",
            "len(input)",
            "[x for x in input.tags]",
            "(x := 1)",
            "1 is 1",
        ),
        *(
            "input.tags[0:1]",
            "1 & 2",
            "1 << 3",
            "~1",
            "1 @ 2",
            "*input",
            "a = 1",
            "import os",
            "1; 2",
            "1\n2",
            "",
            "  ",
        ),
        *("1 +", "((1)", "'open", "a b", "yield 1", "await x", "\x00", "__import__('os')", "input.__class__"),
        *(
            "input.__class__.__mro__",
            "''.__class__",
            "[].__class__.__base__.__subclasses__()",
            "input.tags.__len__",
        ),
        *("(1).__class__", "vars.__globals__", "steps.__init__.__globals__", "__builtins__", "input['__class__']"),
        *("print", "open", "rand", "None.x", "true.real"),
    ],
)
def test_expression_outside_the_language_is_an_error(text):
    with pytest.raises(ExpressionError):
        value(text)


@pytest.mark.parametrize("text", ["input.amount", "input.none", "'true'", "1", "0", "[]", "input", "''", "null"])
def test_a_condition_is_true_or_false_and_nothing_else(text):
    with pytest.raises(ExpressionError, match="a condition gives true or false"):
        compile_expression(text).holds(SCOPE)


def test_python_objects_in_the_scope_are_refused():
    for thing in (json, print, object(), types.SimpleNamespace(x=1), {1, 2}, b"x", 1j):
        with pytest.raises(ExpressionError):
            value("input.thing == 1", {"input": {"thing": thing}})
        with pytest.raises(ExpressionError):
            value("input.thing.x", {"input": {"thing": thing}})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1+" * 500_000 + "1", id="1 MB sum"),
        pytest.param("'" + "x" * 1_000_000 + "'", id="1 MB string"),
        pytest.param("9" * 1_000_000, id="1 MB number"),
        pytest.param("9" * 1_900, id="number of 1,900 digits"),
        pytest.param("(" * 900 + "1" + ")" * 900, id="parentheses"),
        pytest.param("[" * 500 + "]" * 500, id="lists"),
        pytest.param("not " * 400 + "true", id="nots"),
        pytest.param("-" * 1_900 + "1", id="minus signs"),
        pytest.param("a" + ".a" * 900, id="attributes"),
        pytest.param("a" + "[0]" * 600, id="subscripts"),
        pytest.param("1 if " * 300 + "true" + " else 1" * 300, id="conditionals"),
        pytest.param("1+" * 900 + "1", id="sum"),
        pytest.param("true and " * 200 + "true", id="wide and"),
    ],
)
def test_expression_too_long_large_or_deep_is_refused_quickly(text):
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)
    took, (_, peak) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 5
    assert peak < 20_000_000
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize(
    "text", ["not " * 50 + "true", "-" * 50 + "1", "a" + ".a" * 50, "[" * 50 + "]" * 50, "-" * 40 + "1"]
)
def test_nesting_has_its_own_limit(text):
    with pytest.raises(ExpressionError, match="nested deeper than 40"):
        compile_expression(text)


@pytest.mark.parametrize("text", ["-" * 39 + "1", "[" * 39 + "1" + "]" * 39])
def test_forty_levels_are_not_too_deep(text):
    assert compile_expression(text)


def test_texts_and_numbers_do_not_grow_without_bound():
    doubled = "+".join(["input.text"] * 20)
    with pytest.raises(ExpressionError, match="longer than"):
        value(doubled, {"input": {"text": "x" * 10_000}})
    with pytest.raises(ExpressionError, match="30 digits"):
        value("*".join(["input.n"] * 5), {"input": {"n": 10**10}})


def test_expression_lists_its_references():
    compiled = compile_expression(
        "steps['a'].output[0] == input.b.c or vars[input.d] > 1 and true and 'x' in [item]"
    )
    assert compiled.references == (
        *(("steps", "a", "output", "0"), ("input", "b", "c"), ("vars",), ("input", "d"), ("item",)),
    )


def test_a_text_is_compiled_once():
    assert compile_expression("1 < 2") is compile_expression("1 < 2")


def test_evaluating_does_not_look_at_the_rest_of_a_large_scope():
    scope = {"input": {"n": 1}, "steps": {f"s{n}": None for n in range(200_000)}}
    compiled = compile_expression("input.n == 1 and 's5' in steps")
    started = time.process_time()
    for _ in range(500):
        assert compiled.holds(scope)
    assert time.process_time() - started < 5


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PARTS = st.sampled_from(
    [
        *"0123456789.[]()'\" +-*/%<>=",
        "and ",
        "or ",
        "not ",
        "in ",
        "if ",
        "else ",
        "input",
        ".a",
        "vars",
        "x",
        "__class__",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PARTS, max_size=20).map("".join), JSON)
def test_any_text_gives_json_or_the_typed_error(text, data):
    try:
        got = compile_expression(text).evaluate({"input": data, "vars": {"a": data}})
    except ExpressionError:
        return
    json.dumps(got, allow_nan=False)


@settings(max_examples=200, deadline=None)
@given(JSON, JSON)
def test_equality_is_that_of_json(left, right):
    scope = {"input": {"l": left, "r": right}}
    assert value("input.l == input.l", scope) is True
    assert value("input.l == input.r", scope) is not value("input.l != input.r", scope)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(-(10**6), 10**6),
    st.integers(-(10**6), 10**6),
    st.sampled_from(["+", "-", "*", "<", "<=", ">", ">=", "==", "!="]),
)
def test_numbers_compute_as_in_python(left, right, operation):
    assert value(f"input.l {operation} input.r", {"input": {"l": left, "r": right}}) == eval(
        f"left {operation} right"
    )


HYPHENS = {
    "steps.fetch-data.output.n > 3": True,
    "steps . fetch-data . output.n": 5,
    "steps.a--b-1.output": 1,
    "steps.a.output-index": 2,
    "steps.a.output - vars.x": 1,
    "vars.x-index": 1,
    "[steps.fetch-data.output.n-1]": [4],
    "'steps.a-b' == \"steps.a-b\"": True,
    "'it\\'s steps.x-y'": "it's steps.x-y",
    "'''x' steps.a-b'''": "x' steps.a-b",
    "vars . steps.n-index": 6,
    "vars.steps.n-index": 6,
}


@pytest.mark.parametrize(("text", "expected"), HYPHENS.items())
def test_step_key_with_hyphens_is_read_as_one_name(text, expected):
    scope = {
        "steps": {"fetch-data": {"output": {"n": 5}}, "a": {"output": 3}, "a--b-1": {"output": 1}},
        "vars": {"x": 2, "steps": {"n": 7}},
        "index": 1,
    }
    assert compile_expression(text).evaluate(scope) == expected


@given(st.from_regex(STEP_KEY, fullmatch=True))
def test_every_step_key_is_read_by_expressions_and_references(key):
    assume(len(key) <= MAX_NAME)
    scope = {"steps": {key: {"output": 7}}}
    assert compile_expression(f"steps.{key}.output").evaluate(scope) == 7
    assert resolve(f"${{steps.{key}.output}}", scope) == 7
