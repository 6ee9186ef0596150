# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Asks the Azure CLI which subscription is its current one."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from typing import Any

from ..core._errors import AccessError

__all__ = ["AZ_SECONDS", "current_subscription", "find_az"]

# A first `az` on a slow machine has been seen to take 10 s.
AZ_SECONDS = 30


def find_az(path: str) -> str | None:
    """The Azure CLI's executable in the folders of a PATH, or None."""
    return shutil.which("az", path=path)


async def current_subscription() -> str:
    """The ID of the Azure CLI's current subscription.

    :raises AccessError: there is no Azure CLI, nobody is logged in, or it does not answer
    """
    output = await _run("account", "show", "--output", "json", "--only-show-errors")
    try:
        return str(json.loads(output)["id"])
    except (ValueError, KeyError, TypeError) as error:
        raise AccessError("`az account show` did not answer with a subscription.", remedy=_REMEDY) from error


_REMEDY = "Set subscription_id, or choose one with `az account set --subscription ID`."


async def _run(*arguments: str) -> str:
    az = find_az(os.environ.get("PATH", ""))
    if az is None:
        raise AccessError("The Azure CLI is not on PATH.", remedy="Install it, or set another auth_source.")
    process = await asyncio.create_subprocess_exec(
        az,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "AZURE_CORE_NO_COLOR": "true"},
    )
    try:
        output, errors = await asyncio.wait_for(process.communicate(), AZ_SECONDS)
    except asyncio.TimeoutError as error:
        process.kill()
        await process.wait()
        raise AccessError(f"`az {' '.join(arguments[:2])}` did not answer within {AZ_SECONDS} s.") from error
    if process.returncode:
        raise _failure(arguments, errors)
    return output.decode("utf-8", "replace")


def _failure(arguments: tuple[Any, ...], errors: bytes) -> AccessError:
    text = errors.decode("utf-8", "replace").strip()
    remedy = "Run `az login` first." if "az login" in text else _REMEDY
    return AccessError(f"`az {' '.join(arguments[:2])}` failed: {text[-500:] or 'it does not say why'}", remedy=remedy)
