# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual machines as wholes: what is asked of Azure, and what its answers become."""

from __future__ import annotations

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._vms import Vms
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import ArmError
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from tests.unit.arm.fake_client import VM, FakeClient, ask

DEADLINE = Deadline(60)
BODY = {
    "id": str(VM),
    "name": "vm1",
    "type": VM.type,
    "location": "westeurope",
    "properties": {"provisioningState": "Creating"},
}


def missing(code: str) -> ArmError:
    return arm_error("no", status=404, code=code)


def test_a_read_gives_the_identities_and_the_whole() -> None:
    client = FakeClient((BODY, {"ETag": '"1"'}))
    found = ask(Vms(client).read(VM, DEADLINE))
    assert client.asked == [("GET", str(VM), "2024-07-01", {})]
    assert (found.body, found.reading.etag, found.reading.provisioning_state) == (BODY, '"1"', "Creating")


@pytest.mark.parametrize("code", ["ResourceNotFound", "ResourceGroupNotFound"])
def test_what_is_not_there(code: str) -> None:
    assert ask(Vms(FakeClient(missing(code))).read(VM, DEADLINE)) is None


def test_another_thing_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ArmError):
        ask(Vms(FakeClient(missing("SubscriptionNotFound"))).read(VM, DEADLINE))


@pytest.mark.parametrize(("status", "new"), [(201, True), (200, False)])
def test_a_put_creates_and_never_changes_and_is_sent_once(status: int, new: bool) -> None:
    client = FakeClient((BODY, {"Azure-AsyncOperation": "https://x"}, status))
    made = ask(Vms(client).create(VM, {"location": "l"}, DEADLINE))
    details = {"body": {"location": "l"}, "only_new": True}
    assert client.asked == [("PUT", str(VM), "2024-07-01", details)]
    assert (made.new, made.reading.operation_url, made.body) == (new, "https://x", BODY)


def test_a_delete_tells_what_to_wait_for() -> None:
    client = FakeClient((None, {"Azure-AsyncOperation": "https://x", "Retry-After": "7"}, 202), (None, {}, 204))
    machines = Vms(client)
    going = ask(machines.delete(VM, DEADLINE))
    assert (going.id, going.operation_url, going.retry_after) == (VM, "https://x", 7)
    assert going.provisioning_state == "Deleting"
    assert ask(machines.delete(VM, DEADLINE)) is None
    assert client.asked[0] == ("DELETE", str(VM), "2024-07-01", {"fits": (200, 202, 204)})
