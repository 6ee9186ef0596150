# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Runs the Azure CLI: bounded in time and in what it says, and gone when nobody waits."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from contextlib import suppress

from ...core._errors import AccessError
from ._explain import explain

__all__ = ["AZ_SECONDS", "current_subscription", "find_az", "run_az"]

# A first `az` on a slow machine has been seen to take 10 s.
AZ_SECONDS = 30.0
_END_SECONDS = 5
_LARGEST = 1024 * 1024
_REMEDY = "Set subscription_id, or choose one with `az account set --subscription ID`."


def find_az(path: str) -> str | None:
    """The Azure CLI's executable in the folders of a PATH, or None."""
    return shutil.which("az", path=path)


async def current_subscription(seconds: float | None = None) -> str:
    """The ID of the Azure CLI's current subscription.

    :param seconds: how long it may take, if that is less than ``AZ_SECONDS``
    :raises AccessError: there is no Azure CLI, nobody is logged in, or it does not answer
    """
    output = await run_az("account", "show", "--output", "json", "--only-show-errors", seconds=seconds, remedy=_REMEDY)
    try:
        return str(json.loads(output)["id"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise AccessError("`az account show` did not answer with a subscription.", remedy=_REMEDY) from error


async def run_az(*arguments: str, seconds: float | None = None, remedy: str) -> str:
    """What an `az` command prints. Whoever is cancelled while it runs ends it, and all that it has started.

    :param arguments: the first two are its name
    :param seconds: how long it may take, if that is less than ``AZ_SECONDS``
    :param remedy: what to do if it fails and nothing better is known
    :raises AccessError: it is not there, fails, says too much, or does not answer in time
    """
    az = find_az(os.environ.get("PATH", ""))
    if az is None:
        raise AccessError("The Azure CLI is not on PATH.", remedy="Install the Azure CLI, or set another auth_source.")
    name = f"`az {' '.join(arguments[:2])}`"
    longest = AZ_SECONDS if seconds is None else min(seconds, AZ_SECONDS)
    try:
        process = await _start(az, arguments)
    except OSError as error:
        raise AccessError(f"{name} cannot be run: {error.strerror}.", remedy=remedy) from error
    try:
        output, errors = await asyncio.wait_for(_say(process), longest)
    except asyncio.TimeoutError as error:
        by_hand = f"Run {name} by hand to see what it waits for."
        raise AccessError(f"{name} did not answer within {longest:g} s.", remedy=by_hand) from error
    finally:
        await _end(process)
    if len(output) > _LARGEST:
        raise AccessError(f"{name} answers with more than {_LARGEST // 1024} KiB.", remedy=remedy)
    if process.returncode:
        text = errors.decode("utf-8", "replace").strip()
        raise explain(RuntimeError(text or "it does not say why"), f"{name} failed", remedy=remedy)
    return output.decode("utf-8", "replace")


async def _start(az: str, arguments: tuple[str, ...]) -> asyncio.subprocess.Process:
    """A process that leads a group: `az` is a script, and what it starts must end with it."""
    return await asyncio.create_subprocess_exec(
        az,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd="/",
        env={**os.environ, "AZURE_CORE_NO_COLOR": "true"},
        start_new_session=True,
    )


async def _say(process: asyncio.subprocess.Process) -> tuple[bytes, bytes]:
    """What it writes until it ends; not all of it, if that is too much."""
    output, errors = await asyncio.gather(_read(process.stdout), _read(process.stderr))
    await process.wait()
    return output, errors


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    data = bytearray()
    while stream and (part := await stream.read(65536)):
        if len(data) <= _LARGEST:
            data += part
    return bytes(data)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End it and all that it has started, if it has not ended. Its pipes are read out, or asyncio waits for ever."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(_say(process), _END_SECONDS)
