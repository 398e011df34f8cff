"""Every example of the reference pages is valid, fits the JSON Schema, and ends as the page says."""

from __future__ import annotations

import doctest
import importlib
import json
import re
import subprocess
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import jsonschema
import pytest
import yaml

import controlplane
from controlplane import actions, execution, governance
from controlplane.errors import InvalidDefinitionError
from controlplane.execution import EngineConfig, HttpPolicy
from controlplane.execution.definition.schema import definition_schema
from controlplane.models import StepKind, WorkflowStatus

PAGES = Path(__file__).parents[3] / "backend/docs/reference/controlplane"
STEPS = (PAGES / "steps.md").read_text()
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", STEPS, re.MULTILINE | re.DOTALL))
EXAMPLES = {kind: re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) for kind, text in SECTIONS.items()}
EXAMPLES = {kind: texts for kind, texts in EXAMPLES.items() if texts}
INPUT = {"name": "Ada", "item": "pen", "amount": 5000, "names": ["Ada", "Grace"]}
ROOT = Path(controlplane.__file__).parent
PACKAGES = sorted(
    ".".join(("controlplane", *path.parent.relative_to(ROOT).parts))
    for path in ROOT.rglob("__init__.py")
    if "__all__" in path.read_text()
)
WORKSPACE, OWNER = uuid.UUID(int=1), uuid.UUID("000000000000000000000000000b0001")


def greet(parameters, *, idempotency_key):
    return {"text": f"hello {parameters['name']}"}


def search(parameters, *, idempotency_key):
    return {"found": len(parameters["words"].split())}


class Prices(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"price": 12.5}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def prices():
    """A server in the place of api.example.com."""
    server = HTTPServer(("127.0.0.1", 0), Prices)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_every_kind_of_step_has_a_section_with_an_example():
    assert set(EXAMPLES) == set(StepKind)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_example_fits_the_schema(kind):
    validator = jsonschema.Draft202012Validator(definition_schema())
    for text in EXAMPLES[kind]:
        assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []
        assert any(step["kind"] == kind for step in yaml.safe_load(EXAMPLES[kind][-1])["steps"])


@pytest.mark.seed("users")
@pytest.mark.parametrize("kind", EXAMPLES)
def test_example_runs_and_ends_as_the_page_says(kind, flow, session, prices):
    policy = HttpPolicy(allowed_hosts=(prices,), allowed_networks=("127.0.0.0/8",))
    flow.engine = flow.runtime.engine = EngineConfig(http=policy)
    agent = governance.import_agent(
        session,
        workspace_id=WORKSPACE,
        name="Ada",
        category="c",
        module_path="m",
        class_name="A",
        maturity_level="autonomous",
        actor_id=OWNER,
        reason="example",
    )
    texts = [text.replace("https://api.example.com", f"http://{prices}") for text in EXAMPLES[kind]]
    with actions.registered(greet=greet, search=search):
        for text in texts[:-1]:
            flow.save(text)
        made = flow.start(texts[-1], input_data={**INPUT, "agent": str(agent.id)}, user_id=OWNER)
        flow.drive()
        if made.status is WorkflowStatus.WAITING:
            move_on(session, made, kind, flow)
            flow.drive()
        session.refresh(made)
    (expected,) = re.findall(r"```json\n(.*?)```", SECTIONS[kind], re.DOTALL)
    assert (made.status, made.error_message, made.outputs) == ("completed", None, json.loads(expected))


def move_on(session, made, kind, flow):
    """Do what the page says a person does."""
    if kind == StepKind.APPROVAL:
        execution.approve(session, made, step_key="ask", actor_id=OWNER, engine=flow.engine)
    else:
        execution.signal(session, made, name="paid", payload={"amount": 3}, actor_id=OWNER, engine=flow.engine)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_schema_and_parser_refuse_the_same_misspelling(kind):
    validator = jsonschema.Draft202012Validator(definition_schema())
    data = yaml.safe_load(EXAMPLES[kind][-1])
    data["steps"][0]["dependson"] = []
    assert not validator.is_valid(data)
    with pytest.raises(InvalidDefinitionError, match="dependson"):
        execution.parse_definition(data)


def test_schema_and_parser_refuse_a_workflow_without_steps():
    data = {"name": "empty", "steps": []}
    assert not jsonschema.Draft202012Validator(definition_schema()).is_valid(data)
    with pytest.raises(InvalidDefinitionError, match="steps"):
        execution.parse_definition(data)


def test_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(definition_schema())


def test_schema_is_the_same_without_docstrings():
    code = "import json; from controlplane.execution.definition.schema import definition_schema as schema"
    command = [sys.executable, "-OO", "-c", f"{code}; print(json.dumps(schema()))"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == definition_schema()


def test_public_names_are_sorted_and_there():
    assert list(controlplane.__all__) == sorted(controlplane.__all__)
    for name in controlplane.__all__:
        assert getattr(controlplane, name).__doc__


def test_former_name_of_the_settings_is_deprecated():
    with pytest.warns(DeprecationWarning, match="use controlplane.EngineConfig"):
        assert controlplane.Engine is EngineConfig


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_of_a_package_can_be_loaded(package):
    module = importlib.import_module(package)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_example_of_the_public_interface_runs():
    with actions.registered():
        result = doctest.testmod(controlplane, optionflags=doctest.ELLIPSIS)
    assert result.attempted > 5
    assert result.failed == 0
