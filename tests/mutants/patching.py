"""A changed function or constant in the place of the real one, in every module that holds it."""

from __future__ import annotations
import __future__

import gc
import sys
from contextlib import contextmanager
from types import FunctionType

from sqlalchemy import Engine

PACKAGE = "controlplane.analytics"


@contextmanager
def applied(mutant):
    """Let the loaded modules run a mutant."""
    place(mutant.module, mutant.function, mutant.source)
    try:
        yield
    finally:
        place(mutant.module, mutant.function, mutant.original)


@contextmanager
def taken_back(mutant):
    """Let the loaded modules run the original again for a while."""
    place(mutant.module, mutant.function, mutant.original)
    try:
        yield
    finally:
        place(mutant.module, mutant.function, mutant.source)


def place(module_name: str, name: str, source: str) -> None:
    """Run a top-level statement again and replace its result everywhere it is held.

    Tests and other modules hold the functions that they imported, so a function keeps its identity and changes its
    code. What SQLAlchemy compiled before is forgotten: a changed way to compile does not show in its cache keys.
    """
    module = sys.modules[f"{PACKAGE}.{module_name}"]
    space = dict(vars(module))
    code = compile(
        source, f"<{module_name}.{name}>", "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True
    )
    exec(code, space)
    real, changed = vars(module).get(name), space.get(name)
    if name == "_":  # its decorator has registered it
        for engine in (each for each in gc.get_objects() if isinstance(each, Engine)):
            engine.clear_compiled_cache()
    elif isinstance(real, FunctionType):
        real.__code__, real.__kwdefaults__ = changed.__code__, changed.__kwdefaults__
    else:
        _hold(real, changed)


def _hold(old, new) -> None:
    """Give every module and every default that holds a constant the new one."""
    for holder in [each for name, each in sys.modules.items() if name.startswith(PACKAGE)]:
        for name, value in list(vars(holder).items()):
            if value is old:
                setattr(holder, name, new)
            elif isinstance(value, FunctionType) and value.__kwdefaults__:
                defaults = value.__kwdefaults__.items()
                value.__kwdefaults__ = {option: new if kept is old else kept for option, kept in defaults}
