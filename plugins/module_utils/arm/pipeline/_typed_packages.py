# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The packages of Microsoft's with typed clients: whether they are there, and their clients.

Each is imported by the first operation that uses it: that of Compute takes about a second and 115 MiB.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from ...core._errors import MissingPackage

__all__ = ["COMPUTE", "MSI", "TypedPackage"]


def _managed_identities() -> Any:
    from azure.mgmt.msi.aio import ManagedServiceIdentityClient

    return ManagedServiceIdentityClient


def _compute() -> Any:
    from azure.mgmt.compute.aio import ComputeManagementClient

    return ComputeManagementClient


@dataclass(frozen=True)
class TypedPackage:
    """A package of Microsoft's, and the class of its client.

    :param name: what pip calls it
    :param load: imports and returns the class
    """

    name: str
    load: Callable[[], Any]

    def require(self) -> None:
        """See that the package is there, without the cost of importing it: before a task writes what comes first.

        :raises MissingPackage: it is not installed for this interpreter
        """
        try:
            there = find_spec(self.name.replace("-", "."))
        except ModuleNotFoundError as error:
            raise self._missing(error) from error
        if there is None:
            raise self._missing("there is none")

    def client(self, endpoint: str, subscription_id: str, pipeline: Any) -> Any:
        """The client of a subscription; made once, as one costs more than a request.

        :param pipeline: takes its requests in place of azure-core's own, with tokens and all else
        :raises MissingPackage: the package cannot be imported
        """
        try:
            return _client(self.load, endpoint, subscription_id, pipeline)
        except ImportError as error:
            raise self._missing(error) from error

    def _missing(self, reason: object) -> MissingPackage:
        return MissingPackage(
            f"The Python package {self.name} cannot be imported by {sys.executable}: {reason}.",
            remedy=f"Install it with: {sys.executable} -m pip install {self.name}",
        )


MSI = TypedPackage("azure-mgmt-msi", _managed_identities)
COMPUTE = TypedPackage("azure-mgmt-compute", _compute)


@lru_cache(maxsize=64)
def _client(load: Callable[[], Any], endpoint: str, subscription_id: str, pipeline: Any) -> Any:
    from azure.core import AzureClouds

    # The cloud only says what the endpoint would be; left out, it is taken from the environment, or refused there.
    cloud = AzureClouds.AZURE_PUBLIC_CLOUD
    own = {"pipeline": pipeline, "policies": [], "cloud_setting": cloud}
    return load()(_NoCredential(), subscription_id, base_url=endpoint, **own)


class _NoCredential:
    """Tokens are for our own pipeline to ask for."""

    async def get_token(self, *_scopes: str, **_options: Any) -> Any:
        """Never asked."""
        raise NotImplementedError
