# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the campaign runs: tasks that together make every call of every gateway, each from the same estate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.estate import SUBSCRIPTION, identity_id, resource_id, vm_id

__all__ = ["SCENARIOS", "Scenario"]

_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVtdWxhdG9yLW9ubHkta2V5LW9mLW5vYm9keS1hdC1hbGw ada"
_SUBNET = f"{resource_id('Microsoft.Network/virtualNetworks', 'vnet-westeurope')}/subnets/default"
_GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
_GRANT = f"{_GROUP}/providers/Microsoft.Authorization/roleAssignments/55555555-0000-4000-8000-000000000002"
_CREDENTIAL = {"issuer": "https://oidc.example.com/new", "subject": "system:serviceaccount:shop:new"}
_NEW_VM = {
    "image": "Canonical:ubuntu-24_04-lts:server:latest",
    "size": "Standard_D2s_v5",
    "admin_username": "ada",
    "ssh_public_keys": [_KEY],
    "subnet_id": _SUBNET,
    "system_assigned": True,
    "identities": ["id-a"],
}


@dataclass(frozen=True)
class Scenario:
    """A task.

    :param options: without ``wait_timeout``
    :param target: what its messages must name, if not what the failed request was about
    :param reads: whether it changes nothing
    :param check: whether it runs in check mode
    :param settings: of the emulator
    :param prepared: requests (method, path, body) that are sent before it, to get from the estate to its start
    :param subscription: whether the environment names the subscription
    :param signs_in: whether sign-in and the look-up of the cloud, which are the same in all, are faulted here
    """

    name: str
    module: str
    options: Mapping[str, Any]
    target: str
    reads: bool = False
    check: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    prepared: tuple[tuple[str, str, Any], ...] = ()
    subscription: bool = True
    signs_in: bool = False


def _vm(name: str, module: str, vm: str, /, **more: Any) -> Scenario:
    own = {key: more.pop(key) for key in ("check", "settings", "prepared", "signs_in") if key in more}
    return Scenario(name, module, {"resource_group": "rg", "name": vm, **more}, vm, **own)


def _info(name: str, module: str, target: str, options: Mapping[str, Any], **more: Any) -> Scenario:
    return Scenario(name, module, options, target, reads=True, **more)


def _identity(name: str, identity: str, **options: Any) -> Scenario:
    return Scenario(name, "user_assigned_identity", {"resource_group": "rg", "name": identity, **options}, identity)


def _made_again(name: str) -> tuple[tuple[str, str, Any], ...]:
    """An identity that is deleted and made again, whose old principal stays listed on its VMs."""
    path = f"{identity_id(name)}?api-version=2023-01-31"
    return (("DELETE", path, None), ("PUT", path, {"location": "westeurope"}))


_PAGES = {"page_size": 2}
# The newest api-version of a cloud that gives no ETag.
_NO_ETAG = {"vm_api_versions": ["2022-03-01"]}
_STALE = _made_again("id-b")
_VMSS = "vmss-both"

_SCENARIOS = (
    _vm("vm-system-present", "vm_system_identity", "vm-users", signs_in=True),
    _vm("vm-system-absent", "vm_system_identity", "vm-both", state="absent"),
    _vm("vm-user-present", "vm_user_identity", "vm-both", identities=["id-c"]),
    _vm("vm-user-present-no-etag", "vm_user_identity", "vm-both", identities=["id-c"], settings=_NO_ETAG),
    _vm("vm-user-absent", "vm_user_identity", "vm-both", identities=["id-b"], state="absent"),
    _vm("vm-user-purge", "vm_user_identity", "vm-both", identities=["id-c"], purge=True),
    _vm("vm-user-repair", "vm_user_identity", "vm-both", identities=["id-b"], repair=True, prepared=_STALE),
    _vm("vm-user-check", "vm_user_identity", "vm-both", identities=["id-c"], check=True),
    _vm("vm-create", "vm", "vm-new", **_NEW_VM),
    _vm("vm-there", "vm", "vm-both", system_assigned=True, identities=["id-c"], purge=True),
    _vm("vm-absent", "vm", "vm-both", state="absent"),
    _vm("vmss-system-absent", "vmss_system_identity", _VMSS, state="absent", roll_out=["all"]),
    _vm("vmss-user-present", "vmss_user_identity", _VMSS, identities=["id-c"], roll_out=["1"]),
    _info(
        "vm-info",
        "vm_identity_info",
        "virtualMachines",
        {"client_ids": True},
        subscription=False,
        settings=_PAGES,
        signs_in=True,
    ),
    _info("vmss-info", "vmss_identity_info", _VMSS, {"resource_group": "rg", "name": _VMSS, "instances": True}),
    _identity("identity-create", "id-new", location="westeurope", tags={"team": "web"}),
    _identity("identity-change", "id-unused", tags={"team": "data"}),
    _identity("identity-delete", "id-unused", state="absent"),
    _identity("identity-detach", "id-used", state="absent", detach=True),
    _info("identity-info", "user_assigned_identity_info", "Identities", {"resource_group": "rg"}, settings=_PAGES),
    Scenario(
        "credential-present",
        "federated_credential",
        {"identity": "id-trusting", "resource_group": "rg", "credentials": [{"name": "fc-new", **_CREDENTIAL}]},
        "id-trusting",
    ),
    Scenario(
        "credential-absent",
        "federated_credential",
        {"identity": "id-trusting", "resource_group": "rg", "credentials": [{"name": "fc-a"}], "state": "absent"},
        "id-trusting",
    ),
    Scenario(
        "grant-present",
        "role_assignment",
        {"vm": vm_id("vm-both"), "role": "Contributor", "scopes": [_GROUP]},
        _GROUP,
    ),
    Scenario(
        "grant-absent",
        "role_assignment",
        {"identity": identity_id("id-granted"), "role": "Reader", "scopes": [_GROUP], "state": "absent"},
        _GROUP,
    ),
    Scenario(
        "grant-by-id",
        "role_assignment",
        {"assignment_ids": [_GRANT], "max_changes": 1, "state": "absent"},
        _GRANT,
    ),
    _info("grant-info", "role_assignment_info", _GROUP, {"scopes": [_GROUP], "orphaned": True}),
    _info(
        "permissions",
        "identity_permissions_info",
        "vm-both",
        {"operations": ["assign"], "vms": [vm_id("vm-both")], "identities": [identity_id("id-a")]},
    ),
)
SCENARIOS = {scenario.name: scenario for scenario in _SCENARIOS}
