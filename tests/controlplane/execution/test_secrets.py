"""Secrets of http steps: sent as named, and nowhere else for any answer of the server."""

from __future__ import annotations

import base64
import html
import importlib.util
import json
import logging
import re
import subprocess
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from controlplane import actions
from controlplane.cli.engine import read_secrets
from controlplane.errors import InvalidDefinitionError, InvalidValueError, MissingSecretError
from controlplane.execution import (
    HttpPolicy,
    Secrets,
    claim,
    load_definition,
    parse_definition,
    perform,
    save_workflow,
    start,
)
from controlplane.execution.http.library_logs import LIBRARIES, _is_loggable
from controlplane.execution.redaction import HIDDEN, hide
from controlplane.models import Base

_spec = importlib.util.spec_from_file_location("web_of_secrets", Path(__file__).with_name("web.py"))
web = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(web)

pytestmark = pytest.mark.seed("users")
VALUE = 'k3y"/+ w0rd'
WORKSPACE = "Acme"
WORKSPACE_ID = uuid.UUID(int=1)
CALL = """
name: pay
steps:
  - key: call
    kind: http
    url: "%s"
    secret_headers: {Authorization: {secret: payment_token, scheme: Bearer}, X-Key: payment_token}
    retry: {attempts: 2, delay: 0}
outputs: {got: "${steps.call.output.json}"}
"""


@pytest.fixture(scope="module")
def server():
    with web.serving() as running:
        yield running


@pytest.fixture
def desk(desk, server, monkeypatch, session):
    server.requests.clear()
    monkeypatch.setenv("PAYMENT_TOKEN", VALUE)
    name = session.scalars(sa.text("SELECT name FROM workspace ORDER BY id")).first()
    policy = HttpPolicy(allowed_hosts=("127.0.0.1:*", "localhost:*"), allowed_networks=("127.0.0.0/8",), timeout=5)
    secrets = Secrets.of({name: {"payment_token": {"env": "PAYMENT_TOKEN"}}})
    desk.engine = desk.runtime.engine = replace(desk.engine, http=policy, secrets=secrets)
    return desk


def sent(server):
    return [{name.lower(): value for name, value in headers.items()} for _, _, headers, _ in server.requests]


def everything(session):
    """Return the text of every row of every table."""
    session.flush()
    tables = Base.metadata.sorted_tables
    return "\n".join(
        repr(row)
        for table in tables
        for row in session.connection().exec_driver_sql(f'SELECT * FROM "{table.name}"')
    )


FORMS = (VALUE, json.dumps(VALUE)[1:-1], json.dumps(json.dumps(VALUE)[1:-1])[1:-1], "k3y%22")


def test_secret_is_sent_and_is_in_no_row_log_or_export(desk, session, server, caplog):
    caplog.set_level(logging.DEBUG)
    desk.launch(CALL % f"{server.url}/echo", stop_on_entry=False)
    assert sent(server)[0]["authorization"] == f"Bearer {VALUE}"
    assert sent(server)[0]["x-key"] == VALUE
    exported = json.dumps(desk.on("export_session"), default=str)
    rows = everything(session)
    assert HIDDEN in rows  # the server sent it back
    for text in (rows, exported, caplog.text, *map(repr, desk.on("traces"))):
        assert not [form for form in FORMS if form in text]


@pytest.mark.parametrize(
    "path", ["/status/500", "/redirect/302?to=ftp://x/{}", "/redirect/302?to=http://other.test/{}"]
)
def test_secret_is_in_no_error(desk, session, server, path, caplog):
    caplog.set_level(logging.DEBUG)  # the HTTP library writes the headers of every answer
    desk.launch(
        CALL % (server.url + path.format("k3y%2522%252F%252B%2520w0rd")), stop_on_entry=False, stop_on_error=False
    )
    assert sent(server)
    text = everything(session) + caplog.text
    assert not [form for form in FORMS if form in text.replace("k3y%2522", "")]


def test_redirect_to_another_origin_does_not_carry_the_secret(desk, server):
    other = server.url.replace("127.0.0.1", "localhost")
    desk.run(CALL % f"{server.url}/redirect/307?to={other}/echo")
    first, second = sent(server)
    assert first["x-key"] == VALUE
    assert not {"x-key", "authorization"} & set(second)


