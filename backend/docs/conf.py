"""The documentation site: `make docs` builds it, strict about links, readable from disk."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "pytest-query-snapshot"
release = metadata.version("pytest-query-snapshot")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "reference", "controlplane_reference"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "pytest-query-snapshot and controlplane"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
exclude_patterns = ["_extensions"]
autodoc_member_order = "bysource"
autodoc_typehints = "description"
nitpicky = False
suppress_warnings = ["myst.header"]
