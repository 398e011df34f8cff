"""Hostile texts, tried one after the other in a process with little memory; prints what became of each as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from controlplane.errors import ControlPlaneError
from controlplane.execution.definition import load_definition
from controlplane.execution.expressions.language import compile_expression
from controlplane.execution.expressions.variables import resolve

MEMORY = 1_500_000_000
MEGABYTE = 1_000_000
LIMIT = 8 * MEGABYTE  # of a definition's text


def evaluated(text, **scope):
    return lambda: compile_expression(text).evaluate(scope)


TOO_DEEP = 200_000  # Python 3.14 compares 100,000 levels within a stack of 8 MB


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


TWO_DEEP = {"l": deep(TOO_DEEP), "r": deep(TOO_DEEP)}


def steps(count, **fields):
    return {
        "name": "w",
        "steps": [{"key": f"s{n}", "kind": "task", "action": "a", **fields} for n in range(count)],
    }


def laughs(lines, width):
    text = ["a0: &a0 lol"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, lines)]
    return "\n".join(text)


def ring(count):
    made = steps(count)
    for number, step in enumerate(made["steps"]):
        step["depends_on"] = [f"s{(number - 1) % count}"]
    return json.dumps(made)


EXPRESSIONS = {
    "a megabyte of sums": evaluated("1+" * (MEGABYTE // 2) + "1"),
    "a megabyte of letters": evaluated("a" * MEGABYTE),
    "a megabyte of text": evaluated("'" + "x" * MEGABYTE + "'"),
    "a megabyte of digits": evaluated("9" * MEGABYTE),
    "a megabyte of brackets": evaluated("[" * MEGABYTE),
    "a megabyte of nothing": evaluated(" " * MEGABYTE),
    "brackets as deep as the length allows": evaluated("(" * 999 + "1" + ")" * 999),
    "braces that a parser may try twice each": evaluated("{" * 1_000),
    "lambdas in lambdas": evaluated("lambda:" * 280 + "1"),
    "a walk to all classes": evaluated("''.__class__.__mro__[1].__subclasses__()"),
    "a walk from the scope": evaluated("input.__class__.__init__.__globals__", input={}),
    "a walk by subscript": evaluated("input['__class__']['__mro__']", input={}),
    "a format string": evaluated("'{0.__class__}'.format(input)", input={}),
    "a percent format": evaluated("'%1000000000d' % 1"),
    "a repeated text": evaluated("'x' * 1000000000"),
    "a repeated list": evaluated("[0] * 1000000000"),
    "a tower of powers": evaluated("9**9**9**9"),
    "a shift": evaluated("1 << 10000000000"),
    "numbers that square themselves": evaluated("*".join(["input.n"] * 60), input={"n": 10**20}),
    "text that doubles": evaluated("+".join(["input.t"] * 60), input={"t": "x" * 90_000}),
    "lists too deep to compare": evaluated("input.l == input.r", input=TWO_DEEP),
    "lists too deep to search": evaluated("input.l in [input.r]", input=TWO_DEEP),
    "infinity out of finite numbers": evaluated("1e308 * 10 > 1"),
}
DEFINITIONS = {
    "a billion laughs": lambda: load_definition(laughs(30, 10)),
    "laughs by merging": lambda: load_definition("a: &a {b: 1}\nc: {<<: *a}"),
    "directives of tags": lambda: load_definition(
        "".join(f"%TAG !a{n}! tag:b\n" for n in range(300_000)) + "---\n1"
    ),
    "a directive behind a document": lambda: load_definition("a: 1\n...\n%TAG !a! tag:b\n---\nb: 2"),
    "duplicate keys": lambda: load_definition("name: a\nname: b\nsteps: []"),
    "duplicate keys of JSON": lambda: load_definition('{"name": "a", "name": "b", "steps": []}'),
    "a huge scalar": lambda: load_definition("name: " + "x" * (LIMIT - 10)),
    "a huge quoted scalar": lambda: load_definition(json.dumps({"name": "x" * (LIMIT - 20)})),
    "a text beyond the limit": lambda: load_definition("x" * (LIMIT + 1)),
    "a number of 8 million digits": lambda: load_definition("name: " + "9" * (LIMIT - 10)),
    "a float of 8 million digits": lambda: load_definition("name: " + "9" * (LIMIT - 10) + ".5"),
    "a JSON number of 8 million digits": lambda: load_definition('{"name": ' + "9" * (LIMIT - 20) + "}"),
    "an exponent": lambda: load_definition("name: 1e9999"),
    "not a number in YAML": lambda: load_definition("name: w\nsteps: [{key: a, kind: wait, seconds: .nan}]"),
    "infinity in YAML": lambda: load_definition("name: w\nsteps: [{key: a, kind: wait, seconds: .inf}]"),
    "not a number in JSON": lambda: load_definition('{"name": "w", "timeout": NaN}'),
    "infinity in JSON": lambda: load_definition('{"name": "w", "timeout": -Infinity}'),
    "nesting in YAML": lambda: load_definition("[" * (LIMIT - 1)),
    "nesting in blocks": lambda: load_definition("- " * (LIMIT // 2)),
    "nesting in JSON": lambda: load_definition('{"a":' * 1_000_000),
    "closed nesting in JSON": lambda: load_definition("[" * 100_000 + "]" * 100_000),
    "millions of values": lambda: load_definition("[" + "[]," * (LIMIT // 3 - 1) + "]"),
    "millions of JSON values": lambda: load_definition("[" + "1," * (LIMIT // 2 - 2) + "1]"),
    "hundreds of thousands of fields": lambda: load_definition(json.dumps({f"k{n}": 1 for n in range(400_000)})),
    "more steps than allowed": lambda: load_definition(json.dumps(steps(10_001))),
    "a ring of all steps": lambda: load_definition(ring(10_000)),
    "every step broken": lambda: load_definition(json.dumps(steps(10_000, when="1 +", retry={"attempts": 0}))),
    "a condition of a megabyte": lambda: load_definition(json.dumps(steps(1, when="1+" * 500_000 + "1"))),
    "a reference of a megabyte": lambda: load_definition(
        json.dumps(steps(1, parameters={"x": "${" + "a" * MEGABYTE}))
    ),
    "openings": lambda: load_definition(json.dumps(steps(1, parameters={"x": "${" * 500_000}))),
    "a Python object": lambda: load_definition("!!python/object/apply:os.system ['true']"),
    "text that grows when rendered": lambda: resolve("${input.x}" * 100, {"input": {"x": "x" * MEGABYTE}}),
}


def peak():
    """Return the most memory that this process had, in kB; `ru_maxrss` begins with what its parent had."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name, attack in (EXPRESSIONS | DEFINITIONS).items():
        started = time.process_time()
        try:
            outcome = f"it passed: {str(attack())[:80]}"
        except ControlPlaneError as error:
            outcome = None if len(str(error)) < 50_000 else "a typed error, but a long one"
        except BaseException as error:  # noqa: BLE001  a MemoryError, a RecursionError: all are told
            outcome = f"not typed: {type(error).__name__}"
        told = {"name": name, "wrong": outcome, "seconds": time.process_time() - started, "kB": peak()}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