def test_redirect_to_the_same_origin_carries_the_secret(desk, server):
    desk.run(CALL % f"{server.url}/redirect/307?to=/echo")
    assert [headers["x-key"] for headers in sent(server)] == [VALUE, VALUE]


def bound(desk, *hosts):
    place = {"env": "PAYMENT_TOKEN", "hosts": list(hosts)}
    (workspace,) = desk.engine.secrets.places
    desk.engine = replace(desk.engine, secrets=Secrets.of({workspace: {"payment_token": place}}))
    desk.runtime.engine = desk.engine
    return desk


def test_secret_is_sent_to_a_host_that_it_is_bound_to(desk, server):
    host = server.url.removeprefix("http://")
    bound(desk, "*.example.com", host).run(CALL % f"{server.url}/redirect/307?to=/echo")
    assert [headers["x-key"] for headers in sent(server)] == [VALUE, VALUE]


def test_secret_for_another_host_is_refused_at_the_start(desk, server):
    other = bound(desk, "*.example.com")
    with pytest.raises(
        InvalidDefinitionError, match=r"'call'.* may be sent to \*\.example\.com, not to 127\.0\.0\.1:"
    ):
        other.run(CALL % f"{server.url}/echo")


@pytest.mark.parametrize("host", ["127.0.0.1:1", "example.com", "localhost:*"])
def test_secret_for_another_host_than_a_reference_leads_to_is_not_sent(desk, server, host):
    text = CALL % "${input.url}"
    run = bound(desk, host).run(f"{text}inputs: {{url: null}}", input_data={"url": f"{server.url}/echo"})
    assert (run.error_type, sent(server)) == ("SecretHostError", [])


def test_missing_secret_is_named_at_the_start(desk, monkeypatch):
    monkeypatch.delenv("PAYMENT_TOKEN")
    with pytest.raises(InvalidDefinitionError, match=r"'call'.*payment_token.*env PAYMENT_TOKEN"):
        desk.start(CALL % "http://127.0.0.1/")


def test_missing_secret_of_the_body_of_a_map_is_named_at_the_start(desk, monkeypatch):
    monkeypatch.delenv("PAYMENT_TOKEN")
    body = "{kind: http, url: 'http://127.0.0.1/', secret_headers: {X-Key: payment_token}}"
    with pytest.raises(InvalidDefinitionError, match=r"'each'.*payment_token.*env PAYMENT_TOKEN"):
        desk.start(f"name: many\nsteps: [{{key: each, kind: map, over: [1], body: {body}}}]")


def test_secret_that_is_missing_when_it_is_sent_fails_the_step_without_a_retry(desk, server, monkeypatch):
    run = desk.start(CALL % f"{server.url}/echo")
    monkeypatch.delenv("PAYMENT_TOKEN")
    desk.drive()
    desk.session.refresh(run)
    assert (str(run.status), run.error_type, len(server.requests)) == ("failed", "MissingSecretError", 0)
    assert "payment_token" in run.error_message
    steps = desk.session.execute(sa.text("SELECT count(*) FROM workflow_step_execution")).scalar_one()
    assert steps == 1


def test_secret_is_missing_where_a_program_performs_without_secrets(desk, server):
    run = desk.start(CALL % f"{server.url}/echo")
    lease = claim(desk.session, execution_id=run.id, engine=desk.engine)
    result = perform(lease, policy=desk.engine.http)
    assert (result.error_type, len(server.requests)) == ("MissingSecretError", 0)


def test_secret_is_read_from_a_file_each_time(tmp_path):
    file = tmp_path / "token"
    secrets = Secrets.of({WORKSPACE: {"token": {"file": str(file)}}})
    with pytest.raises(MissingSecretError):
        secrets.read(workspace=WORKSPACE, name="token")
    for value in ("one", "two"):
        file.write_text(f"{value}\n")
        assert secrets.read(workspace=WORKSPACE, name="token") == value


def test_secret_of_another_workspace_is_not_found(monkeypatch):
    monkeypatch.setenv("TOKEN", "value")
    secrets = Secrets.of({"Globex": {"token": {"env": "TOKEN"}}})
    with pytest.raises(MissingSecretError, match="not defined"):
        secrets.read(workspace=WORKSPACE, name="token")


