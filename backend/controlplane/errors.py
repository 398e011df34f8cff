"""Every error that the control plane raises.

ControlPlaneError
├── InvalidValueError             a field holds an invalid value
├── NotFoundError                 no such record in this workspace
│   └── UnknownNameError              no workspace or person of this name at all
├── NotAuthorizedError            this person may not do this here
├── RefusedError                  governance does not let this agent do this now
├── UnknownActionError            no action of this name is registered
├── UnusableDatabaseError         no connection, or not a database of ours
│   └── SchemaError                   its schema is not the one that this code needs
├── ArchiveError                  a file of archived rows can't be read, or its rows don't fit here
├── ExpiredError                  it waited too long
├── LastOwnerError               a workspace would be left without an active owner
├── AppendOnlyError               the rows of a trail never change
├── CanvasClosedError             a closed canvas can't be changed
├── DefinitionError               a workflow definition is refused
│   ├── UnreadableDefinitionError     the text is not YAML or JSON data within the limits
│   └── InvalidDefinitionError        the data are not a workflow that can run
├── ExpressionError               a condition is broken, or does not fit the data
├── HttpError                     a request of a step was refused or failed
│   ├── InvalidRequestError           it can't be sent as it is
│   ├── ForbiddenHostError            the host is not on the allow-list
│   ├── ForbiddenAddressError         the host is at an address that may not be reached
│   ├── HttpConnectionError           the host does not answer (retryable)
│   ├── HttpCertificateError          the certificate of the host is not accepted
│   ├── HttpDeadlineError             it took too long (retryable)
│   ├── HttpProtocolError             the answer is not accepted
│   ├── ResponseTooLargeError         the answer is larger than allowed
│   ├── TooManyRedirectsError         the request is redirected too often
│   ├── MissingSecretError            a secret that it needs is not there
│   └── UnexpectedStatusError         the answer has another status (retryable by status)
├── InvalidReferenceError         a `${..}` that is not a reference
├── MissingReferenceError         a `${..}` that leads nowhere: the execution is paused
├── ValueTooLargeError            a value made of references is larger than allowed
├── LeaseLostError                the step was leased to another worker, or has ended
├── StepTimeoutError              a step took longer than it may
├── AbandonedStepsError           too many steps that timed out still run in this worker
└── TransitionError               a record can't make this transition
    ├── IllegalTransitionError    the table has no such arrow
    │   └── TooLateError          the run of an intervention has ended
    └── LostRaceError             another transaction moved the record first

The facts of an error are its attributes, and fill in the format that is its class's `message`.
"""

from __future__ import annotations

from typing import Any, ClassVar


class ControlPlaneError(Exception):
    """The control plane refused; the base of its errors."""

    message: ClassVar[str] = "The control plane refused: {facts}."
    """The message, a format of the facts."""

    def __init__(self, **facts: Any) -> None:
        self.__dict__.update(facts)
        self.facts = facts
        super().__init__(self._message())

    def _message(self) -> str:
        return type(self).message.format(facts=self.facts, **self.facts)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.facts))


def _rebuild(kind: type[ControlPlaneError], facts: dict[str, Any]) -> ControlPlaneError:
    """Unpickle an error: its constructor takes keywords only."""
    return kind(**facts)


class InvalidValueError(ControlPlaneError):
    """A field holds an invalid value."""

    message = "{field} can't be {shown}: {rule}."

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
    """No such record in this workspace."""

    message = "There is no {record} {id} in this workspace."


class UnknownNameError(NotFoundError):
    """No workspace or person of this name at all."""

    message = "There is no {record} {id}."


class NotAuthorizedError(ControlPlaneError):
    """This person may not do this here."""

    message = "{actor} may not {action}: {reason}."


class LastOwnerError(ControlPlaneError):
    """A workspace would be left without an active owner."""

    message = "User {user_id} is the last active owner of workspace {workspace_id}."


class AppendOnlyError(ControlPlaneError):
    """The rows of a trail never change."""

    message = "{record} can't be changed: it is append-only."


class CanvasClosedError(ControlPlaneError):
    """A closed canvas can't be changed."""

    message = "canvas {id} is closed."


class DefinitionError(ControlPlaneError):
    """A workflow definition is refused."""

    message = "The definition is refused: {facts}."


class UnreadableDefinitionError(DefinitionError):
    """The text is not YAML or JSON data within the limits."""

    message = "The definition can't be read: {problem}{place}."


class InvalidDefinitionError(DefinitionError):
    """The data are not a workflow that can run."""

    message = "The definition {name!r} is not valid."

    def _message(self) -> str:
        return "\n  ".join([super()._message(), *map(str, self.facts["problems"])])


class ExpressionError(ControlPlaneError):
    """A condition is broken, or does not fit the data."""

    message = "The expression {expression!r} can't be evaluated: {problem}."


