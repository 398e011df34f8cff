"""The report: one HTML page that works from disk and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import shlex
import zlib
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from pytest_query_snapshot.goldens.formats.changes import read_timeline
from pytest_query_snapshot.goldens.formats.rows import read_table
from pytest_query_snapshot.goldens.storage.golden_index import Entry, readable
from pytest_query_snapshot.goldens.storage.golden_path import GoldenName, golden_name
from pytest_query_snapshot.review.accept import Review
from pytest_query_snapshot.review.causes import Cause, causes
from pytest_query_snapshot.review.change_data import change_data
from pytest_query_snapshot.review.counting import counted
from pytest_query_snapshot.review.lifecycle_picture import lifecycles, picture
from pytest_query_snapshot.review.terminal import unified

_LABELS = {"rows": "Rows", "state": "States", "sql": "SQL", "plan": "Plan", "schema": "Schema"}
_DIALECTS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def page(
    entries: tuple[Entry, ...],
    reviews: tuple[Review, ...],
    *,
    title: str,
    footer: str,
    nothing_changed: str = "Nothing is waiting for review.",
    waiting: bool = True,
    run: str = "",
) -> str:
    """Write the page: what changed, then the catalogue, then the lifecycles.

    ``run`` says of which commit, time and databases the goldens are.
    ``waiting`` says that the changes are still to be accepted, not those of a branch.
    """
    data = {
        "changes": [
            _change_entry(review, entries, waiting=waiting) | {"cause": _cause(cause, waiting=waiting)}
            for cause in causes(reviews)
            for review in cause.members
        ],
        "queries": [_query_entry(entry) for entry in entries],
        "nothing_changed": nothing_changed,
    }
    states = [text for entry in entries for name, text in entry.goldens if name.kind == "state"]
    template = Template(page_file("template.html"))
    return template.substitute(
        title=escape(title),
        footer=escape(footer),
        run=escape(run),
        css=page_file("page.css"),
        script=page_file("elements.js") + page_file("page.js"),
        lifecycles="".join(picture(lifecycle) for lifecycle in lifecycles(states)),
        data=_packed(data),
    )


def page_file(name: str) -> str:
    """Read a file of the pages: style, script or template."""
    return (files("pytest_query_snapshot.review") / "page" / name).read_text(encoding="utf-8")


def _packed(data: Any) -> str:
    """Write the data as compressed JSON in base64: goldens repeat themselves, and a page has to be sent around."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def anchor(path: str) -> str:
    """The id of a golden on the page: stable over runs, so that a link can be sent."""
    return f"g{hashlib.sha256(path.encode()).hexdigest()[:10]}"


def _query_entry(entry: Entry) -> dict[str, Any]:
    goldens = [_golden(name, text) for name, text in entry.goldens]
    facts = entry.facts
    return {
        "id": anchor(entry.stem),
        "name": readable(entry.name),
        "about": facts.about,
        "module": entry.module,
        "test": facts.test or f"{entry.module}::{entry.name}",
        "seeds": list(facts.seeds),
        "file": facts.source,
        "kinds": sorted({name.kind for name, _ in entry.goldens}),
        "goldens": goldens,
    }


def _golden(name: GoldenName, text: str) -> dict[str, Any]:
    label = _LABELS[name.kind]
    dialect = f" on {_DIALECTS.get(name.dialect, name.dialect)}" if name.dialect else ""
    golden: dict[str, Any] = {"kind": name.kind, "dialect": name.dialect, "label": label + dialect, "text": text}
    if name.kind == "rows":
        table = read_table(text)
        golden["table"] = {
            "note": f"{counted(len(table.rows), 'row')}; order: {table.order}",
            "columns": [{"name": column, "type": kind} for column, kind in table.columns],
            "rows": [list(row) for row in table.rows],
        }
    if name.kind == "state":
        timeline = read_timeline(text)
        golden["steps"] = [
            {
                "name": step.name,
                "note": "" if step.tables else "Nothing changed.",
                "tables": [
                    {"name": table, "changes": [[line[0], line[2:]] for line in lines]}
                    for table, lines in step.tables.items()
                ],
            }
            for step in timeline.steps
        ]
    return golden


def _cause(cause: Cause, *, waiting: bool) -> dict[str, Any]:
    return {
        "id": f"{cause.id}-{anchor(cause.members[0].comparison)}",
        "title": cause.title,
        "extent": cause.extent,
        "count": len(cause.members),
        "accept": f"query-snapshot accept --cause {cause.id}" if waiting else "",
    }


def _change_entry(review: Review, entries: tuple[Entry, ...], *, waiting: bool) -> dict[str, Any]:
    pending = review.pending
    name = golden_name(pending.golden)
    stem = name.stem if name else pending.golden
    entry = next((entry for entry in entries if entry.stem == stem), None)
    kind = _LABELS.get(pending.kind, pending.kind)
    dialect = f" on {_DIALECTS.get(pending.dialect, pending.dialect)}" if name and name.dialect else ""
    title = readable(name.test) if name else pending.golden
    return {
        "id": f"change-{anchor(pending.golden)}",
        "name": f"{title}: {kind.lower() if kind != 'SQL' else kind}{dialect}",
        "about": pending.about or (entry.facts.about if entry else ""),
        "test": pending.test,
        "seeds": list(pending.seeds),
        "file": pending.golden,
        "accept": f"query-snapshot accept {shlex.quote(pending.golden)}" if waiting else "",
        "risk": review.risk,
        "changes": change_data(review),
        "diff": unified(pending.base, pending.received),
        "new": pending.received or "",
        "search": " ".join(
            [pending.golden, pending.test, *review.labels, pending.base or "", pending.received or ""]
        ),
    }