@pytest.mark.parametrize("value", ["a\nx-other: 1", "sch\u00f6n", "a\x00b", " \n"])
def test_value_that_no_header_takes_is_refused_and_not_shown(tmp_path, value):
    file = tmp_path / "token"
    file.write_text(value)
    secrets = Secrets.of({WORKSPACE: {"token": {"file": str(file)}}})
    with pytest.raises(MissingSecretError) as caught:
        secrets.read(workspace=WORKSPACE, name="token")
    assert value.strip() == "" or value not in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        ["x"],
        {"w": "hunter2"},
        {"w": {"n": "hunter2"}},
        {"w": {"n": {"value": "hunter2"}}},
        {"w": {"n": {"env": ""}}},
        {"w": {"n": {"env": "A", "file": "hunter2"}}},
        {"w": {"n": {"hosts": ["hunter2"]}}},
        {"w": {"n": {"env": "A", "hosts": "hunter2"}}},
        {"w": {"n": {"env": "A", "hosts": []}}},
        {"w": {"n": {"env": "A", "hosts": [1]}}},
    ],
)
def test_places_that_are_values_are_refused_and_not_shown(data):
    with pytest.raises(InvalidValueError) as caught:
        Secrets.of(data)
    assert "hunter2" not in str(caught.value)


def test_places_are_read_from_a_yaml_file(tmp_path):
    file = tmp_path / "secrets.yaml"
    file.write_text("default: {token: {env: TOKEN}}")
    assert read_secrets(file) == Secrets(places={"default": {"token": {"env": "TOKEN"}}})
    with pytest.raises(InvalidValueError, match="secrets"):
        read_secrets(tmp_path / "missing.yaml")


@pytest.mark.parametrize(
    "given",
    [
        "secret_headers: {Authorization: Bearer hunter2}",
        "secret_headers: {Authorization: {value: hunter2}}",
        "secret_headers: {User-Agent: token}",
        "secret_headers: {Host: token}",
        "secret_headers: {Idempotency-Key: token}",
        "secret_headers: {x-a: token, X-A: token}",
        "headers: {x-a: 1}, secret_headers: {X-A: token}",
        'secret_headers: {"x a": token}',
    ],
)
def test_headers_for_secrets_are_validated(given):
    with pytest.raises(InvalidDefinitionError) as caught:
        load_definition(f"name: x\nsteps: [{{key: a, kind: http, url: 'http://x/', {given}}}]")
    assert "hunter2" not in str(caught.value)


def http_step(**fields):
    step = {"key": "a", "kind": "http", "url": "https://api.example.com/x?page_token=abc", **fields}
    return json.dumps({"name": "x", "inputs": {"t": None}, "steps": [step]})


EXPOSED = {
    "authorization": {"headers": {"Authorization": "Bearer hunter2"}},
    "authorization by reference": {"headers": {"AUTHORIZATION": "Bearer ${input.t}"}},
    "cookie": {"headers": {"cookie": "session=hunter2"}},
    "proxy": {"headers": {"Proxy-Authorization": "Basic hunter2"}},
    "api key": {"headers": {"X-API-Key": "hunter2"}},
    "api key in one word": {"headers": {"apikey": "hunter2"}},
    "token": {"headers": {"PRIVATE-TOKEN": "hunter2"}},
    "camel case": {"headers": {"X-GitlabToken": "hunter2"}},
    "query": {"query": {"access_token": "hunter2"}},
    "query of the url": {"url": "https://api.example.com/?a=1&api_key=hunter2"},
    "number": {"query": {"password": 1234}},
    "field of the body": {"json": {"user": "ada", "password": "hunter2"}},
    "field inside the body": {"json": [{"login": {"clientSecret": "hunter2"}}]},
    "user in the url": {"url": "https://ada:hunter2@example.com/"},
    "token in the url": {"url": "HTTPS://hunter2@example.com/"},
    "user by reference": {"url": "https://ada:${input.t}@example.com/"},
}


