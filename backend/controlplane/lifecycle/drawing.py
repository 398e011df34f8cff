"""The transition tables as pictures; `python -m controlplane.lifecycle.drawing FILE` redraws a document."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
import sys
from pathlib import Path
from typing import Any

import controlplane
from controlplane.lifecycle.table import Lifecycle

BEGIN, END = "<!-- lifecycles: drawn from the code -->", "<!-- end of lifecycles -->"


def every_lifecycle() -> tuple[Lifecycle[Any], ...]:
    """Return the lifecycles of all slices, sorted by the kind of record they are of."""
    found = {}
    for package in pkgutil.iter_modules(controlplane.__path__, "controlplane."):
        name = f"{package.name}.lifecycle"
        if package.ispkg and importlib.util.find_spec(name) is not None:
            members = vars(importlib.import_module(name)).values()
            found.update({item.kind: item for item in members if isinstance(item, Lifecycle)})
    return tuple(found[kind] for kind in sorted(found))


def drawings() -> str:
    """Draw all lifecycles as Mermaid state diagrams in Markdown."""
    return "\n\n".join(f"### {item.kind}\n\n```mermaid\n{item.mermaid()}\n```" for item in every_lifecycle())


def redraw(document: str) -> str:
    """Return a Markdown document with its drawings, between the two markers, redrawn."""
    section = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not section.search(document):
        raise ValueError(f"the document has no {BEGIN!r} with {END!r} after it")
    return section.sub(lambda _: f"{BEGIN}\n\n{drawings()}\n\n{END}", document)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(redraw(path.read_text(encoding="utf-8")), encoding="utf-8")
