"""Steps that send an HTTP request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from controlplane.errors import HttpError, InvalidRequestError
from controlplane.execution.http import HttpPolicy, check_status, read_url, send, unlogged
from controlplane.execution.redaction import hide
from controlplane.execution.secrets import Place, Secrets
from controlplane.execution.steps.outcomes import Dispatch, StepContext, StepOutcome

if TYPE_CHECKING:
    from controlplane.execution.engine.config import Lease


def start_http(_context: StepContext) -> StepOutcome:
    """Have a worker send the request."""
    return Dispatch()


def send_request(lease: Lease, policy: HttpPolicy, secrets: Secrets) -> Any:
    """Send the request with its secrets; no output, error or log holds them, even if the server echoes them."""
    for one in lease.secret_headers:
        url = read_url(lease.input["url"])
        place = Place(url.scheme, url.host, url.port)
        secrets.check_place(place, workspace=lease.workspace, name=one.secret)
    read = {one: secrets.read(workspace=lease.workspace, name=one.secret) for one in lease.secret_headers}
    given = {name.lower() for name in lease.input["headers"]}
    if twice := [one.header for one in read if one.header.lower() in given]:
        raise InvalidRequestError(problem=f"the header {twice[0]} is given twice")
    own = {one.header: f"{one.scheme} {value}" if one.scheme else value for one, value in read.items()}
    sent = {**lease.input, "headers": {**lease.input["headers"], **own}}
    try:
        with unlogged(is_secret=bool(read)):
            response = send(policy=policy, timeout=lease.timeout, idempotency_key=lease.idempotency_key, **sent)
        check_status(response, expect=lease.expect)
    except HttpError as error:
        if not read:
            raise
        facts = {
            name: fact if isinstance(fact, int | float) else hide(fact, read.values())
            for name, fact in error.facts.items()
        }
        raise type(error)(**facts) from None  # without its cause, whose message may hold the header
    return hide(response.output, read.values())