@pytest.mark.parametrize("fields", EXPOSED.values(), ids=EXPOSED)
@pytest.mark.parametrize("is_body", [False, True], ids=["step", "body of a map"])
def test_credential_in_a_definition_is_refused_and_not_shown(fields, is_body):
    text = http_step(**fields)
    if is_body:
        data = json.loads(text)
        (step,) = data["steps"]
        step.pop("key")
        data["steps"] = [{"key": "a", "kind": "map", "over": [1], "body": step}]
        text = json.dumps(data)
    with pytest.raises(InvalidDefinitionError, match=r"step 'a': .*secret_headers instead") as caught:
        load_definition(text)
    assert [problem.kind for problem in caught.value.problems] == ["exposed_credential"]
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"headers": {"Idempotency-Key": "k", "X-Key": "k", "Accept": "a", "Author": "Ada", "X-Api-Version": "2"}},
        {"headers": {"X-Device-Token": "${input.t}"}, "query": {"token": "${input.t}", "q": "secret", "key": "a"}},
        {"query": {"nextToken": "abc", "page_token": "abc", "continuation-token": "abc", "password": ""}},
        {"url": "https://example.com/@ada?mail=ada@example.com"},
        {"secret_headers": {"Authorization": "token"}},
        {"json": {"password": "${input.t}", "max_tokens": 500, "token": 5, "nextToken": "abc", "auth": True}},
        {"json": {"token_type": "bearer", "password_hint": "pet", "text": "password: hunter2", "secret": ""}},
    ],
)
def test_request_without_a_written_credential_is_accepted(fields):
    assert load_definition(http_step(**fields)).steps


@pytest.mark.parametrize(
    "word",
    [
        "type",
        "url",
        "uri",
        "name",
        "hint",
        "policy",
        "method",
        "mode",
        "kind",
        "format",
        "algorithm",
        "length",
        "id",
        "count",
        "limit",
        "expiry",
        "expires",
        "ttl",
        "status",
        "required",
        "enabled",
        "version",
    ],
)
def test_field_about_a_credential_is_accepted(word):
    assert load_definition(http_step(json={f"token_{word}": "hunter2"})).steps
    with pytest.raises(InvalidDefinitionError):
        load_definition(http_step(json={f"{word}_token": "hunter2"}))


def test_stored_version_with_a_credential_still_runs(desk, session, server):
    url = f"{server.url}/echo"
    data = json.loads(http_step(url=url, headers={"Authorization": "Bearer old"}))
    stored = parse_definition(data, is_stored=True)  # saved by a version that did not refuse it
    version = save_workflow(session, workspace_id=WORKSPACE_ID, definition=stored)
    start(session, workspace_id=WORKSPACE_ID, workflow=version.definition["name"], engine=desk.engine)
    desk.drive()
    assert sent(server)[0]["authorization"] == "Bearer old"