class HttpError(ControlPlaneError):
    """A request of a step was refused or failed."""

    message = "The request failed: {facts}."

    retryable = False

    def _message(self) -> str:
        # shortened here and not where it is raised: of a secret that was cut, its first half could not be found
        shown = {name: _excerpt(fact) for name, fact in self.facts.items()}
        return type(self).message.format(facts=shown, **shown)


def _excerpt(fact: Any) -> Any:
    """Return the beginning of a text from elsewhere."""
    return fact[:300] + "…" if isinstance(fact, str) and len(fact) > 300 else fact  # noqa: PLR2004  some lines


class InvalidRequestError(HttpError):
    """It can't be sent as it is."""

    message = "The request can't be sent: {problem}."


class MissingSecretError(HttpError):
    """A secret that it needs is not there."""

    message = "The secret {secret} of the workspace {workspace} can't be used: {problem}."


class SecretHostError(HttpError):
    """A secret may not be sent to this host."""

    message = "The secret {secret} of the workspace {workspace} may be sent to {hosts}, not to {host}."


class ForbiddenHostError(HttpError):
    """The host is not on the allow-list."""

    message = "The host {host} is not on the allow-list; --allow-host {host} adds it."


class ForbiddenAddressError(HttpError):
    """The host is at an address that may not be reached."""

    message = "The host {host} is at {address}, which is not public; --allow-network allows a private network."


class HttpConnectionError(HttpError):
    """The host does not answer (retryable)."""

    message = "Could not connect to {host}: {problem}."

    retryable = True


class HttpCertificateError(HttpError):
    """The certificate of the host is not accepted."""

    message = "The certificate of {host} is not accepted: {problem}."


class HttpDeadlineError(HttpError):
    """It took too long (retryable)."""

    message = "The request took longer than {seconds:g} s."

    retryable = True


class HttpProtocolError(HttpError):
    """The answer is not accepted."""

    message = "The answer is not accepted: {problem}."


class ResponseTooLargeError(HttpError):
    """The answer is larger than allowed."""

    message = "The answer is larger than {limit} bytes."


class TooManyRedirectsError(HttpError):
    """The request is redirected too often."""

    message = "More than {limit} redirects from {url}."


class UnexpectedStatusError(HttpError):
    """The answer has another status (retryable by status)."""

    message = "The answer of {url} has the status {status}."


class InvalidReferenceError(ControlPlaneError):
    """A `${..}` that is not a reference."""

    message = "${{{reference}}} is not a reference."


class MissingReferenceError(ControlPlaneError):
    """A `${..}` that leads nowhere: the execution is paused."""

    message = "${{{reference}}} is not defined."


class ValueTooLargeError(ControlPlaneError):
    """A value made of references is larger than allowed."""

    message = "{what} would hold more than {limit} characters of JSON."


class RefusedError(ControlPlaneError):
    """Governance does not let this agent do this now."""

    message = "Agent {agent_id} may not {action}: {reason}."


class UnknownActionError(ControlPlaneError):
    """No action of this name is registered."""

    message = (
        "Action {action!r} is not registered; known actions: {known}. "
        "--actions FILE or CONTROLPLANE_ACTIONS registers more."
    )


class UnusableDatabaseError(ControlPlaneError):
    """A database that can't be connected to or read."""

    message = "The database {database} can't be used: {problem}."


class SchemaError(UnusableDatabaseError):
    """A database whose schema is not the one that this code needs."""


class ArchiveError(ControlPlaneError):
    """A file of archived rows that can't be written, read or taken in."""

    message = "The file {file} can't be used: {problem}."


class ExpiredError(ControlPlaneError):
    """It waited too long."""

    message = "{record} {id} expired at {expired_at}."


class LeaseLostError(ControlPlaneError):
    """The step was leased to another worker, or has ended."""

    message = "The lease of step {step} of execution {execution_id} was lost; the result was discarded."


class StepTimeoutError(ControlPlaneError):
    """A step took longer than it may."""

    message = "It took longer than {seconds:g} s."

    retryable = True


class AbandonedStepsError(ControlPlaneError):
    """Too many steps that timed out still run in this worker."""

    message = "{count} steps that timed out still run in this worker: no step with a timeout can start here."

    retryable = True


class TransitionError(ControlPlaneError):
    """A record can't make this transition."""

    message = "{record} {id} can't go from {from_status} to {to_status}."


class IllegalTransitionError(TransitionError):
    """The table has no such arrow."""

    message = "{record} {id} can't go from {from_status} to {to_status}: no such transition."

    def _message(self) -> str:
        if self.facts["from_status"] == self.facts["to_status"]:
            return f"{self.facts['record']} {self.facts['id']} is already {self.facts['to_status']}."
        return super()._message()


class TooLateError(IllegalTransitionError):
    """The run that an intervention is about has ended."""

    message = "It is too late to {act}: {record} {id} is {from_status}."


class LostRaceError(TransitionError):
    """Another transaction moved the record first."""

    message = "{record} {id} can't go from {from_status} to {to_status}: it was changed concurrently."
