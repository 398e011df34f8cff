from __future__ import annotations

import json
import time
import tracemalloc

import pytest

from controlplane.errors import InvalidDefinitionError, UnreadableDefinitionError
from controlplane.execution.definition import (
    ConditionStep,
    Edge,
    HttpStep,
    MapStep,
    ProblemKind,
    RetryPolicy,
    load_definition,
    parse_definition,
    read_data,
)

ORDER = """
name: order
inputs: {amount: null, who: anna}
vars: {limit: 10}
steps:
  - key: fetch
    kind: http
    url: https://example.com/${input.who}
    retry: {attempts: 3, delay: 0.5}
    compensation: {action: undo, parameters: {id: "${output.json.id}"}}
  - key: size
    kind: condition
    depends_on: fetch
    branches: [{when: input.amount > vars.limit, then: ask}]
    default: [auto]
  - {key: ask, kind: approval, on_reject: [sorry]}
  - {key: auto, kind: task, action: log, parameters: {on: no, day: 2026-01-01}}
  - {key: sorry, kind: task, action: log}
  - key: each
    kind: map
    depends_on: [ask, auto]
    join: any
    over: ${steps.fetch.output.json.rows}
    body: {kind: task, action: log, parameters: {row: "${item.id}", at: "${index}"}}
  - {key: end, kind: join, depends_on: [each, sorry]}
"""


def task(key, *depends_on, **fields):
    return {"key": key, "kind": "task", "action": "log", "depends_on": list(depends_on), **fields}


def problems(*steps, **head):
    with pytest.raises(InvalidDefinitionError) as caught:
        parse_definition({"name": "w", "steps": list(steps), **head})
    return [(problem.kind, problem.step) for problem in caught.value.problems]


def test_a_definition_becomes_typed_steps_in_order():
    made = load_definition(ORDER)
    assert made.order == ("fetch", "size", "ask", "auto", "sorry", "each", "end")
    fetch, size, each = (made.by_key[key] for key in ("fetch", "size", "each"))
    assert isinstance(fetch, HttpStep)
    assert (fetch.method, fetch.retry) == ("GET", RetryPolicy(attempts=3, delay=0.5))
    assert isinstance(size, ConditionStep)
    assert (size.branches[0].then, size.default) == (("ask",), ("auto",))
    assert isinstance(each, MapStep)
    assert (each.body.kind, each.body.key) == ("task", "each")


def test_edges_carry_the_outcome_on_which_they_are_taken():
    made = load_definition(ORDER)
    assert made.incoming["ask"] == (Edge("size", "ask", ("branch_1",)),)
    assert made.incoming["sorry"] == (Edge("ask", "sorry", ("rejected",)),)
    assert made.incoming["each"] == (Edge("ask", "each", ("approved",)), Edge("auto", "each"))
    assert made.roots == ("fetch",)
    assert made.outgoing["size"][0].is_taken("branch_1")
    assert not made.outgoing["size"][0].is_taken("default")


def test_yaml_scalars_are_those_of_json():
    assert load_definition(ORDER).by_key["auto"].inputs == {"parameters": {"on": "no", "day": "2026-01-01"}}
    assert read_data("[True, TRUE, False, FALSE, Null, NULL]") == [True, True, False, False, None, None]
    assert read_data("[1, -2, 0.5, 1e3, true, null, ~, '1', 0x10, 1_000, yes]") == [
        *(1, -2, 0.5, 1000.0, True, None, None, "1", "0x10", "1_000", "yes"),
    ]


@pytest.mark.parametrize("retry", [{"attempts": 1, "factor": 1}, {"attempts": 1_000, "factor": 1_000}])
def test_retry_policy_may_be_at_its_bounds(retry):
    made = load_definition(json.dumps({"name": "x", "steps": [task("a", retry=retry)]}))
    assert made.by_key["a"].retry == RetryPolicy(**retry)


