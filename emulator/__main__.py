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
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from .base.declared import help_of
from .base.fields import SeedError
from .base.folder import Folder, FolderInUse
from .base.log import RequestLog
from .base.tls import make_tls
from .cloud.settings import Settings, SettingsError
from .env_file import public_bundle, write_env
from .seeding.seed import load_file, load_text
from .server import make_server
from .state import StateFile
from .world import World

__all__ = ["main"]

_HOST = "127.0.0.1"
_LOCK = ".lock"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the emulator and return the exit code: 0 when stopped, 2 for a wrong start, 1 for what cannot be written."""
    options = _parse(arguments)
    try:
        folder = Folder.made(Path(options.out).absolute())
        folder.lock(_LOCK)
        folder.remove("env.sh")
        _run(options, folder)
    except (SeedError, SettingsError, FolderInUse) as error:
        sys.stderr.write(f"emulator: {error}\n")
        return 2
    except OSError as error:
        what = f"write {error.filename}" if error.filename else f"listen on {_HOST}:{options.port}"
        sys.stderr.write(f"emulator: cannot {what}: {error.strerror}\n")
        return 1
    return 0


def _run(options: argparse.Namespace, folder: Folder) -> None:
    overrides = _overrides(options)
    seed = load_file(Path(options.seed))
    state = StateFile(Path(options.state)) if options.state else None
    with folder.begin("requests.jsonl") as file:
        world = World(seed, overrides, RequestLog(file, quiet=options.quiet), folder.path)
        if state is not None:
            state.load(world)
            world.save = functools.partial(state.save, world)
        asyncio.run(_serve(world, options.port, folder))
        if world.save:
            world.save()


async def _serve(world: World, port: int, folder: Folder) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    runner = web.ServerRunner(make_server(world), shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, _HOST, port, ssl_context=make_tls(folder, public_bundle()), backlog=1024)
    await site.start()
    base_url = f"https://{_HOST}:{runner.addresses[0][1]}"
    write_env(folder, base_url, world.store)
    sys.stderr.write(f"emulator: {base_url} is ready; next: . {folder.path}/env.sh\n")
    await stopped.wait()
    await runner.cleanup()


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
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
    lines = "\n".join(f"  {name}: {text}." for name, text in help_of(Settings).items())
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
