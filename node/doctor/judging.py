"""Whether what was seen is well: pure decisions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from federation.queries.explained import how_long
from federation.transport.addresses import may_dial
from node.doctor.finding import Finding, bad, doubtful, well

CLOCK: Final = "clock"
CLOCK_DOUBTFUL: Final = timedelta(seconds=10)
CLOCK_BAD: Final = timedelta(seconds=60)
CERTIFICATE_DOUBTFUL: Final = timedelta(days=14)
DISK_DOUBTFUL: Final = 0.10
DISK_BAD: Final = 0.05
BACKUP_DOUBTFUL: Final = timedelta(days=7)
OTHERS_MAY: Final = 0o077
POSTGRES_LEAST: Final = 13
FULL_DISK: Final = "make room, or move data_dir: a full disk stops the node"


def judge_mode(about: str, path: str, mode: int) -> Finding:
    """Nobody else may read a secret, or what the secret opens."""
    if mode & OTHERS_MAY:
        word = "600" if about != "data folder" else "700"
        said = f"{path} is open to others (mode {mode & 0o777:o})"
        return bad(about, said, f"chmod {word} {path}")
    return well(about, f"{path} is for its user alone")


def judge_disk(path: str, free: int, total: int) -> Finding:
    """There is room to write."""
    part = free / total if total else 0.0
    said = f"{free >> 20} MB of {total >> 20} MB are free at {path}"
    if part < DISK_BAD:
        return bad("disk", said, FULL_DISK)
    if part < DISK_DOUBTFUL:
        return doubtful("disk", said, FULL_DISK)
    return well("disk", said)


def judge_clock(offsets: Mapping[str, timedelta]) -> Finding:
    """This machine's clock agrees with those of other servers.

    Args:
        offsets: By how much each server's clock is ahead of ours.
    """
    if not offsets:
        return well(CLOCK, "there is no other server yet to compare it with")
    seconds = median(offset.total_seconds() for offset in offsets.values())
    offset = timedelta(seconds=seconds)
    word = "behind" if seconds > 0 else "ahead of"
    servers = ", ".join(sorted(offsets))
    said = f"it is {how_long(abs(offset))} {word} {servers}"
    fix = (
        "set the clock by NTP (systemd-timesyncd or chrony): signatures carry the time, and other "
        "servers refuse what is off"
    )
    if abs(offset) > CLOCK_BAD:
        return bad(CLOCK, said, fix)
    if abs(offset) > CLOCK_DOUBTFUL:
        return doubtful(CLOCK, said, fix)
    return well(CLOCK, f"it agrees with {servers}")


def judge_names(host: str, addresses: Sequence[str], *, is_development: bool) -> Finding:
    """The node's name leads to an address that others may dial."""
    if not addresses:
        return bad(
            "DNS",
            f"{host} has no address",
            f"make an A or AAAA record for {host}: other servers find this node by it",
        )
    said = f"{host} is at {', '.join(addresses)}"
    if any(may_dial(address, ()) for address in addresses) or is_development:
        return well("DNS", said)
    return bad(
        "DNS",
        f"{said}, which nobody else can reach",
        f"let {host} lead to a public address; if only this machine sees it so, look from another",
    )


def judge_certificate(host: str, until: datetime, now: datetime) -> Finding:
    """A certificate that others believe holds for a while yet."""
    left = until - now
    said = f"that of {host} holds until {until:%Y-%m-%d}"
    if left <= timedelta(0):
        return bad(
            "certificate", f"that of {host} has run out", "renew it, and restart what uses it"
        )
    if left < CERTIFICATE_DOUBTFUL:
        return doubtful("certificate", said, "renew it; see why that has not happened by itself")
    return well("certificate", said)


def judge_arrival(sent: str, host: str, seen: Mapping[str, object]) -> tuple[Finding, ...]:
    """A request comes through the front door as it was sent.

    Args:
        sent: Its raw path and query.
        host: Its Host.
        seen: What the node says of it: `host`, `path`, `scheme`.
    """
    found = []
    if seen.get("host") != host:
        found.append(_lost_host(str(seen.get("host"))))
    if seen.get("path") != sent:
        found.append(
            bad(
                "proxy path",
                f"{sent} arrives as {seen.get('path')}",
                "let the proxy pass on the path as it came; with nginx, proxy_pass has no path and "
                "no slash at its end. Signatures cover it, so that every delivery fails",
            )
        )
    return tuple(found) or (well("proxy", "host and path arrive as they were sent"),)


def lost_host() -> Finding:
    """The node said that it was asked under a name that is not its own."""
    return _lost_host("another name")


def _lost_host(seen: str) -> Finding:
    return bad(
        "proxy host",
        f"the Host header arrives as {seen}",
        "let the proxy pass it on: proxy_set_header Host $host in nginx, ProxyPreserveHost On in "
        "Apache. Signatures cover it, so that every delivery fails",
    )


def judge_proxies(
    listen: Collection[str], trusted: Collection[str], *, has_tls: bool, is_http: bool
) -> Finding:
    """A proxy in front is known, or all the world is one client."""
    needs = not has_tls and not is_http
    if needs and not trusted and any(place.startswith(("127.", "[::1]")) for place in listen):
        return doubtful(
            "proxy addresses",
            "trusted_proxies names nobody, so that all who come through a proxy are one client",
            'name the proxy, such as trusted_proxies = ["127.0.0.1"]',
        )
    return well("proxy addresses", ", ".join(trusted) or "there is no proxy")


def judge_backup(last: datetime | None, now: datetime) -> Finding:
    """There is a backup, and it is not old."""
    fix = "covey backup DIR; and keep the secret key elsewhere"
    if last is None:
        return doubtful("backup", "none was ever made by covey backup", fix)
    said = f"the last one was made {how_long(now - last)} ago"
    return doubtful("backup", said, fix) if now - last > BACKUP_DOUBTFUL else well("backup", said)


def judge_postgres(version: int, offset: timedelta) -> tuple[Finding, ...]:
    """The server is of a version that works, and its clock is right.

    Args:
        version: Such as 150004.
        offset: By how much its clock is ahead of ours.
    """
    major = version // 10_000
    found = [well("PostgreSQL", f"version {major}")]
    if major < POSTGRES_LEAST:
        fix = f"upgrade it to {POSTGRES_LEAST} or later"
        found = [bad("PostgreSQL", f"version {major} is too old", fix)]
    if abs(offset) > CLOCK_DOUBTFUL:
        said = f"its server's clock is off by {how_long(abs(offset))}"
        found.append(doubtful("PostgreSQL clock", said, "set both clocks by NTP"))
    return tuple(found)
