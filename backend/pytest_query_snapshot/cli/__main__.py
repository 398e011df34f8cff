"""`python -m pytest_query_snapshot.cli`."""

from __future__ import annotations

import sys

from pytest_query_snapshot.cli.main import main

sys.exit(main())
