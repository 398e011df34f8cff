"""The runs of each day added up, for questions over long windows; see `analytics.rollup`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from controlplane.models.agent_execution import ExecutionStatus
from controlplane.models.declarative import AgentId, Base, Id, Timestamp, WorkspaceId


class ExecutionDay(Base):
    """Runs of one agent, asked for on one day (UTC), of one status; `seconds` is the sum of the `timed` ones."""

    __tablename__ = "execution_day"
    __table_args__ = (
        CheckConstraint("runs >= 1", name="runs"),
        CheckConstraint("timed >= 0", name="timed"),
        CheckConstraint("seconds >= 0", name="seconds"),
    )

    workspace_id: Mapped[WorkspaceId] = mapped_column(primary_key=True)
    day: Mapped[datetime] = mapped_column(primary_key=True)
    agent_id: Mapped[AgentId] = mapped_column(primary_key=True)
    status: Mapped[ExecutionStatus] = mapped_column(primary_key=True)
    runs: Mapped[int]
    timed: Mapped[int]
    seconds: Mapped[float]


class ExecutionDayBuilt(Base):
    """A day that was added up, also one without runs; without this row its runs are read themselves."""

    __tablename__ = "execution_day_built"

    workspace_id: Mapped[WorkspaceId] = mapped_column(primary_key=True)
    day: Mapped[datetime] = mapped_column(primary_key=True)
    built_at: Mapped[Timestamp]


class ExecutionDayChange(Base):
    """A day whose runs changed since it was added up; written by triggers, so no writer can forget it.

    A log and not a flag: writers of one day don't wait for each other.
    """

    __tablename__ = "execution_day_change"
    __table_args__ = (Index(None, "workspace_id", "day"),)

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    day: Mapped[Timestamp]


class ExecutionDayLevel(Base):
    """Runs under way on a past day (UTC): at most `peak` concurrently, together for `busy` microseconds.

    Without this row the level is made from the runs themselves.
    """

    __tablename__ = "execution_day_level"
    __table_args__ = (CheckConstraint("peak >= 0", name="peak"), CheckConstraint("busy >= 0", name="busy"))

    workspace_id: Mapped[WorkspaceId] = mapped_column(primary_key=True)
    day: Mapped[datetime] = mapped_column(primary_key=True)
    peak: Mapped[int]
    busy: Mapped[int] = mapped_column(BigInteger)
    built_at: Mapped[Timestamp]


class ExecutionLevelChange(Base):
    """A span in which the number of runs under way changed, open without `until`; written by triggers."""

    __tablename__ = "execution_level_change"
    __table_args__ = (Index(None, "workspace_id", "since", "until"),)

    id: Mapped[Id]
    workspace_id: Mapped[WorkspaceId]
    since: Mapped[Timestamp]
    until: Mapped[datetime | None]
