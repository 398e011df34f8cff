"""The headers of an http step whose values are secrets; what stands in their place is never shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from controlplane.execution.definition.problems import Problem, ProblemKind
from controlplane.execution.definition.steps import Definition, HttpStep, MapStep
from controlplane.execution.secrets import SecretHeader

if TYPE_CHECKING:
    from controlplane.execution.definition.fields import Fields
    from controlplane.execution.secrets import Secrets

MAX_NAME = 100
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# what goes along to another origin, or is not the caller's to set
_NO_SECRETS = (
    *("accept", "content-type", "user-agent", "host", "content-length", "transfer-encoding", "connection"),
    *("accept-encoding", "upgrade", "te", "idempotency-key"),
)


def read_secret_headers(fields: Fields) -> tuple[SecretHeader, ...]:
    """Take `secret_headers`: each header has the name of a secret, or `{secret: name, scheme: Bearer}`."""
    plain = {name.lower() for name in fields.mapping("headers") if isinstance(name, str)}
    found: dict[str, SecretHeader] = {}
    for name, given in fields.mapping("secret_headers").items():
        if not isinstance(name, str) or not _TOKEN.fullmatch(name) or name.lower() in _NO_SECRETS:
            fields.note(f"secret_headers: {str(name)[:MAX_NAME]!r} is not a header for a secret")
            continue
        made = _secret_header(name, given)
        if made is None:
            fields.note(f"secret_headers.{name} must be the name of a secret, or {{secret: name, scheme: Bearer}}")
        elif name.lower() in plain or name.lower() in found:
            fields.note(f"the header {name} is given twice")
        else:
            found[name.lower()] = made
    return tuple(found.values())


def _secret_header(header: str, given: Any) -> SecretHeader | None:
    parts = given if isinstance(given, Mapping) else {"secret": given}
    secret, scheme = parts.get("secret"), parts.get("scheme")
    fits = set(parts) <= {"secret", "scheme"} and (scheme is None or _matches(_TOKEN, scheme))
    return (
        SecretHeader(header=header, secret=str(secret), scheme=scheme)
        if fits and _matches(_NAME, secret)
        else None
    )


def _matches(pattern: re.Pattern[str], text: Any) -> bool:
    return isinstance(text, str) and len(text) <= MAX_NAME and pattern.fullmatch(text) is not None


def has_secrets(definition: Definition) -> bool:
    """Return whether a step of a definition needs a secret."""
    return any(True for _ in _secrets_of(definition))


def missing_secrets(definition: Definition, *, secrets: Secrets, workspace: str) -> list[Problem]:
    """Return a problem for each secret that a step needs and that can't be read, or not be sent to its host."""
    return [
        Problem(ProblemKind.MISSING_SECRET, key, problem)
        for key, name, url in dict.fromkeys(_secrets_of(definition))
        if (problem := secrets.problem(workspace=workspace, name=name, url=url)) is not None
    ]


def _secrets_of(definition: Definition) -> list[tuple[str, str, str]]:
    parts = [(step.key, step.body if isinstance(step, MapStep) else step) for step in definition.steps]
    steps = [(key, part) for key, part in parts if isinstance(part, HttpStep)]
    return [(key, one.secret, part.url) for key, part in steps for one in part.secret_headers]
