"""The same small world as the golden suite's."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_path = Path(__file__).parents[2] / "golden" / "governance" / "conftest.py"
_spec = importlib.util.spec_from_file_location("governance_world", _path)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

world = _module.world
send_email = _module.send_email
