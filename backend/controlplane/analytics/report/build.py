"""The report: every question asked once, shown in a terminal, as JSON, as CSV or as a page."""

from __future__ import annotations

import csv
import io
import json
import math
import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane.analytics.questions.registry import QUESTIONS, Question, Scope
from controlplane.analytics.report.dashboard import page
from controlplane.analytics.report.terminal import show
from controlplane.analytics.rollup.questions import select_is_kept
from controlplane.errors import UnknownNameError
from controlplane.escaping import csv_cell, json_text
from controlplane.models import Workspace

if TYPE_CHECKING:
    from typing import TextIO

    from sqlalchemy.orm import Session


class Form(StrEnum):
    """The format of a report."""

    TERMINAL = "terminal"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


@dataclass(frozen=True)
class Answer:
    """The rows of one question."""

    question: Question
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Report:
    """Every answer, and of whom and when they are."""

    workspace: str
    scope: Scope
    answers: tuple[Answer, ...]

    def answer(self, key: str) -> Answer:
        """Return the answer to the question with this key."""
        return next(answer for answer in self.answers if answer.question.key == key)


def collect(session: Session, *, scope: Scope) -> Report:
    """Run every question once, on the daily sums where the workspace keeps them: the answers are the same.

    Raises:
        UnknownNameError: the workspace does not exist.
    """
    name = session.scalar(select(Workspace.name).where(Workspace.id == scope.workspace_id))
    if name is None:
        raise UnknownNameError(record="workspace", id=scope.workspace_id)
    sums = bool(session.scalar(select_is_kept(workspace_id=scope.workspace_id)))
    answers = []
    for question in QUESTIONS:
        result = session.execute(scope.statement(question, sums=sums))
        answers.append(Answer(question, tuple(result.keys()), tuple(tuple(row) for row in result)))
    return Report(name, scope, tuple(answers))


def write_report(session: Session, *, scope: Scope, form: Form, file: TextIO) -> None:
    """Run every question and write the answers to `file` in the given form.

    Raises:
        UnknownNameError: the workspace does not exist.
    """
    report = collect(session, scope=scope)
    if form is Form.TERMINAL:
        show(report, file=file)
    else:
        file.write({Form.JSON: as_json, Form.CSV: as_csv, Form.HTML: page}[form](report))


def as_json(report: Report) -> str:
    """Write the report as one JSON object: the scope, and one list of objects per question."""
    scope = {name: _plain(value) for name, value in vars(report.scope).items()}
    answers = {
        answer.question.key: [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows]
        for answer in report.answers
    }
    text = json.dumps({"workspace": report.workspace, "scope": scope, "answers": answers}, indent=2)
    return json_text(text) + "\n"


def as_csv(report: Report) -> str:
    """Write the report as one tidy CSV: question, row (from 1), column, value; null is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("question", "row", "column", "value"))
    for answer in report.answers:
        for number, row in enumerate(answer.rows, 1):
            for column, value in zip(answer.columns, row, strict=True):
                plain = _plain(value)
                writer.writerow((answer.question.key, number, column, "" if plain is None else csv_cell(plain)))
    return out.getvalue()


def _plain(value: Any) -> Any:
    """Turn a value into one that JSON has; floats keep 9 digits after the point, where databases agree."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, float):
        return round(value, 9) if math.isfinite(value) else None
    return value