def test_problem_of_a_retry_names_its_field():
    for field, value in {"attempts": 0, "delay": -1, "factor": 0.5, "max_delay": -1, "on": 5, "tries": 3}.items():
        with pytest.raises(InvalidDefinitionError, match=rf"retry\.{field}"):
            parse_definition({"name": "w", "steps": [task("a", retry={field: value})]})


def test_yaml_and_json_of_the_same_data_have_one_digest():
    made = load_definition(ORDER)
    assert load_definition(json.dumps(dict(reversed(made.data.items())))).digest == made.digest


def test_a_file_is_read(tmp_path):
    (tmp_path / "order.yaml").write_text(ORDER)
    assert load_definition(tmp_path / "order.yaml").name == "order"


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ({"key": "b", "kind": "tusk"}, ProblemKind.UNKNOWN_KIND),
        ({"key": "b"}, ProblemKind.UNKNOWN_KIND),
        (task("b", "nope"), ProblemKind.UNKNOWN_DEPENDENCY),
        ({"key": "b", "kind": "parallel", "branches": ["nope"]}, ProblemKind.UNKNOWN_DEPENDENCY),
        (task("b", colour="red"), ProblemKind.UNKNOWN_FIELD),
        (task("b", retry={"attempts": 0}), ProblemKind.BAD_RETRY),
        (task("b", retry={"attempts": 1_001}), ProblemKind.BAD_RETRY),
        (task("b", retry={"factor": 0.99}), ProblemKind.BAD_RETRY),
        (task("b", retry={"factor": 1_001}), ProblemKind.BAD_RETRY),
        (task("b", retry={"attempts": 2, "delay": -1}), ProblemKind.BAD_RETRY),
        (task("b", retry={"attempts": 2, "factor": 0.5}), ProblemKind.BAD_RETRY),
        (task("b", retry={"delay": 9, "max_delay": 3}), ProblemKind.BAD_RETRY),
        (task("b", retry={"tries": 3}), ProblemKind.BAD_RETRY),
        (task("b", retry=[3]), ProblemKind.BAD_RETRY),
        (task("b", when="1 +"), ProblemKind.BAD_EXPRESSION),
        (task("b", when="__import__('os')"), ProblemKind.BAD_EXPRESSION),
        (task("b", when="vars.x > 1"), ProblemKind.UNKNOWN_REFERENCE),
        (task("b", parameters={"x": ["${steps.nope.output}"]}), ProblemKind.UNKNOWN_REFERENCE),
        (task("b", parameters={"x": "${steps.a.output}"}), ProblemKind.UNKNOWN_REFERENCE),
        (task("b", "a", parameters={"x": "${steps.a.outputs}"}), ProblemKind.UNKNOWN_REFERENCE),
        (task("b", parameters={"x": "${env.HOME}"}), ProblemKind.UNKNOWN_REFERENCE),
        (task("b", parameters={"x": "${item}"}), ProblemKind.UNKNOWN_REFERENCE),
        (task("b", parameters={"x": "${output}"}), ProblemKind.UNKNOWN_REFERENCE),
        (task("b", parameters={"x": "${input.a"}), ProblemKind.UNKNOWN_REFERENCE),
        (task("b", timeout=0), ProblemKind.BAD_FIELD),
        (task("b", continue_on_error="yes"), ProblemKind.BAD_FIELD),
        (task("b", compensation={"parameters": {}}), ProblemKind.BAD_FIELD),
        ({"key": "b", "kind": "wait"}, ProblemKind.BAD_FIELD),
        ({"key": "b", "kind": "http"}, ProblemKind.BAD_FIELD),
        ({"key": "b", "kind": "map", "over": [1], "body": {"kind": "approval"}}, ProblemKind.UNKNOWN_KIND),
        (
            {
                "key": "b",
                "kind": "map",
                "over": [],
                "body": {"kind": "task", "action": "log"},
                "compensation": {"action": "undo"},
            },
            ProblemKind.BAD_FIELD,
        ),
        ({"key": "b", "kind": "canvas", "action": "update"}, ProblemKind.BAD_FIELD),
        ({"key": "b", "kind": "condition", "branches": []}, ProblemKind.BAD_FIELD),
        ({"key": "b", "kind": "parallel", "branches": []}, ProblemKind.BAD_FIELD),
        ({"key": "b", "kind": "workflow", "workflow": "w", "version": 0}, ProblemKind.BAD_FIELD),
        ({"key": "b", "kind": "map", "body": {"kind": "task", "action": "log"}}, ProblemKind.BAD_FIELD),
        (
            {"key": "b", "kind": "condition", "branches": [{"name": "x", "when": "true", "then": []}] * 2},
            ProblemKind.DUPLICATE_KEY,
        ),
        (
            {"key": "b", "kind": "map", "over": 5, "body": {"kind": "task", "action": "log"}},
            ProblemKind.BAD_FIELD,
        ),
    ],
)
def test_each_problem_names_its_step_and_kind(step, kind):
    assert problems(task("a"), step) == [(kind, "b")]


