"""Rows in a file: backups of everything, archives of ended executions, and reading both again."""

from __future__ import annotations

from controlplane.archiving.backup import backup
from controlplane.archiving.execution_archive import ArchiveResult, archive
from controlplane.archiving.restore import restore

__all__ = ["ArchiveResult", "archive", "backup", "restore"]
