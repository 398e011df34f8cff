"""Many tests of every kind in random order on two workers: after each, the database is as before the first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

TESTS = 80  # 2,000 of them run in `python -m tests.bench isolation`


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_digest_is_equal_after_each_of_many_tests(pytester, monkeypatch, database, request):
    shutil.copytree(Path(__file__).parent / "many", pytester.path, dirs_exist_ok=True)
    monkeypatch.setenv("MANY_TESTS", str(TESTS))
    options = () if database == "sqlite" else (f"--database-url={request.getfixturevalue('postgresql_url')}",)
    result = pytester.runpytest_subprocess(*options, "-n2")
    result.assert_outcomes(passed=TESTS)
    result.stdout.fnmatch_lines(["*left a transaction open*"])
