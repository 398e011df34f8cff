"""Every error that the control plane raises.

ControlPlaneError
├── InvalidValueError             a field holds what it must not
├── NotFoundError                 no such record in this workspace
│   └── UnknownNameError              no workspace or person of this name at all
├── NotAuthorizedError            this person may not do this here
├── RefusedError                  governance does not let this agent do this now
├── UnknownActionError            no action of this name is registered
├── ExpiredError                  it waited too long
├── LastOwnerError               a workspace would be left without an active owner
├── AppendOnlyError               the rows of a trail never change
├── CanvasClosedError             a closed canvas takes nothing more
├── DefinitionError               a workflow definition is refused
│   ├── UnreadableDefinitionError     the text is not YAML or JSON data within the limits
│   └── InvalidDefinitionError        the data are not a workflow that can run
├── ExpressionError               a condition is broken, or does not fit the data
├── HttpError                     a request of a step was refused or failed
│   ├── InvalidRequestError           it can't be sent as it is
│   ├── ForbiddenHostError            the host is not on the allow-list
│   ├── ForbiddenAddressError         the host is at an address that nobody may reach
│   ├── HttpConnectionError           nobody answers there (retryable)
│   ├── HttpCertificateError          who answers can't prove to be the host
│   ├── HttpDeadlineError             it took too long (retryable)
│   ├── HttpProtocolError             the answer is not one that we take
│   ├── ResponseTooLargeError         the answer is larger than allowed
│   ├── TooManyRedirectsError         it leads from one place to the next
│   └── UnexpectedStatusError         an answer, but not the one hoped for (retryable by status)
├── InvalidReferenceError         a `${..}` that is not a reference
├── MissingReferenceError         a `${..}` that leads nowhere: the execution waits for it
├── LeaseLostError                somebody else has the step now, or nobody may
├── StepTimeoutError              a step took longer than it may
├── AbandonedStepsError           too many steps that timed out still run in this worker
└── TransitionError               a record can't go where it was sent
    ├── IllegalTransitionError    the table has no such arrow
    └── LostRaceError             somebody else moved the record first

The docstring is the message; the facts are attributes.
"""

from __future__ import annotations

from typing import Any


class ControlPlaneError(Exception):
    """The control plane refused: {facts}."""

    def __init__(self, **facts: Any) -> None:
        self.__dict__.update(facts)
        self.facts = facts
        super().__init__(self._message())

    def _message(self) -> str:
        text = (type(self).__doc__ or "").strip().splitlines()[0]
        return text.format(facts=self.facts, **self.facts)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.facts))


def _rebuild(kind: type[ControlPlaneError], facts: dict[str, Any]) -> ControlPlaneError:
    """Unpickle an error: its constructor takes keywords only."""
    return kind(**facts)


class InvalidValueError(ControlPlaneError):
    """{field} can't be {shown}: {rule}."""

    def _message(self) -> str:
        return f"{self.facts['field']} can't be {_shown(self.facts['value'])}: {self.facts['rule']}."


def _shown(value: Any) -> str:
    """Return what fits a message of a value that may be of any size and depth."""
    try:
        text = repr(value)
    except RecursionError:
        text = f"a {type(value).__name__} nested too deep"
    return text if len(text) <= 500 else text[:500] + "…"  # noqa: PLR2004  some lines of a log


class NotFoundError(ControlPlaneError):
    """There is no {record} {id} in this workspace."""


class UnknownNameError(NotFoundError):
    """There is no {record} {id}."""


class NotAuthorizedError(ControlPlaneError):
    """{actor} may not {action}: {reason}."""


class LastOwnerError(ControlPlaneError):
    """User {user_id} is the last active owner of workspace {workspace_id}."""


class AppendOnlyError(ControlPlaneError):
    """{record} can't be changed: its rows are only ever added."""


class CanvasClosedError(ControlPlaneError):
    """canvas {id} is closed and takes nothing more."""


class DefinitionError(ControlPlaneError):
    """The definition is refused: {facts}."""


class UnreadableDefinitionError(DefinitionError):
    """The definition can't be read: {problem}{place}."""


class InvalidDefinitionError(DefinitionError):
    """The definition {name!r} is not valid."""

    def _message(self) -> str:
        return "\n  ".join([super()._message(), *map(str, self.facts["problems"])])


class ExpressionError(ControlPlaneError):
    """The expression {expression!r} can't be evaluated: {problem}."""


class HttpError(ControlPlaneError):
    """The request failed: {facts}."""

    retryable = False


class InvalidRequestError(HttpError):
    """The request can't be sent: {problem}."""


class ForbiddenHostError(HttpError):
    """The host {host} is not on the allow-list."""


class ForbiddenAddressError(HttpError):
    """The host {host} is at {address}, which may not be reached."""


class HttpConnectionError(HttpError):
    """There is no connection to {host}: {problem}."""

    retryable = True


class HttpCertificateError(HttpError):
    """The certificate of {host} is not accepted: {problem}."""


class HttpDeadlineError(HttpError):
    """The request took longer than {seconds:g} s."""

    retryable = True


class HttpProtocolError(HttpError):
    """The answer is not accepted: {problem}."""


class ResponseTooLargeError(HttpError):
    """The answer is larger than {limit} bytes."""


class TooManyRedirectsError(HttpError):
    """More than {limit} redirects from {url}."""


class UnexpectedStatusError(HttpError):
    """The answer of {url} has the status {status}."""


class InvalidReferenceError(ControlPlaneError):
    """${{{reference}}} is not a reference."""


class MissingReferenceError(ControlPlaneError):
    """${{{reference}}} leads to nothing."""


class RefusedError(ControlPlaneError):
    """Agent {agent_id} may not {action}: {reason}."""


class UnknownActionError(ControlPlaneError):
    """There is no action {action!r}; there are: {known}."""


class ExpiredError(ControlPlaneError):
    """{record} {id} expired at {expired_at}."""


class LeaseLostError(ControlPlaneError):
    """The lease of step {step} of execution {execution_id} is lost: its result is not taken."""


class StepTimeoutError(ControlPlaneError):
    """It took longer than {seconds:g} s."""

    retryable = True


class AbandonedStepsError(ControlPlaneError):
    """{count} steps that timed out still run in this worker: no step with a timeout can begin here."""

    retryable = True


class TransitionError(ControlPlaneError):
    """{record} {id} can't go from {from_status} to {to_status}."""


class IllegalTransitionError(TransitionError):
    """{record} {id} can't go from {from_status} to {to_status}: no such transition."""


class LostRaceError(TransitionError):
    """{record} {id} can't go from {from_status} to {to_status}: it has been moved meanwhile."""
