# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What every way to sign in has: the options it needs, an offline check, a credential."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ...core._errors import InvalidInput, MissingPackage
from ._guarded import ODD_ANSWERS, Guarded

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from ._access import Access
    from ._clouds import Cloud

__all__ = ["Method", "check_tenant", "identity_package", "no_check"]


@dataclass(frozen=True)
class Method:
    """A way to sign in.

    :param name: what ``Access.kind`` holds
    :param words: what it is, in human words; formatted with the access options
    :param needs: the options without which it cannot work
    :param allows: the options that it takes besides
    :param validate: checks an access without any call; raises InvalidInput
    :param build: makes the credential from (access, cloud, transport)
    """

    name: str
    words: str
    needs: tuple[str, ...]
    allows: tuple[str, ...]
    validate: Callable[[Access], None]
    build: Callable[[Access, Cloud, Any], AsyncTokenCredential]

    def make(self, access: Access, cloud: Cloud, transport: Any) -> AsyncTokenCredential:
        """Make the credential. It raises AccessError where there is no token, and nothing of azure-identity's own.

        :raises InvalidInput: azure-identity refuses a value, mostly by a ValueError, or a certificate cannot be used
        """
        try:
            return Guarded(self.build(access, cloud, transport), access)
        except (OSError, *ODD_ANSWERS) as error:
            raise InvalidInput(f"The {access.source} cannot be used: {error}") from error


def no_check(access: Access) -> None:
    """The check of a method that has nothing to check offline."""


def check_tenant(access: Access) -> None:
    """A tenant is a GUID or a domain name: azure-identity refuses other characters with a ValueError.

    :raises InvalidInput: the tenant has other characters
    """
    if access.tenant and not re.fullmatch(r"[A-Za-z0-9]+([.-]+[A-Za-z0-9]+)*", access.tenant):
        raise InvalidInput(
            f"The tenant {access.tenant!r} is not a tenant.",
            remedy="Give the tenant's ID, or a domain name such as contoso.onmicrosoft.com.",
        )


def identity_package() -> ModuleType:
    """The package azure.identity.aio, imported when it is needed: it costs more than all else that a task imports.

    :raises MissingPackage: it is not installed for this interpreter
    """
    try:
        import azure.identity.aio
    except ImportError as error:
        raise MissingPackage(
            f"The Python package azure-identity cannot be imported by {sys.executable}: {error}.",
            remedy=f"Install it with: {sys.executable} -m pip install azure-identity aiohttp",
        ) from error
    return azure.identity.aio
