# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What clients ask before they create a VM: sizes, platform images, quota."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..request.call import Call
from ..wire.answers import Answer, pretty
from ..wire.bodies import mapping
from ..wire.errors import ArmError
from ..wire.odata import parse_filter
from ..wire.versions import LOCATIONS
from .images import IMAGES

if TYPE_CHECKING:
    from ..cloud.store import Store

__all__ = ["SIZES", "cores_in_use", "image_versions", "list_sizes", "list_skus", "list_usages"]

_SIZES = {
    **{f"Standard_B{text}": cores for text, cores in (("1s", 1), ("1ms", 1), ("2s", 2), ("2ms", 2), ("4ms", 4))},
    **{f"Standard_D{cores}{rest}": cores for cores in (2, 4, 8, 16, 32) for rest in ("s_v3", "s_v4", "s_v5", "as_v5")},
    **{f"Standard_D{cores}{rest}": cores for cores in (2, 4, 8, 16, 32) for rest in ("s_v6", "ads_v5", "ds_v5", "_v5")},
    **{f"Standard_E{cores}{rest}": cores for cores in (2, 4, 8, 16, 32) for rest in ("s_v3", "s_v5", "as_v5")},
    **{f"Standard_F{cores}s_v2": cores for cores in (2, 4, 8, 16)},
    **{f"Standard_D{text}": cores for text, cores in (("1_v2", 1), ("S1_v2", 1), ("S2_v2", 2), ("S3_v2", 4))},
    **{f"Basic_A{number}": cores for number, cores in ((0, 1), (1, 1), (2, 2), (3, 4))},
    **{f"Standard_A{text}": cores for text, cores in (("0", 1), ("1", 1), ("1_v2", 1), ("2_v2", 2))},
}
SIZES: dict[str, int] = {name.lower(): cores for name, cores in _SIZES.items()}


def cores_in_use(store: Store, subscription: str, location: str) -> int:
    """Return how many cores the VMs of a subscription have in a location."""
    prefix = f"/subscriptions/{subscription.lower()}/"
    sizes = (
        mapping(vm.body["properties"], "hardwareProfile").get("vmSize")
        for key, vm in store.vms.items()
        if key.startswith(prefix) and vm.location == location
    )
    return sum(SIZES.get(str(size).lower(), 0) for size in sizes)


def list_sizes(call: Call) -> Answer:
    """List the sizes of VMs in a location."""
    value = [
        {
            "name": name,
            "numberOfCores": cores,
            "osDiskSizeInMB": 1047552,
            "resourceDiskSizeInMB": 0,
            "memoryInMB": cores * 4096,
            "maxDataDiskCount": cores * 2,
        }
        for name, cores in _SIZES.items()
    ]
    return _answer({"value": value})


def list_skus(call: Call) -> Answer:
    """List the sizes as resource SKUs, in every location or in the one of `$filter`; raises ArmError 400."""
    text = call.option("$filter")
    terms = parse_filter(text)
    if terms is None or len(terms) > 1 or not all(term.name == "location" and not term.call for term in terms):
        raise _bad_request(f"The $filter '{text}' is not supported.")
    wanted = [term.arguments[0].lower() for term in terms]
    value = [
        {
            "resourceType": "virtualMachines",
            "name": name,
            "tier": "Standard",
            "size": name.removeprefix("Standard_"),
            "family": "standardFamily",
            "locations": [location],
            "locationInfo": [{"location": location, "zones": ["1", "2", "3"], "zoneDetails": []}],
            "capabilities": [{"name": "vCPUs", "value": str(cores)}, {"name": "HyperVGenerations", "value": "V1,V2"}],
            "restrictions": [],
        }
        for location in LOCATIONS
        if location in wanted or not wanted
        for name, cores in _SIZES.items()
    ]
    return _answer({"value": value})


def list_usages(call: Call) -> Answer:
    """List use and quota of cores and VMs in a location."""
    location = call.path.names[0].lower()
    used = cores_in_use(call.store, call.path.subscription, location)
    quota = call.settings.cores_quota
    name = {"value": "cores", "localizedValue": "Total Regional vCPUs"}
    return _answer(
        {"value": [{"limit": 100000 if quota is None else quota, "unit": "Count", "currentValue": used, "name": name}]}
    )


def image_versions(call: Call) -> Answer:
    """List the versions of a platform image, by name or by `$orderby=name desc`, all or `$top`.

    Raises ArmError 400 and 404.
    """
    location, publisher, _kind, offer, sku = (*call.path.names, "", "", "", "")[:5]
    versions = IMAGES.get((publisher.lower(), offer.lower(), sku.lower()))
    if versions is None:
        raise ArmError(404, "NotFound", "Artifact: VMImage was not found.", gateway=False, pretty=True)
    order = call.option("$orderby").lower().split()
    if order not in ([], ["name"], ["name", "asc"], ["name", "desc"]):
        raise _bad_request(f"The order '{call.option('$orderby')}' is not supported.")
    ordered = sorted(versions, key=_by_number, reverse=order[1:] == ["desc"])[: call.number("$top")]
    prefix = call.path.resource_id
    value = [{"location": location, "name": version, "id": f"{prefix}/{version}"} for version in ordered]
    return Answer(200, pretty(value).encode())


def _by_number(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _bad_request(message: str) -> ArmError:
    return ArmError(400, "BadRequest", message, gateway=False, pretty=True)


def _answer(body: object) -> Answer:
    return Answer(200, pretty(body).encode())
