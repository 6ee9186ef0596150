# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The routes of Microsoft.Compute."""

from __future__ import annotations

from collections.abc import Iterator

from ..compute import catalog, image_answers, operations, scale_instances, scale_sets, vm_power
from ..compute import vms as compute
from ..parts import plain
from ..request.route import Route

__all__ = ["compute_routes"]

_VM = "Microsoft.Compute/virtualMachines"
_SET = "Microsoft.Compute/virtualMachineScaleSets"
_DISK = "Microsoft.Compute/disks"
Row = tuple[str, str, Route]


def compute_routes() -> Iterator[Row]:
    """Yield method, template and route of all that Compute serves."""
    yield from _machines()
    yield from _scale_sets()
    yield from _disks()
    yield from _locations()


def _machines() -> Iterator[Row]:
    single = "group|microsoft.compute/virtualmachines/*"
    for scope in ("group", "subscription"):
        listing = Route(compute.list_vms, f"{_VM}/read", "machines", "virtualMachines", listing=True)
        yield "GET", f"{scope}|microsoft.compute/virtualmachines", listing
    for method, handler, right in (
        ("GET", compute.get_vm, "read"),
        ("PUT", compute.put_vm, "write"),
        ("PATCH", compute.patch_vm, "write"),
        ("DELETE", compute.delete_vm, "delete"),
    ):
        yield method, single, Route(handler, f"{_VM}/{right}", "machines", "virtualMachines")
    view = Route(compute.instance_view_of, f"{_VM}/instanceView/read", "machines", "virtualMachines")
    yield "GET", f"{single}/instanceview", view
    for name in ("start", "powerOff", "restart", "deallocate"):
        action = Route(vm_power.power, f"{_VM}/{name}/action", "machines", "virtualMachines")
        yield "POST", f"{single}/{name.lower()}", action
    generalize = Route(vm_power.generalize, f"{_VM}/generalize/action", "machines", "virtualMachines")
    yield "POST", f"{single}/generalize", generalize


def _scale_sets() -> Iterator[Row]:
    many, kind = "microsoft.compute/virtualmachinescalesets", "virtualMachineScaleSets"
    single, child = f"group|{many}/*", f"{kind}/virtualMachines"
    for scope in ("group", "subscription"):
        listing = Route(scale_sets.list_scale_sets, f"{_SET}/read", "machines", kind, listing=True)
        yield "GET", f"{scope}|{many}", listing
    for method, handler, right in (
        ("GET", scale_sets.get_scale_set, "read"),
        ("PUT", scale_sets.put_scale_set, "write"),
        ("PATCH", scale_sets.patch_scale_set, "write"),
        ("DELETE", scale_sets.delete_scale_set, "delete"),
    ):
        yield method, single, Route(handler, f"{_SET}/{right}", "machines", kind)
    view = Route(scale_sets.instance_view_of, f"{_SET}/instanceView/read", "machines", kind)
    yield "GET", f"{single}/instanceview", view
    upgrade = Route(scale_instances.upgrade, f"{_SET}/manualUpgrade/action", "machines", kind)
    yield "POST", f"{single}/manualupgrade", upgrade
    instances = f"{single}/virtualmachines"
    right = f"{_SET}/virtualMachines"
    yield "GET", instances, Route(scale_instances.list_instances, f"{right}/read", "machines", child)
    yield "GET", f"{instances}/*", Route(scale_instances.get_instance, f"{right}/read", "machines", child)
    one = Route(scale_instances.instance_view_of_instance, f"{right}/instanceView/read", "machines", child)
    yield "GET", f"{instances}/*/instanceview", one


def _disks() -> Iterator[Row]:
    for scope in ("group", "subscription"):
        listing = Route(plain.list_resources, f"{_DISK}/read", "disks", "disks", listing=True)
        yield "GET", f"{scope}|microsoft.compute/disks", listing
    for method, handler, right in (
        ("GET", plain.get_resource, "read"),
        ("PUT", plain.put_resource, "write"),
        ("PATCH", plain.patch_resource, "write"),
        ("DELETE", plain.delete_resource, "delete"),
    ):
        yield method, "group|microsoft.compute/disks/*", Route(handler, f"{_DISK}/{right}", "disks", "disks")


def _locations() -> Iterator[Row]:
    inner = "subscription|microsoft.compute/locations/*"
    poll = Route(operations.poll, "", "machines", "locations/operations")
    yield "GET", f"{inner}/operations/*", poll
    sizes = Route(catalog.list_sizes, "Microsoft.Compute/locations/vmSizes/read", "machines", "locations/vmSizes")
    yield "GET", f"{inner}/vmsizes", sizes
    usages = Route(catalog.list_usages, "Microsoft.Compute/locations/usages/read", "machines", "locations/usages")
    yield "GET", f"{inner}/usages", usages
    right = "Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions/read"
    versions = Route(catalog.image_versions, right, "machines", "locations/publishers")
    images = f"{inner}/publishers/*/artifacttypes/*/offers/*/skus/*/versions"
    yield "GET", images, versions
    version = Route(image_answers.image_version, right, "machines", "locations/publishers")
    yield "GET", f"{images}/*", version
    yield "GET", "subscription|microsoft.compute/skus", Route(catalog.list_skus, "Microsoft.Compute/skus/read", "skus")
