# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The api-versions that each resource type knows, and the refusals of others."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from .errors import ArmError

__all__ = ["LOCATIONS", "VERSIONS", "Served", "check_version", "has_etag", "takes_conditions"]

_WELL_FORMED = re.compile(r"(\d{4}-\d\d-\d\d)(-[a-z]+)?")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LOCATIONS = _words("eastus eastus2 westus westus2 westeurope northeurope uksouth southeastasia")

VERSIONS: dict[str, tuple[str, ...]] = {
    "machines": _words(
        """
        2015-06-15 2016-03-30 2016-04-30-preview 2017-03-30 2017-12-01 2018-04-01 2018-06-01 2018-10-01 2019-03-01
        2019-07-01 2019-12-01 2020-06-01 2020-12-01 2021-03-01 2021-04-01 2021-07-01 2021-11-01 2022-03-01
        2022-08-01 2022-11-01 2023-03-01 2023-07-01 2023-09-01 2024-03-01 2024-07-01 2024-11-01 2025-04-01 2025-11-01
        2026-04-01
        """
    ),
    "identities": _words(
        """
        2015-08-31-preview 2018-11-30 2021-09-30-preview 2022-01-31-preview 2023-01-31 2023-07-31-preview 2024-11-30
        2025-01-31-preview 2025-05-31-preview 2026-04-30 2026-05-31
        """
    ),
    "resources": _words(
        """
        2014-04-01 2015-01-01 2015-11-01 2016-02-01 2016-06-01 2016-09-01 2017-05-10 2018-02-01 2018-05-01 2019-05-01
        2019-05-10 2019-06-01 2019-07-01 2019-08-01 2019-10-01 2019-11-01 2020-01-01 2020-05-01 2020-06-01 2020-08-01
        2020-10-01 2021-01-01 2021-04-01 2022-01-01 2022-09-01 2022-12-01 2023-07-01 2024-03-01 2024-07-01 2024-11-01
        2025-03-01 2025-04-01 2026-06-01
        """
    ),
    "disks": _words(
        """
        2016-04-30-preview 2017-03-30 2018-04-01 2018-06-01 2018-09-30 2019-03-01 2019-07-01 2019-11-01 2020-05-01
        2020-06-30 2020-09-30 2020-12-01 2021-04-01 2021-08-01 2021-12-01 2022-03-02 2022-07-02 2023-01-02 2023-04-02
        2023-10-02 2024-03-02 2025-01-02 2026-03-02
        """
    ),
    "skus": _words("2017-03-30 2017-09-01 2019-04-01 2021-07-01"),
    "networks": _words(
        """
        2015-06-15 2016-03-30 2016-06-01 2016-09-01 2016-12-01 2017-03-01 2017-06-01 2017-08-01 2017-09-01 2017-10-01
        2017-11-01 2018-01-01 2018-02-01 2018-04-01 2018-06-01 2018-07-01 2018-08-01 2018-10-01 2018-11-01 2018-12-01
        2019-02-01 2019-04-01 2019-06-01 2019-07-01 2019-08-01 2019-09-01 2019-11-01 2019-12-01 2020-03-01 2020-04-01
        2020-05-01 2020-06-01 2020-07-01 2020-08-01 2020-11-01 2021-02-01 2021-03-01 2021-05-01 2021-08-01 2022-01-01
        2022-05-01 2022-07-01 2022-09-01 2022-11-01 2023-02-01 2023-04-01 2023-05-01 2023-06-01 2023-09-01 2023-11-01
        2024-01-01 2024-03-01 2024-05-01 2024-07-01 2024-10-01 2025-01-01 2025-03-01 2025-05-01 2025-07-01 2025-09-01
        2026-03-01
        """
    ),
    "graph": _words("2019-04-01 2021-03-01 2022-10-01 2024-04-01"),
    "locks": _words("2015-01-01 2016-09-01 2017-04-01 2020-05-01"),
    "associated": _words("2021-09-30-preview 2022-01-31-preview"),
    "credentials": _words(
        """
        2022-01-31-preview 2023-01-31 2023-07-31-preview 2024-11-30 2025-01-31-preview 2025-05-31-preview 2026-04-30
        2026-05-31
        """
    ),
    "role_assignments": _words(
        """
        2015-07-01 2017-09-01 2017-10-01-preview 2018-01-01-preview 2018-07-01 2018-09-01-preview 2019-04-01-preview
        2020-03-01-preview 2020-04-01-preview 2020-08-01-preview 2020-10-01-preview 2021-04-01-preview
        2022-01-01-preview 2022-04-01
        """
    ),
    "role_definitions": _words("2015-07-01 2018-01-01-preview 2018-07-01 2022-04-01 2022-05-01-preview"),
}


class Served(NamedTuple):
    """The api-versions of a resource type: those `listed`, and any between the oldest of them and the `newest` date.

    Without `newest` only those that are listed.
    """

    listed: tuple[str, ...]
    newest: str | None = None

    def shown(self) -> tuple[str, ...]:
        """Return those that Azure would list, oldest first."""
        return tuple(item for item in self.listed if self.newest is None or item[:10] <= self.newest[:10])

    def serves(self, version: str) -> bool:
        """Tell whether a version in lower case is served."""
        if self.newest is None:
            return version in self.listed
        parts = _WELL_FORMED.fullmatch(version)
        if parts is None or parts[2] not in (None, "-preview") or not _is_date(parts[1]):
            return False
        return self.listed[0][:10] <= parts[1] <= self.newest[:10]


def has_etag(version: str) -> bool:
    """Whether Compute returns an ETag in this api-version."""
    return version >= "2024-03-01"


def takes_conditions(version: str) -> bool:
    """Whether Compute reads If-Match and If-None-Match in this api-version."""
    return version >= "2023-09-01"


def check_version(version: str | None, served: Served, resource_type: str, location: str) -> str:
    """Return the api-version, in lower case, if it is served.

    `resource_type` is the type's last name, or empty for ARM's own resources; `location` is where it would go.
    Raises ArmError 400: MissingApiVersionParameter, InvalidApiVersionParameter or NoRegisteredProviderFound.
    """
    if not version:
        message = "The api-version query parameter (?api-version=) is required for all requests."
        raise ArmError(400, "MissingApiVersionParameter", message)
    lowered = version.lower()
    if served.serves(lowered):
        return lowered
    supported = served.shown()
    if not resource_type or not _WELL_FORMED.fullmatch(lowered):
        newest_first = ",".join(reversed(supported))
        message = f"The api-version '{version}' is invalid. The supported versions are '{newest_first}'."
        raise ArmError(400, "InvalidApiVersionParameter", message)
    raise ArmError(
        400,
        "NoRegisteredProviderFound",
        f"No registered resource provider found for location '{location}' and API version '{version}' for type "
        f"'{resource_type}'. The supported api-versions are '{', '.join(supported)}'. "
        f"The supported locations are '{', '.join(LOCATIONS)}'.",
    )


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
