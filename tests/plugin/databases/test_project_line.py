from __future__ import annotations

import pytest

from pytest_query_snapshot.databases.project_line import project_line, project_lines


def _call_from(folder):
    """Call a function as a package in a folder would."""
    found = {}
    exec(compile("def call(function):\n    return function()\n", f"{folder}/package/module.py", "exec"), found)
    return found["call"]


@pytest.mark.parametrize("folder", ["/other/lib/python3.13/site-packages", "/usr/lib/python3/dist-packages"])
def test_line_is_the_projects_below_packages_of_any_environment(folder):
    assert "test_project_line.py:" in _call_from(folder)(project_line)


def test_line_in_a_folder_of_a_like_name_is_the_projects():
    call = _call_from("/project/my-site-packages")
    assert call(project_line) == "/project/my-site-packages/package/module.py:2"
    assert call(project_lines)[0] == "/project/my-site-packages/package/module.py:2"
