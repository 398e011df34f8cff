"""`controlplane replay`: run an execution again, and compare the two."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from controlplane import debugging
from controlplane.cli.context import get_settings, parse_pairs
from controlplane.cli.options import AS_JSON, MOST_ROWS, MOST_WORKERS
from controlplane.cli.output import show, show_json, show_status
from controlplane.cli.workflows.executions import EXECUTION, find_execution, reason_of, summary
from controlplane.cli.workflows.run import drive, exit_code

if TYPE_CHECKING:
    from controlplane.debugging import Comparison, StepDifference

app = typer.Typer()


@app.command()
def replay(
    context: typer.Context,
    execution_id: str = EXECUTION,
    from_step: str | None = typer.Argument(None, help="The recorded step to begin at; without it, the start."),
    version: int | None = typer.Option(
        None, min=1, max=MOST_ROWS, help="Another version of the workflow, such as a corrected one."
    ),
    input_data: list[str] = typer.Option(
        [], "--input", "-i", help="name=value: an input to change; repeatable, or one JSON object."
    ),
    variables: list[str] = typer.Option([], "--set", help="name=value: a variable to change; repeatable."),
    workers: int = typer.Option(4, min=1, max=MOST_WORKERS, help="How many steps may run at the same time."),
    as_json: bool = AS_JSON,
) -> None:
    """Run an execution again from a recorded step, and compare the two.

    Steps before that one keep their recorded results. The execution need not have been debugged.
    """
    settings = get_settings(context)
    engine = settings.engine
    with settings.opened() as opened:
        origin = find_execution(opened, execution_id)
        ids: dict[str, Any] = {"workspace_id": opened.workspace_id}
        copy = debugging.replay(
            opened.session,
            execution_id=origin.id,
            from_step=from_step,
            version=version,
            user_id=opened.user_id,
            engine=engine,
            input_data=parse_pairs("input", input_data),
            variables=parse_pairs("set", variables),
            **ids,
        )
        left, right = origin.id, copy.id
    if not as_json:
        show(f"execution {right}")
    drive(settings, right, workers=workers, quiet=as_json)
    with settings.opened() as opened:
        made = debugging.compare(opened.session, left_id=left, right_id=right, **ids)
        copy = find_execution(opened, str(right))
        found, code, reason = summary(copy), exit_code(copy.status), reason_of(copy)
    if as_json:
        show_json({"execution": found, "comparison": asdict(made)})
    else:
        show_comparison(made)
        show_status(found["status"], reason)
    raise typer.Exit(code)


def show_comparison(made: Comparison) -> None:
    """Print the differences between two executions, a line each."""
    for step in made.steps:
        if not step.same:
            show(f"{step.step_key}: {_change(step)}", style="yellow")
    for name in ("inputs", "variables", "outputs"):
        differences = getattr(made, name)
        for key, value in differences["added"].items():
            show(f"{name}.{key}: (absent) -> {_json(value)}", style="yellow")
        for key, value in differences["changed"].items():
            show(f"{name}.{key}: {_json(value['old'])} -> {_json(value['new'])}", style="yellow")
        for key, value in differences["removed"].items():
            show(f"{name}.{key}: {_json(value)} -> (absent)", style="yellow")


def _change(step: StepDifference) -> str:
    left, right = step.left_status or "(absent)", step.right_status or "(absent)"
    how = left if left == right else f"{left} -> {right}"
    if step.same_output:
        return how if left != right else f"{how}, with another input"
    return f"{how}, {_json(step.left_output)} -> {_json(step.right_output)}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
