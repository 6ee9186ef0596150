# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Azure's limits: the sizes of the buckets, whose they are, their counters, and the 429 of each service."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from emulator.cloud.settings import Settings, SettingsError
from emulator.limits.buckets import Buckets, Size
from tests.emulator.cloud import GROUP, SUBSCRIPTION, VM, A, B, Cloud, Reply

ENABLE = {"type": "SystemAssigned"}
CHARGED = "x-ms-ratelimit-remaining-resource"
READS = "x-ms-ratelimit-remaining-subscription-reads"
WRITES = "x-ms-ratelimit-remaining-subscription-writes"
LIST = f"{GROUP}/providers/Microsoft.Compute/virtualMachines"
IDENTITIES = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
MANY = {"capacity": 100_000}


def limited(tmp_path: Path, **sizes: dict[str, float]) -> Cloud:
    """Return a cloud with limits, some of other sizes."""
    return Cloud(tmp_path, limits=True, limit_sizes=sizes)


def until_refused(send: t.Callable[[], Reply]) -> tuple[int, Reply]:
    """Send until 429; return how many got through, and the refusal."""
    for count in range(30_000):
        reply = send()
        if reply.status == 429:
            return count, reply
    raise AssertionError("there is no limit")


def test_a_bucket_fills_again_and_no_further() -> None:
    buckets, size = Buckets(), Size(3, 0.5)
    assert [buckets.take(("a",), size, 0.0) for _number in range(3)] == [2, 1, 0]
    assert (buckets.wait(("a",), size, 0.0), buckets.wait(("b",), size, 0.0)) == (2, 0)
    assert (buckets.wait(("a",), size, 1.0), buckets.wait(("a",), size, 2.0)) == (1, 0)
    assert buckets.level(("a",), size, 1000.0) == 3
    assert buckets.wait(("a",), Size(0, 0), 0.0) == 0
    assert buckets.wait(("a",), Size(3, 0), 0.0) == 3600


def test_limits_are_off_and_counters_stand_still(cloud: Cloud) -> None:
    replies = [cloud.patch(ENABLE) for _number in range(30)]
    assert {reply.status for reply in replies} == {200}
    assert {reply.headers[WRITES] for reply in replies} == {"199"}


def test_writes_of_one_vm(tmp_path: Path) -> None:
    cloud = limited(tmp_path)
    first = cloud.patch(ENABLE)
    assert first.headers[CHARGED] == (
        "Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11"
    )
    count, refusal = until_refused(lambda: cloud.patch(ENABLE))
    assert (1 + count, refusal.code, refusal.headers["Retry-After"]) == (12, "OperationNotAllowed", "15")
    (detail,) = refusal.json["error"]["details"]
    assert (detail["code"], detail["target"]) == ("TooManyRequests", "UpdateVMResource")
    assert json.loads(detail["message"])["allowedRequestCount"] == 12
    assert refusal.headers[CHARGED].endswith("UpdateVMResource;0")
    cloud.now += 15
    assert (cloud.patch(ENABLE).status, cloud.patch(ENABLE).status) == (200, 429)
    cloud.now += 60
    assert until_refused(lambda: cloud.patch(ENABLE))[0] == 4


def test_writes_of_a_region_count_together(tmp_path: Path) -> None:
    cloud = limited(tmp_path, UpdateVMSubscriptionMaximum={"capacity": 2, "per_second": 0.1})
    other = VM + "2"
    assert cloud.send("PUT", other, {"location": "westeurope"}).status == 201
    assert cloud.send("PUT", VM + "3", {"location": "eastus"}).status == 201
    assert [cloud.patch(ENABLE).status, cloud.patch(ENABLE, vm=other).status] == [200, 200]
    refusal = cloud.patch(ENABLE, vm=other)
    assert (refusal.status, refusal.headers["Retry-After"]) == (429, "10")
    assert refusal.json["error"]["details"][0]["target"] == "UpdateVMSubscriptionMaximum"
    assert cloud.patch(ENABLE, vm=VM + "3").status == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "group", "count", "wait"),
    [
        ("GET", VM, None, "LowCostGetResource", 36, "5"),
        ("GET", f"{VM}/instanceView", None, "LowCostGetResource", 36, "5"),
        ("PUT", VM, {"location": "westeurope"}, "PutVMResource", 12, "15"),
        ("GET", LIST, None, "HighCostGetSubscriptionMaximum", 900, "1"),
    ],
)
def test_the_documented_size_of(
    tmp_path: Path, method: str, path: str, body: object, group: str, count: int, wait: str
) -> None:
    cloud = limited(tmp_path, ArmReads=MANY, ArmWrites=MANY)
    found, refusal = until_refused(lambda: cloud.send(method, path, body))
    assert (found, refusal.headers["Retry-After"]) == (count, wait)
    assert refusal.json["error"]["details"][0]["target"] == group


def test_polls_of_one_operation(tmp_path: Path) -> None:
    cloud = limited(tmp_path)
    url = cloud.patch(ENABLE).headers["Azure-AsyncOperation"]
    first = cloud.send("GET", url)
    assert first.headers[CHARGED] == (
        "Microsoft.Compute/GetOperationSubscriptionMaximum;14999,Microsoft.Compute/GetOperationResource;44"
    )
    count, refusal = until_refused(lambda: cloud.send("GET", url))
    assert (1 + count, refusal.headers["Retry-After"]) == (45, "4")


