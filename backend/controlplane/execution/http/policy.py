"""The hosts and addresses that a request may reach. Pure: no name is resolved here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from controlplane.errors import ForbiddenAddressError, ForbiddenHostError, InvalidRequestError
from controlplane.execution.hosts import DEFAULT_PORTS, matches_host

Address = IPv4Address | IPv6Address

MAX_PORT = 65_535

# Special-purpose networks of the IANA registries that some Python versions call global, relays, and the one
# metadata service that lives at a public address (Azure's).
_REFUSED = tuple(
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/3"),
        *("168.63.129.16/32", "2001::/23", "2001:db8::/32", "3fff::/20"),
    )
)
_UNICAST = ip_network("2000::/3")
"""All of IPv6 that is routed between networks; addresses outside are local, a translator's, or unassigned."""
_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


@dataclass(frozen=True, kw_only=True)
class HttpPolicy:
    """The limits of every request.

    `allowed_hosts` holds names ("api.example.com"), names with a port ("api.example.com:8443", ":*" for any) and
    suffixes ("*.example.com"; "*" is every name). Without a port, 80 and 443 are meant. Empty allows nothing.
    `allowed_networks` are private networks that may be reached all the same. `timeout` (seconds) is the most that
    a request may take; a step can ask for less.
    """

    allowed_hosts: tuple[str, ...] = ()
    allowed_networks: tuple[str, ...] = ()
    timeout: float = 30.0
    max_response_bytes: int = 5_000_000
    max_redirects: int = 5

    def check_url(self, *, scheme: str, host: str, port: int | None, has_credentials: bool) -> None:
        """Raise unless the URL's scheme, host and port are allowed."""
        if scheme not in DEFAULT_PORTS:
            raise InvalidRequestError(problem=f"the scheme {scheme!r} is not http or https")
        if has_credentials:
            raise InvalidRequestError(problem="a URL must not hold a user or password")
        if port is not None and not 0 < port <= MAX_PORT:
            raise InvalidRequestError(problem=f"{port} is not a port")
        name = host.lower().rstrip(".")
        number = port or DEFAULT_PORTS[scheme]
        if not name or not any(matches_host(entry, name, number) for entry in self.allowed_hosts):
            raise ForbiddenHostError(host=f"{name}:{number}")

    def check_address(self, host: str, address: str) -> None:
        """Raise ForbiddenAddressError if the address, or one that it stands for, is not public or allowed."""
        for real in unwrapped(ip_address(address)):
            if not self._is_allowed(real):
                raise ForbiddenAddressError(host=host, address=address)

    def _is_allowed(self, address: Address) -> bool:
        if any(address in ip_network(network) for network in self.allowed_networks):
            return True
        if isinstance(address, IPv6Address) and address not in _UNICAST:
            return False
        return address.is_global and not any(address in network for network in _REFUSED)


def unwrapped(address: Address) -> Iterator[Address]:
    """Yield the addresses that packets to `address` can end up at: the IPv4 ones inside, else itself.

    IPv4-mapped and -compatible, NAT64 (RFC 6052), 6to4 (RFC 3056) and ISATAP (RFC 5214) forms are opened;
    Teredo is not: its whole network is refused.
    """
    if isinstance(address, IPv4Address):
        yield address
        return
    number = int(address)
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    elif address.sixtofour is not None:
        yield address.sixtofour
    elif address in _NAT64 or (address in _COMPATIBLE and number > 0xFFFF):  # noqa: PLR2004  not :: or ::1
        yield IPv4Address(number & 0xFFFFFFFF)
    else:
        yield address
        if (number >> 32) & 0xFFFFFFFF in _ISATAP:
            yield IPv4Address(number & 0xFFFFFFFF)