def test_kind_of_a_problem_is_its_name_for_programs():
    assert {kind.name.lower() for kind in ProblemKind} == {str(kind) for kind in ProblemKind}


@pytest.mark.parametrize("status", [99, 600, "200", 200.5, None])
def test_expected_status_is_one_of_http(status):
    request = {"key": "b", "kind": "http", "url": "http://x/", "expect": [200, status]}
    assert problems(request) == [(ProblemKind.BAD_FIELD, "b")]


def test_execution_is_known_in_every_template():
    step = task("a", parameters={"run": "${execution.id}"}, save={"of": "${execution.user_id}"})
    made = parse_definition({"name": "w", "steps": [step], "outputs": {"name": "${execution.workflow}"}})
    assert made.by_key["a"].inputs == {"parameters": {"run": "${execution.id}"}}


def test_key_with_invalid_name_is_rejected():
    assert problems(task("a-")) == [(ProblemKind.BAD_FIELD, "a-")]
    with pytest.raises(InvalidDefinitionError, match="key must be a text of 1 to 100 characters"):
        parse_definition({"name": "w", "steps": [task("a" * 101)]})
    assert parse_definition({"name": "w", "steps": [task("a" * 100)]}).order == ("a" * 100,)
    assert problems({"kind": "task", "action": "log"}) == [(ProblemKind.BAD_FIELD, "#1")]


def test_a_duplicate_step_key_is_named():
    assert problems(task("a"), task("a")) == [(ProblemKind.DUPLICATE_KEY, "a")]


def test_a_cycle_shows_its_path():
    with pytest.raises(InvalidDefinitionError, match="b -> c -> d -> b") as caught:
        parse_definition({"name": "w", "steps": [task("a", "d"), task("b", "d"), task("c", "b"), task("d", "c")]})
    assert caught.value.problems[0].path == ("b", "c", "d", "b")


def test_a_step_that_depends_on_itself_is_a_cycle():
    assert problems(task("a", "a")) == [(ProblemKind.CYCLE, "a")]


def test_step_without_incoming_branch_and_its_successors_are_unreachable():
    choose = {"key": "a", "kind": "condition", "branches": [{"when": "true", "then": ["b"]}]}
    found = problems(choose, task("b"), task("c", "a"), task("d", "c"), task("e", "c", "b"))
    assert found == [(ProblemKind.UNREACHABLE_STEP, "c"), (ProblemKind.UNREACHABLE_STEP, "d")]


def test_declared_inputs_are_the_only_ones():
    assert problems(task("a", parameters={"x": "${input.b}"}), inputs={"a": 1}) == [
        (ProblemKind.UNKNOWN_REFERENCE, "a")
    ]


def test_an_action_that_is_not_registered_is_named():
    data = {"name": "w", "steps": [task("a", compensation={"action": "undo"})]}
    with pytest.raises(InvalidDefinitionError, match="no action 'undo' is registered"):
        parse_definition(data, actions=("log",))


