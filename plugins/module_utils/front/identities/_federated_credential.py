# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of federated_credential."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...core._resource_id import IDENTITY
from ...core.identities._federated import (
    CredentialsPlan,
    FederatedCredential,
    plan_absent,
    plan_present,
    wanted_credentials,
    wanted_names,
)
from ...engine.identities._federated import CredentialsOutcome, apply_credentials
from .._failure import failure
from .._naming import named
from .._operation import Call, Operation

__all__ = ["OPERATION"]

_VERBS = ("created", "updated", "removed")


async def _run(call: Call) -> dict[str, Any]:
    given, present = call.params["credentials"], call.params["state"] == "present"
    # All of this is known to be right before the first call.
    wanted = wanted_credentials(given) if present else ()
    names = wanted_names(given)
    deadline = call.deadline
    identity = await named(call, call.params["identity"], IDENTITY, call.params["resource_group"])
    identities = (await call.connect()).user_assigned

    def make_plan(there: Sequence[FederatedCredential]) -> CredentialsPlan:
        return plan_present(there, wanted) if present else plan_absent(there, names)

    outcome = await apply_credentials(identities, identity, make_plan, deadline, check=call.check_mode, needed=present)
    if outcome.before is None and not outcome.error and present:
        # In check mode a task before this one may have been about to create it.
        call.warnings.append(f"The identity {identity} does not exist: this would fail unless it is created first.")
    return _result(call, outcome)


def _result(call: Call, outcome: CredentialsOutcome) -> dict[str, Any]:
    there, after = _sorted(outcome.before or ()), _sorted(outcome.after)
    result: dict[str, Any] = {
        "changed": outcome.changed,
        "federated_credentials": [one.to_result() for one in after],
        **{verb: outcome.names(verb) for verb in _VERBS},
    }
    if outcome.error:
        done = [f"{verb} the credential {name}" for verb in _VERBS for name in result[verb]]
        result = failure(outcome.error, done, **result)
    if call.diff_mode:
        result["diff"] = {"before": _shown(there), "after": _shown(after)}
    return result


def _sorted(credentials: Iterable[FederatedCredential]) -> list[FederatedCredential]:
    return sorted(credentials, key=lambda one: one.key)


def _shown(credentials: Iterable[FederatedCredential]) -> dict[str, Any]:
    return {"federated_credentials": [one.to_diff() for one in credentials]}


_GITHUB = {
    "repository": {"type": "str", "required": True},
    "branch": {"type": "str"},
    "tag": {"type": "str"},
    "environment": {"type": "str"},
    "pull_request": {"type": "bool"},
    "issuer": {"type": "str"},
}
_KUBERNETES = {name: {"type": "str", "required": True} for name in ("issuer", "namespace", "service_account")}
_CREDENTIAL = {
    "name": {"type": "str", "required": True},
    "issuer": {"type": "str"},
    "subject": {"type": "str"},
    "audiences": {"type": "list", "elements": "str", "default": ["api://AzureADTokenExchange"]},
    "github": {"type": "dict", "options": _GITHUB},
    "kubernetes": {"type": "dict", "options": _KUBERNETES},
}

OPERATION = Operation(
    run=_run,
    arguments={
        "identity": {"type": "str", "required": True},
        "resource_group": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "credentials": {"type": "list", "elements": "dict", "required": True, "options": _CREDENTIAL},
        "wait_timeout": {"type": "int", "default": 600},
    },
)
