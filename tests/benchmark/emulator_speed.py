# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests per second one emulator process answers over TLS on one core.

python tests/benchmark/emulator_speed.py [--seconds 5] [--connections 16] [--json FILE]

The emulator is pinned to the first core that this process may use, the client to the last one. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import ssl
import statistics
import sys
import tempfile
import time
import typing as t
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.emulator.client import Client  # noqa: E402
from tests.support.emulator import Emulator  # noqa: E402

VMS = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines"
)
VERSION = "api-version=2024-07-01"
PATCH = b'{"identity":{"type":"SystemAssigned"}}'
FLOOR = 1000


class Connection:
    """One TLS connection that is kept: the least that a client must do, so that the server is what is measured."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self._reader = reader
        self._writer = writer
        self._head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"

    async def send(self, method: str, target: str, body: bytes = b"") -> tuple[dict[str, str], bytes]:
        """Send a request and return headers and body; raises RuntimeError unless the status is 200."""
        head = f"{method} {target} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:-2])
        answer = await self._reader.readexactly(int(headers["Content-Length"]))
        if " 200 " not in lines[0]:
            raise RuntimeError(f"{method} {target}: {lines[0]} {answer.decode()}")
        return headers, answer


Work = t.Callable[[Connection, int], t.Awaitable[int]]


async def get(connection: Connection, number: int) -> int:
    """Read one VM."""
    await connection.send("GET", f"{VMS}/vm{number % 100 + 1:05}?{VERSION}")
    return 1


async def change(connection: Connection, number: int) -> int:
    """Change one VM and poll its operation once."""
    headers, _body = await connection.send("PATCH", f"{VMS}/vm{number % 100 + 1:05}?{VERSION}", PATCH)
    url = urlsplit(headers["Azure-AsyncOperation"])
    await connection.send("GET", f"{url.path}?{url.query}")
    return 2


async def list_page(connection: Connection, _number: int) -> int:
    """List 100 VMs."""
    await connection.send("GET", f"{VMS}?{VERSION}")
    return 1


async def measure(url: str, tls: ssl.SSLContext, token: str, work: Work, count: int, seconds: float) -> list[float]:
    """Return how long each request took, all connections together, for `seconds` after a warm-up."""
    place = urlsplit(url)
    ended = time.perf_counter() + seconds + 0.5
    taken: list[float] = []

    async def one(start: int) -> None:
        reader, writer = await asyncio.open_connection(place.hostname, place.port, ssl=tls, limit=2**22)
        connection = Connection(reader, writer, token)
        number = start
        while (now := time.perf_counter()) < ended:
            sent = await work(connection, number)
            # Each connection has VMs of its own: overlapping writes would be refused.
            number += count
            if now > ended - seconds:
                taken.extend([(time.perf_counter() - now) / sent] * sent)
        writer.close()

    await asyncio.gather(*(one(number) for number in range(count)))
    return taken


def main() -> int:
    """Measure, report, and return 1 if reading one VM is slower than the floor."""
    parser = argparse.ArgumentParser(description="Requests per second of one emulator process on one core.")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each kind of request (default %(default)s)")
    parser.add_argument("--connections", type=int, default=16, help="at the same time (default %(default)s)")
    parser.add_argument("--json", metavar="FILE", help="the report for programs")
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    with Emulator.start(SEED, directory=Path(tempfile.mkdtemp(prefix="speed-"))) as emulator:
        for thread in os.listdir(f"/proc/{emulator.pid}/task"):
            os.sched_setaffinity(int(thread), {cores[0]})
        os.sched_setaffinity(0, {cores[-1]})
        report = _report(emulator, options, cores)
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0 if report["kinds"]["GET"]["per_second"] >= FLOOR else 1


def _report(emulator: Emulator, options: argparse.Namespace, cores: list[int]) -> dict[str, t.Any]:
    tls = ssl.create_default_context(cafile=str(emulator.directory / "ca.pem"))
    token = Client(emulator).token()
    print(f"Python {platform.python_version()}, {options.connections} connections, {len(cores)} cores, TLS")
    print(f"{'kind':<18}{'requests/s':>12}{'median ms':>12}{'p99 ms':>10}{'core used':>12}{'per core s':>12}")
    kinds: dict[str, dict[str, float]] = {}
    for name, work in (("GET", get), ("PATCH and poll", change), ("list of 100", list_page)):
        used, began = _cpu(emulator.pid), time.perf_counter()
        taken = asyncio.run(measure(emulator.url, tls, token, work, options.connections, options.seconds))
        share = (_cpu(emulator.pid) - used) / (time.perf_counter() - began)
        rate = len(taken) / options.seconds
        kinds[name] = {
            "per_second": round(rate, 1),
            "median_ms": round(statistics.median(taken) * 1000, 2),
            "p99_ms": round(statistics.quantiles(taken, n=100)[98] * 1000, 2),
            "core_used": round(share, 2),
            # What a core would do that had nothing else to do: other programs took the rest of it.
            "per_core_second": round(rate / share, 1),
        }
        row = kinds[name]
        print(
            f"{name:<18}{row['per_second']:>12}{row['median_ms']:>12}{row['p99_ms']:>10}{share:>12.0%}{row['per_core_second']:>12}"
        )
    return {"python": platform.python_version(), "connections": options.connections, "kinds": kinds}


def _cpu(pid: int) -> float:
    """Return the seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


SEED: t.Final = {
    "tenants": [{"id": "5a1d6c3e-0b7f-4f3c-9c53-0f4e1d2b8a10"}],
    "subscriptions": [{"id": "11111111-2222-4333-8444-555555555555", "name": "First"}],
    "groups": [{"name": "rg"}],
    "fleets": [{"prefix": "vm", "count": 100, "group": "rg"}],
    "callers": [{"name": "main", "secret": "emulator-only-secret"}],
}

if __name__ == "__main__":
    sys.exit(main())
