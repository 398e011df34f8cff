"""Rows in a file: backups of everything, archives of ended executions, and reading both again."""

from __future__ import annotations

from controlplane.archiving.execution_archive import ArchiveResult, archive
from controlplane.archiving.file_import import restore
from controlplane.archiving.full_backup import backup

__all__ = ["ArchiveResult", "archive", "backup", "restore"]
