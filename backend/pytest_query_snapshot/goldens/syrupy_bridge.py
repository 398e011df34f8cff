"""How goldens sit in syrupy: its options and its summary are used, its discovery and deletion never are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syrupy.assertion import AssertionResult, SnapshotAssertion
from syrupy.data import SnapshotCollection, SnapshotCollections
from syrupy.extensions.base import AbstractSyrupyExtension
from syrupy.location import PyTestLocation

from pytest_query_snapshot.goldens import files

if TYPE_CHECKING:
    import pytest

    from pytest_query_snapshot.goldens.comparison import Comparison


class GoldenExtension(AbstractSyrupyExtension):
    """Golden files as syrupy sees them. An index is the whole path of a golden."""

    write_immediately = True

    def serialize(self, data: Any, **_options: Any) -> str:
        """Take the text as it is: it was rendered before."""
        return str(data)

    @classmethod
    def get_location(cls, *, test_location: PyTestLocation, index: Any) -> str:  # noqa: ARG003  syrupy's signature
        """Return the path of a golden."""
        return str(index)

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: Any = 0) -> str:
        """Name a golden after its test and path."""
        return f"{test_location.snapshot_name}[{os.path.basename(str(index))}]"  # noqa: PTH119

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:  # noqa: ARG003
        """Say yes without looking: the path was made from the test."""
        return True

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        """Return a place per test module, for syrupy to remember that it has looked there."""
        return test_location.filepath

    def discover_snapshots(self, **_facts: Any) -> SnapshotCollections:
        """Find nothing: what is not found can't be called unused, nor deleted."""
        return SnapshotCollections()

    def delete_snapshots(self, **_facts: Any) -> None:
        """Delete nothing; `query-snapshot prune` does, after a whole run."""

    def read_snapshot_collection(self, *, snapshot_location: str) -> SnapshotCollection:
        """Return an empty collection, since nothing is discovered."""
        return SnapshotCollection(location=snapshot_location)

    def read_snapshot_data_from_location(
        self,
        *,
        snapshot_location: str,
        snapshot_name: str,  # noqa: ARG002  syrupy's signature
        session_id: str,  # noqa: ARG002  syrupy's signature
    ) -> str | None:
        """Read a golden."""
        return files.read(snapshot_location)

    @classmethod
    def write_snapshot_collection(
        cls,
        *,
        snapshot_collection: SnapshotCollection,
        name_order: dict[str, int] | None = None,  # noqa: ARG003
    ) -> None:
        """Write a golden, whole or not at all."""
        for snapshot in snapshot_collection:
            files.write(Path(snapshot_collection.location), str(snapshot.data))


class GoldenAssertion(SnapshotAssertion):
    """The comparisons of one test, in syrupy's books."""

    @classmethod
    def of(cls, item: pytest.Item) -> GoldenAssertion:
        """Open the books of a test."""
        config: Any = item.config
        return cls(
            update_snapshots=config.option.update_snapshots,
            update_new_snapshots_only=config.option.update_new_snapshots_only,
            extension_class=GoldenExtension,
            test_location=PyTestLocation(item),
            session=config._syrupy,  # noqa: SLF001  where syrupy's own fixture finds it
        )

    def write(self, comparison: Comparison) -> None:
        """Store what was received."""
        self.session.queue_snapshot_write(
            extension=self.extension,
            test_location=self.test_location,
            data=comparison.received,
            index=str(comparison.path),
        )

    def enter(self, comparison: Comparison) -> None:
        """Put an outcome in the books."""
        index = str(comparison.path)
        self._execution_results[self._executions] = AssertionResult(
            snapshot_location=index,
            snapshot_name=self.extension.get_snapshot_name(test_location=self.test_location, index=index),
            asserted_data=comparison.received,
            recalled_data=comparison.base,
            created=comparison.outcome == "written",
            updated=comparison.outcome == "updated",
            success=not comparison.failed,
            exception=None,
            test_location=self.test_location,
        )
        self._executions += 1
