# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials of AWX: the stock one and ours, turned into a job's environment by AWX's own code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import yaml
from awx_plugins.credentials.plugins import azure_rm
from awx_plugins.interfaces import _temporary_private_container_api as container
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_credential_api import Credential as Inputs
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential

__all__ = ["Credential", "inject", "ours", "stock"]

TYPES = Path(__file__).resolve().parents[3] / "extensions" / "awx" / "credential_types"


@dataclass(frozen=True)
class Credential:
    """A credential: its type, and what a user has filled in."""

    type: ManagedCredentialType
    inputs: dict[str, Any]


def stock(**inputs: str) -> Credential:
    """A credential of the type Microsoft Azure Resource Manager."""
    return Credential(azure_rm, inputs)


def ours(name: str, **inputs: str) -> Credential:
    """A credential of a type that this collection ships."""
    shipped = yaml.safe_load((TYPES / f"{name}.yml").read_text(encoding="utf-8"))
    kept = {key: shipped[key] for key in ("name", "kind", "inputs", "injectors")}
    return Credential(ManagedCredentialType(namespace=name, **kept), inputs)


def inject(credentials: Sequence[Credential], folder: Path) -> tuple[dict[str, str], list[str]]:
    """Put credentials into a job: files below ``folder``; returns the environment and arguments of ansible-playbook.

    In AWX the job sees the folder as /runner; here there is no container around it.
    """
    env: dict[str, Any] = {}
    arguments: list[str] = []
    with mock.patch.object(container, "CONTAINER_ROOT", str(folder)):
        for credential in credentials:
            inject_credential(credential.type, Inputs(credential.inputs), env, {}, arguments, str(folder))
    return env, arguments