def test_reads_of_a_principal(tmp_path: Path) -> None:
    cloud = limited(tmp_path)
    first = cloud.send("GET", GROUP, version="2022-12-01")
    assert (first.headers[READS], first.headers["x-ms-ratelimit-remaining-subscription-global-reads"]) == (
        "249",
        "3749",
    )
    count, refusal = until_refused(lambda: cloud.send("GET", GROUP, version="2022-12-01"))
    assert (1 + count, refusal.code, refusal.headers["Retry-After"]) == (250, "SubscriptionRequestsThrottled", "1")
    assert refusal.message == (
        f"Number of 'read' requests for subscription '{SUBSCRIPTION}' actor 'main-object' exceeded. Please try again "
        "after '1' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for "
        "additional information."
    )
    assert refusal.headers["x-ms-failure-cause"] == "gateway"
    assert refusal.headers[READS] == "0"
    assert cloud.send("GET", GROUP, version="2022-12-01", caller="limited").status == 200
    cloud.now += 1
    assert until_refused(lambda: cloud.send("GET", GROUP, version="2022-12-01"))[0] == 25


def test_writes_and_deletes_of_a_principal(tmp_path: Path) -> None:
    cloud = limited(tmp_path, DeleteVMResource=MANY)
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/new"
    body = {"location": "westeurope"}
    count, refusal = until_refused(lambda: cloud.send("PUT", group, body, version="2022-12-01"))
    assert (count, "'write'" in refusal.message) == (200, True)
    count, refusal = until_refused(lambda: cloud.send("DELETE", f"{VM}-no"))
    assert (count, "'delete'" in refusal.message) == (200, True)
    cloud.now += 1
    assert until_refused(lambda: cloud.send("PUT", group, body, version="2022-12-01"))[0] == 10


def test_all_principals_of_a_subscription(tmp_path: Path) -> None:
    cloud = limited(tmp_path, ArmGlobalReads={"capacity": 3})
    statuses = [cloud.send("GET", VM, caller=name).status for name in ("main", "limited", "main", "limited")]
    assert statuses == [200, 200, 200, 429]


def test_a_tenant(tmp_path: Path) -> None:
    cloud = limited(tmp_path)
    reply = cloud.send("GET", "/subscriptions", version="2022-12-01")
    assert reply.headers["x-ms-ratelimit-remaining-tenant-reads"] == "249"
    assert READS not in reply.headers
    count, refusal = until_refused(lambda: cloud.send("GET", "/tenants", version="2022-12-01"))
    assert (1 + count, refusal.code) == (250, "TenantRequestsThrottled")


@pytest.mark.parametrize(
    ("method", "path", "body", "wait"),
    [
        ("GET", A, None, "2"),
        ("PUT", A, {"location": "westeurope"}, "4"),
        ("PATCH", A, {"tags": {}}, "4"),
        ("GET", IDENTITIES, None, "4"),
        ("DELETE", A, None, "4"),
        ("POST", f"{A}/listAssociatedResources", None, "1"),
    ],
)
def test_the_identity_service(tmp_path: Path, method: str, path: str, body: object, wait: str) -> None:
    cloud = limited(tmp_path)
    count, refusal = until_refused(lambda: cloud.send(method, path, body, version="2022-01-31-preview"))
    assert (count, refusal.code, refusal.headers["Retry-After"]) == (1, "TooManyRequests", wait)
    cloud.now += int(wait)
    assert cloud.send(method, path, body, version="2022-01-31-preview").status < 300


def test_assignments_of_identities_to_machines(tmp_path: Path) -> None:
    cloud = limited(tmp_path, UpdateVMResource=MANY, ArmWrites=MANY)
    two = {"type": "UserAssigned", "userAssignedIdentities": {A: {}, B: {}}}
    count, refusal = until_refused(lambda: cloud.patch(two))
    assert (count, refusal.code, refusal.headers["Retry-After"]) == (150, "TooManyRequests", "1")
    assert cloud.patch({"type": "SystemAssigned"}).status == 200
    cloud.now += 20
    assert until_refused(lambda: cloud.patch(two))[0] == 150


def test_tokens_of_imds(tmp_path: Path) -> None:
    cloud = limited(tmp_path)
    cloud.patch(ENABLE)
    path = f"/imds/{SUBSCRIPTION}/rg/vm/metadata/identity/oauth2/token?api-version=2018-02-01&resource=r"
    count, refusal = until_refused(lambda: cloud.raw("GET", path, headers={"Metadata": "true"}))
    assert (count, refusal.headers["Retry-After"], "error" in refusal.json) == (20, "1", True)


def test_a_reset_fills_all_buckets(tmp_path: Path) -> None:
    cloud = limited(tmp_path)
    until_refused(lambda: cloud.patch(ENABLE))
    cloud.world.reset()
    assert cloud.patch(ENABLE).status == 200


@pytest.mark.parametrize(
    "sizes", [[], {"x": {}}, {"ArmReads": 3}, {"ArmReads": {"speed": 1}}, {"ArmReads": {"capacity": -1}}]
)
def test_sizes_that_cannot_be(sizes: object) -> None:
    with pytest.raises(SettingsError, match=r"mapping|unknown bucket|unknown 'speed'|number"):
        Settings().updated({"limit_sizes": sizes})
