"""Statements that leave something on a connection, and statements that change more than the database."""

from __future__ import annotations

import re
from functools import lru_cache

from pytest_query_snapshot.databases.project_line import project_line
from pytest_query_snapshot.errors import RefusedError

_GAP = r"(?:\s|--[^\n]*\n|/\*.*?\*/|;)*"
# settings, prepared statements, channels and temporary tables stay on a pooled connection
_STAYS = re.compile(
    rf"{_GAP}(?:SET\b(?!\s+(?:LOCAL|TRANSACTION|CONSTRAINTS)\b)|PREPARE\b(?!\s+TRANSACTION)|LISTEN\b|PRAGMA\b"
    rf"|LOAD\b|ATTACH\b|DETACH\b|DECLARE\b.*\bWITH\s+HOLD\b|CREATE\s+(?:LOCAL\s+|GLOBAL\s+)?TEMP)"
    r"|.*\bset_config\s*\(|.*\bINTO\s+TEMP|.*\bpg_advisory_lock",
    re.IGNORECASE | re.DOTALL,
)
_SERVER_WIDE = re.compile(
    rf"{_GAP}(PREPARE\s+TRANSACTION|COMMIT\s+PREPARED|ROLLBACK\s+PREPARED"
    r"|(?:CREATE|ALTER|DROP)\s+(?:ROLE|USER(?!\s+MAPPING)|GROUP|DATABASE|TABLESPACE)|ALTER\s+SYSTEM)\b",
    re.IGNORECASE | re.DOTALL,
)


class SessionStatements:
    """Classifies each text once."""

    def check(self, statement: str) -> bool:
        """Return whether the statement leaves something on its connection. Raises RefusedError."""
        stays, refused = _classify(statement)
        if refused:
            raise RefusedError(
                refused,
                "it belongs to the whole server or outlives every connection, so the isolation mode connections "
                "can't undo it",
                project_line(),
            )
        return stays


@lru_cache(maxsize=4096)
def _classify(statement: str) -> tuple[bool, str]:
    refused = _SERVER_WIDE.match(statement)
    return _STAYS.match(statement) is not None, " ".join(refused.group(1).upper().split()) if refused else ""