def test_every_problem_is_reported_at_once():
    assert len(problems(task("a", "x"), task("b", timeout=-1), {"key": "c", "kind": "?"})) == 3


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: &x [1]\nb: [*x, *x]", id="alias"),
        pytest.param("a: &x 1", id="anchor"),
        pytest.param("a: 1\nb: 2\na: 3", id="duplicate yaml key"),
        pytest.param('{"a": {"b": 1, "b": 2}}', id="duplicate json key"),
        pytest.param("on: 1\non: 2", id="duplicate word"),
        pytest.param("[" * 100_000, id="deep json"),
        pytest.param("{a: " * 100_000, id="deep yaml"),
        pytest.param("- " * 100_000, id="deep block"),
        pytest.param("x: !!python/object/apply:os.system [id]", id="python tag"),
        pytest.param("x: !!binary aGk=", id="binary tag"),
        pytest.param("", id="empty"),
        pytest.param("a: 1\n---\nb: 2", id="two documents"),
        pytest.param("x: 1e999", id="infinite yaml"),
        pytest.param("[1e999]", id="infinite json"),
        pytest.param("[NaN]", id="nan"),
        pytest.param("[" + "1" * 5_000 + "]", id="huge integer"),
        pytest.param("? [a]\n: 1", id="list as key"),
        pytest.param(b"\xff\xfe", id="not utf-8"),
        pytest.param("a: [", id="unclosed"),
        pytest.param("a: \x00", id="control character"),
        pytest.param('a: "\\0"', id="nul in yaml"),
        pytest.param('{"a": "\\u0000"}', id="nul in json"),
        pytest.param('{"\\ud800": 1}', id="half a character in json"),
        pytest.param("x" * 8_000_001, id="too large"),
    ],
)
@pytest.mark.timeout(10)
def test_hostile_text_is_refused(text):
    with pytest.raises(UnreadableDefinitionError):
        read_data(text)


def test_billion_laughs_is_refused_at_its_first_anchor():
    tracemalloc.start()
    lines = ['a0: &a0 ["lol"]'] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(UnreadableDefinitionError, match="anchors and aliases are refused at line 1"):
        read_data("\n".join(lines))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_syntax_error_says_the_line():
    with pytest.raises(UnreadableDefinitionError, match="at line 4"):
        read_data("a: 1\nb:\n  - [\n}")
    with pytest.raises(UnreadableDefinitionError, match="tags are refused, so are their directives at line 3"):
        read_data("# a\n# b\n%TAG ! tag:x,2000:\n---\na: 1")


def test_ten_thousand_steps_are_read_and_checked_in_seconds_and_one_more_is_refused():
    steps = [task(f"s{n}", *([f"s{n - 1}"] if n else [])) for n in range(10_000)]
    started = time.process_time()
    made = load_definition(json.dumps({"name": "long", "steps": steps}))
    assert time.process_time() - started < 10
    assert made.order[-1] == "s9999"
    assert (ProblemKind.BAD_FIELD, None) in problems(*steps, task("s10000"))


def test_a_cycle_of_ten_thousand_steps_is_found_without_recursion():
    steps = [task(f"s{n}", f"s{(n - 1) % 10_000}") for n in range(10_000)]
    assert problems(*steps) == [(ProblemKind.CYCLE, "s0")]


def test_a_retry_policy_backs_off_up_to_its_cap():
    policy = RetryPolicy(attempts=5, delay=1, factor=3, max_delay=20)
    assert [policy.delay_before(attempt) for attempt in (2, 3, 4, 5, 5_000)] == [1, 3, 9, 20, 20]


def test_a_retry_policy_allows_retryable_or_named_errors_only():
    policy = RetryPolicy(attempts=3)
    assert policy.allows(attempt=2, error_type="Timeout", retryable=True)
    assert not policy.allows(attempt=3, error_type="Timeout", retryable=True)
    assert not policy.allows(attempt=1, error_type="Timeout", retryable=False)
    named = RetryPolicy(attempts=3, on=("Busy",))
    assert named.allows(attempt=1, error_type="Busy", retryable=False)
    assert not named.allows(attempt=1, error_type="Timeout", retryable=True)
