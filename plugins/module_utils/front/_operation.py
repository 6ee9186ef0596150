# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What a module is, whichever front runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..arm._session import Session
from ..arm.auth._access import Access
from ..arm.net._deadline import Deadline
from ..core._errors import InvalidInput
from ._auth_arguments import AUTH_ARGUMENTS, UNSUPPORTED_HINTS

__all__ = ["Call", "Operation", "deadline_of"]

# A month: nobody waits longer for an operation of Azure's.
_LONGEST_WAIT = 2_678_400


@dataclass
class Call:
    """One run of an operation: what the user asked for, and the way to Azure.

    :param connect: gives the session; an operation calls it only once its options are known to be sound
    :param deadline: the end of ``wait_timeout``
    :param warnings: sentences that Ansible shows to the user
    """

    params: Mapping[str, Any]
    check_mode: bool
    diff_mode: bool
    access: Access
    connect: Callable[[], Awaitable[Session]]
    deadline: Deadline
    warnings: list[str] = field(default_factory=list)

    async def subscription_id(self) -> str:
        """The subscription that names without one are in; asked for only where no option and no variable says it.

        :raises AccessError: there is not exactly one
        """
        return self.access.subscription_id or await (await self.connect()).subscription_id(self.deadline)


def deadline_of(params: Mapping[str, Any]) -> Deadline:
    """The end of ``wait_timeout``, from now on.

    :raises InvalidInput: it is no time to wait
    """
    seconds = params["wait_timeout"]
    if not 0 < seconds <= _LONGEST_WAIT:
        raise InvalidInput(f"wait_timeout must be a positive number of seconds, {_LONGEST_WAIT} at most.")
    return Deadline(seconds)


@dataclass(frozen=True)
class Operation:
    """A module's declaration: its options beside those of authentication, and the function that does the work.

    :param run: takes the call and returns the result; a result with ``failed`` is a failure
    :param constraints: keyword arguments of AnsibleModule: mutually_exclusive, required_one_of, ...
    """

    run: Callable[[Call], Coroutine[Any, Any, dict[str, Any]]]
    arguments: Mapping[str, Any]
    constraints: Mapping[str, Any] = field(default_factory=dict)

    @property
    def argument_spec(self) -> dict[str, Any]:
        """The whole argument spec."""
        return {**AUTH_ARGUMENTS, **self.arguments}

    @staticmethod
    def without_empty(given: Mapping[str, Any]) -> dict[str, Any]:
        """The given options; of authentication's, an empty string is unset, as AWX and templates mean it."""
        return {name: value for name, value in given.items() if value != "" or name not in AUTH_ARGUMENTS}

    @staticmethod
    def hint(given: Mapping[str, Any]) -> str:
        """What to say to a user of options that exist elsewhere but not here; empty if there are none."""
        return "".join(f" {UNSUPPORTED_HINTS[name]}" for name in sorted(given) if name in UNSUPPORTED_HINTS)
