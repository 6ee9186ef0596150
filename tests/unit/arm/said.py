# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of what a gateway concludes: it stands in the answer. And true answers that only gateways read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import ResourceId
from tests.unit.core import true_answers as true
from tests.unit.core import truths
from tests.unit.core.build import SUB, TENANT
from tests.unit.core.machines import VM
from tests.unit.core.truths import is_text

__all__ = [
    *("FAILED", "GROUP", "INSTANCES", "SUBSCRIPTION", "SYSTEM", "client_id", "group_location", "instance"),
    *("known_of", "looked_up", "machine", "nothing_of", "operation", "reading", "subscription", "was_there"),
]

FAILED = {
    "startTime": "2026-11-01T00:00:00+00:00",
    "status": "Failed",
    "name": "8b392700-0000-4000-8000-000000000000",
    "error": {"code": "OperationPreempted", "message": "Another one came."},
}
GROUP: dict[str, Any] = {"id": f"/subscriptions/{SUB}/resourceGroups/RG", "name": "RG", "location": "westeurope"}
INSTANCES = [
    {
        "id": f"{true.SET_USER['id']}/virtualMachines/{number}",
        "instanceId": str(number),
        "location": "westeurope",
        "properties": properties,
    }
    for number, properties in enumerate(({"latestModelApplied": True}, {"latestModelApplied": False}, {}))
]
SUBSCRIPTION = {"id": f"/subscriptions/{SUB}", "subscriptionId": SUB, "displayName": "Demo", "state": "Enabled"}
SYSTEM = {
    "id": f"{VM}/providers/Microsoft.ManagedIdentity/identities/default",
    "location": "westeurope",
    "properties": {"tenantId": TENANT, "principalId": "sp-1", "clientId": "c-1"},
}


def reading(found: Any, answer: Any) -> None:
    properties = answer["properties"]
    assert (str(found.id), found.location) == (answer["id"].strip(), answer["location"])
    assert is_text(found.location)
    assert found.told
    truths.identity(found.identity, answer.get("identity"))
    etag = answer.get("etag")
    assert found.etag == (etag if etag and etag.strip() != "*" else None)
    assert found.provisioning_state == properties.get("provisioningState")
    assert found.changing is (found.provisioning_state in ("Creating", "Updating"))
    assert found.orchestration_mode == properties.get("orchestrationMode")
    assert found.upgrade_policy == (properties.get("upgradePolicy") or {}).get("mode")
    assert isinstance(found.flexible, bool)
    assert isinstance(found.manual, bool)
    assert answer.get("type") in (None, "") or answer["type"].lower() == found.id.type.lower()


def machine(found: Any, answer: Any) -> None:
    reading(found.reading, answer)
    truths.described_vm(found.body, answer)


def nothing_of(resource: ResourceId) -> Callable[[Any, Any], None]:
    """Nothing is concluded but that it has begun, and of what."""

    def truth(found: Any, _answer: Any) -> None:
        if found is not None:
            assert (found.id, found.told, found.etag) == (resource, False, None)
            assert not found.identity.user

    return truth


def operation(found: Any, answer: Any) -> None:
    error = answer.get("error") or {}
    assert is_text(found.status)
    assert (found.status, found.code, found.request_id) == (answer["status"], error.get("code"), answer.get("name"))
    assert found.message == (error.get("message") or "Azure gave no reason.")


def group_location(found: Any, answer: Any) -> None:
    assert is_text(found)
    assert found == answer["location"]
    assert answer["id"].lower() == GROUP["id"].lower()


def instance(found: Any, item: Any) -> None:
    assert is_text(found.instance_id)
    assert found.instance_id == item["instanceId"]
    # What does not say that it has the latest model has not.
    assert found.current is ((item.get("properties") or {}).get("latestModelApplied") is True)


def subscription(found: Any, item: Any) -> None:
    assert is_text(found)
    assert found == item["subscriptionId"]


def looked_up(found: Any, answer: Any) -> None:
    properties = answer["properties"]
    assert found.id.key == answer["id"].strip().lower()
    assert is_text(found.principal_id)
    assert (found.principal_id, found.client_id) == (properties["principalId"], properties["clientId"])


def client_id(found: Any, answer: Any) -> None:
    assert is_text(found)
    assert found == answer["properties"]["clientId"]


def was_there(found: Any, _answer: Any) -> None:
    assert found is True


def known_of(asked: Collection[str]) -> Callable[[Any, Any], None]:
    """Whoever counts as known stands in the answer, and was asked for."""

    def truth(found: Any, answer: Any) -> None:
        stated = {item["id"].lower() for item in answer["value"]}
        assert found == stated
        assert stated <= {one.lower() for one in asked}

    return truth
