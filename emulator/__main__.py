# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m emulator`: serve until stopped."""

from __future__ import annotations

import argparse
import asyncio
import functools
import signal
import sys
import typing as t
from pathlib import Path

from aiohttp import web

from .env_file import public_bundle, write_env
from .fields import SeedError
from .log import RequestLog
from .seed import load_file, load_text
from .server import make_server
from .settings import Settings, SettingsError
from .state import load_state, save_state
from .tls import make_tls
from .world import World

__all__ = ("main",)

_HOST = "127.0.0.1"


def main(arguments: t.Sequence[str] | None = None) -> int:
    """Run the emulator and return the exit code: 0 when stopped, 2 for a wrong seed or setting."""
    options = _parse(arguments)
    directory = Path(options.out).absolute()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    (directory / "env.sh").unlink(missing_ok=True)
    try:
        overrides = _overrides(options)
        seed = load_file(Path(options.seed))
        with (directory / "requests.jsonl").open("w", encoding="utf-8") as file:
            (directory / "requests.jsonl").chmod(0o600)
            world = World(seed, overrides, RequestLog(file, quiet=options.quiet), directory)
            if options.state:
                load_state(world, Path(options.state))
                world.save = functools.partial(save_state, world, Path(options.state))
            asyncio.run(_serve(world, options.port, directory))
            if world.save:
                world.save()
    except (SeedError, SettingsError) as error:
        sys.stderr.write(f"emulator: {error}\n")
        return 2
    except OSError as error:
        what = f"write {error.filename}" if error.filename else f"listen on {_HOST}:{options.port}"
        sys.stderr.write(f"emulator: cannot {what}: {error.strerror}\n")
        return 1
    return 0


async def _serve(world: World, port: int, directory: Path) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    runner = web.ServerRunner(make_server(world), shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, _HOST, port, ssl_context=make_tls(directory, public_bundle()), backlog=1024)
    await site.start()
    base_url = f"https://{_HOST}:{runner.addresses[0][1]}"
    write_env(directory, base_url, world.store)
    sys.stderr.write(f"emulator: {base_url} is ready; next: . {directory}/env.sh\n")
    await stopped.wait()
    await runner.cleanup()


def _parse(arguments: t.Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m emulator",
        description="A stand-in for Azure (Resource Manager, Entra ID, IMDS) on loopback, for tests. Serves until "
        "stopped; DIR/env.sh, written last, has what clients need.",
        epilog=_settings_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="where env.sh, ca.pem and requests.jsonl go")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes any free one (default)")
    parser.add_argument(
        "--seed",
        metavar="FILE",
        default=str(Path(__file__).parent / "seeds" / "estate.yml"),
        help="YAML or JSON: what the cloud holds at the start; the default's head describes the format (%(default)s)",
    )
    parser.add_argument(
        "--state", metavar="FILE", help="keeps what the cloud holds: read at the start, written at the end"
    )
    parser.add_argument("--quiet", action="store_true", help="no line per request on stderr")
    parser.add_argument("--limits", action="store_true", default=None, help="put Azure's request limits in force")
    parser.add_argument("--time-scale", type=float, metavar="N", help="a second of yours is N of Azure's (default 1)")
    parser.add_argument(
        "--operation-seconds", type=float, metavar="S", help="how long a write to a VM takes (default 0)"
    )
    parser.add_argument("--retry-after", type=int, metavar="S", help="Retry-After of running operations (default none)")
    parser.add_argument("--page-size", type=int, metavar="N", help="items per page of lists (default 100)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="any setting; YAML value")
    return parser.parse_args(arguments)


def _settings_help() -> str:
    about = (Settings.__doc__ or "").partition("\n\n")[2]
    lines = "\n".join(f"  {line.strip()}" for line in about.strip().splitlines())
    return f"settings for --set, the seed and POST /_emulator/settings (times in seconds):\n{lines}"


def _overrides(options: argparse.Namespace) -> dict[str, object]:
    names = ("operation_seconds", "retry_after", "page_size", "limits", "time_scale")
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    for pair in options.set:
        name, _equals, value = pair.partition("=")
        given[name] = load_text(value)
    Settings().updated(given)
    return given


if __name__ == "__main__":
    sys.exit(main())