SPELLINGS = {
    "json": lambda text: json.dumps(text)[1:-1],
    "json twice": lambda text: json.dumps(json.dumps(text)),
    "escaped": lambda text: "".join(c if c.isalnum() else f"\\u{ord(c):04X}" for c in text),
    "repr": repr,
    "url": quote_plus,
    "url in json in html": lambda text: html.escape(json.dumps({"url": f"/?q={quote(text)}"})),
    "json in a url": lambda text: quote_plus(json.dumps([text])),
    "html in a url in json": lambda text: json.dumps(quote(html.escape(text))).replace("/", "\\/"),
    "url, lower case": lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
    "url twice": lambda text: quote(quote(text, safe="")),
    "html": html.escape,
    "html, numbers": lambda text: "".join(c if c.isalnum() else f"&#{ord(c)};" for c in text),
    "upper case": str.upper,
    "lower case": str.lower,
    "hexadecimal": lambda text: text.encode().hex(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 with a scheme": lambda text: base64.urlsafe_b64encode(f"Bearer {text}".encode()).decode(),
    "base64 of a pair": lambda text: base64.b64encode(f"user:{text}:x".encode()).decode(),
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@settings(max_examples=10)
@given(secret=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=40))
def test_secret_is_hidden_in_every_spelling(secret, spell):
    shown = hide(f"-{spell(secret)}-", [secret])
    assert HIDDEN in shown
    rest = "".join(c for c in shown.replace(HIDDEN, "") if c not in "-'\"\\")
    assert len(rest) <= len(spell("")) + 16  # of Base64, the characters that hold other bytes too


HOSTILE = """
import resource
from controlplane.execution.redaction import hide

resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
for secret in ('"quoted', "\\\\" * 5 + "x", "%&;&;&;&;"):
    for part in ("\\\\", "\\\\x", "%25", "%41", "&amp;", "amp;", "&#0", "&quot;", "+"):
        hide("&" + part * (50_000 // len(part)), [secret])
"""


def test_hostile_answer_is_searched_in_linear_time():
    done = subprocess.run([sys.executable, "-c", HOSTILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_password_of_basic_authentication_is_hidden():
    secret = base64.b64encode(b"user:pa55word").decode()
    assert hide({"user": "user", "with": "pa55word"}, [secret]) == {"user": "user", "with": HIDDEN}


def test_secret_in_a_redirect_is_hidden_before_it_is_shortened(desk, session, server, monkeypatch):
    value = "Ab" * 200
    monkeypatch.setenv("PAYMENT_TOKEN", value)
    for target in (f"http://{value[:60]}.test/", f"http://x:{value}", f"{value}://x"):
        monkeypatch.setenv("PAYMENT_TOKEN", value[:60] if ".test" in target else value)
        desk.launch(CALL % f"{server.url}/redirect/302?to={target.replace('Ab', '%41b')}", stop_on_entry=False)
    found = [text for (text,) in session.execute(sa.text("SELECT error_message FROM workflow_step_execution"))]
    assert len(found) == 3
    assert not [text for text in found if "abab" in text.lower()]


def test_secret_that_a_later_answer_returns_is_hidden(desk, session, server):
    name = quote(quote(VALUE, safe=""), safe="")
    desk.run(
        f"{{name: later, steps: [{{key: call, kind: http, url: '{server.url}/redirect/302?to=/echo?q={name}'}}]}}"
    )
    output = session.execute(sa.text("SELECT output FROM workflow_step_execution")).scalar_one()
    assert HIDDEN in str(output)
    assert VALUE not in str(output)


def test_secret_in_the_error_of_an_action_is_hidden(desk, session):
    def pay(_parameters, *, idempotency_key):
        raise ValueError(f"declined for {VALUE}")

    with actions.registered(pay=pay):
        desk.run("{name: act, steps: [{key: call, kind: task, action: pay}]}")
    message = session.execute(sa.text("SELECT error_message FROM workflow_step_execution")).scalar_one()
    assert message == f"declined for {HIDDEN}"


@pytest.mark.parametrize(
    ("text", "secrets", "shown"),
    [
        ("x abcdef abcdef y", ["abcdef"], f"x {HIDDEN} {HIDDEN} y"),
        ("abcdefabcdef", ["abcdef"], HIDDEN * 2),
        ("-abcdefgh-", ["abcdef", "defgh"], f"-{HIDDEN}-"),
        ("-abcdefgh-", ["abcdefgh", "cde"], f"-{HIDDEN}-"),
    ],
)
def test_secrets_that_repeat_or_overlap_are_hidden_whole(text, secrets, shown):
    assert hide(text, secrets) == shown


def test_text_other_than_the_secret_is_kept():
    answer = {"a": ["s3cret", 1, None, True], "s3cret!": {"b": "other"}}
    assert hide(answer, ["s3cret"]) == {"a": [HIDDEN, 1, None, True], f"{HIDDEN}!": {"b": "other"}}
    assert hide(answer, []) == answer


def test_filter_of_secret_requests_is_on_the_loggers_of_the_library_alone():
    loggers = logging.root.manager.loggerDict.items()
    filtered = {name for name, logger in loggers if _is_loggable in getattr(logger, "filters", ())}
    assert {name.partition(".")[0] for name in filtered} == set(LIBRARIES)


def test_http_library_logs_requests_without_secrets_as_before(desk, server, caplog):
    caplog.set_level(logging.DEBUG)
    desk.run(f"{{name: plain, steps: [{{key: call, kind: http, url: '{server.url}/echo'}}]}}")
    assert "receive_response_headers.complete" in caplog.text
    caplog.clear()
    desk.run(CALL % f"{server.url}/echo")
    assert "receive_response_headers" not in caplog.text
