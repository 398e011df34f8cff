"""Hosts as lists of them are written: names, suffixes, and ports. No HTTP library is imported here."""

from __future__ import annotations

DEFAULT_PORTS = {"http": 80, "https": 443}


def matches_host(entry: str, host: str, port: int) -> bool:
    """Return whether an entry of `HttpPolicy.allowed_hosts` means this host, in lower case, and this port."""
    name, ports = entry.lower(), ""
    if name.count(":") == 1 or name.startswith("["):
        name, _, ports = name.rpartition(":") if not name.endswith("]") else (name, "", "")
    name = name.strip("[]")
    fits = port in DEFAULT_PORTS.values() if not ports else ports in ("*", str(port))
    if name == "*":
        return fits
    return fits and (host.endswith(name[1:]) if name.startswith("*.") else host == name)
