# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What led to each recorded error, done again in a cloud: `CAUSES`, by the recording's name and number.

What other services recorded, and the front door or the identity service say to all, is asked of a type that the
emulator serves in the place of theirs.
"""

from __future__ import annotations

import functools
import re
import typing as t

from tests.emulator.cloud import Cloud, Reply
from tests.emulator.replay import SUBSCRIPTION

VM = "Microsoft.Compute/virtualMachines"
SCALE_SET = "Microsoft.Compute/virtualMachineScaleSets"
USER = "Microsoft.ManagedIdentity/userAssignedIdentities"
INTERFACE = "Microsoft.Network/networkInterfaces"
ROLES = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
HOME, ELSEWHERE = "54826b22-38d6-4fb2-bad9-b7b93a3e9c5a", "72f988bf-86f1-41af-91ab-2d7cd011db47"
STRANGERS = {
    "v-taoxuzeng@microsoft.com": "674368bb-7eaa-4100-aef7-138f65f50648",
    "aaa@foo.com": "12f8ea5c-1212-449e-b31c-0a574f43076e",
}
SEED: dict[str, t.Any] = {
    "tenants": [{"id": HOME}, {"id": "00000000-1111-4222-8333-444444444444"}],
    "subscriptions": [
        {"id": SUBSCRIPTION},
        *(
            {"id": name, "tenant": "00000000-1111-4222-8333-444444444444"}
            for name in ("1c638cf4-608f-4ee6-b680-c329e824c3a8", "38304e13-357e-405e-9e9a-220351dcce8c")
        ),
    ],
    "callers": [
        {"name": "main", "secret": "s"},
        {"name": "one", "secret": "s", "object_id": "00000000-0000-0000-0000-000000000001"},
        {"name": "two", "secret": "s", "object_id": "c4e9cd8b-d1e1-4b62-ad8c-f3ba2e6b8e5a"},
        *(
            {"name": name, "secret": "s", "client_id": name, "object_id": object_id, "roles": []}
            for name, object_id in STRANGERS.items()
        ),
    ],
    "role_definitions": [
        {
            "name": "Network Contributor",
            "id": "4d97b98b-1d4f-4787-a291-c67834d212e7",
            "actions": ["Microsoft.Network/*"],
        }
    ],
}


class Asked(t.NamedTuple):
    """A recorded error: its request, and what is to be found in the answer (`text` is the whole body)."""

    method: str
    path: str
    body: t.Any
    text: str

    @property
    def group(self) -> str:
        """The ID of the resource group."""
        return "/".join(self.resource.split("/")[:5])

    @property
    def resource(self) -> str:
        """The path without its query."""
        return self.path.partition("?")[0]

    def having(self, **changes: t.Any) -> Asked:
        """Return it with other parts."""
        return self._replace(**changes)

    def of(self, kind: str, version: str = "2024-07-01") -> Asked:
        """Return it asked of another type than the recorded one; the texts follow."""
        theirs = "/".join(self.resource.split("/")[6:8])
        path = f"{self.resource.replace(theirs, kind)}?api-version={version}"
        return self._replace(path=path, text=self.text.replace(theirs, kind))


Cause = t.Callable[[Cloud, Asked], tuple[Asked, Reply]]


def send(cloud: Cloud, asked: Asked, caller: str = "main") -> tuple[Asked, Reply]:
    """Send a request."""
    return asked, cloud.send(asked.method, asked.path, asked.body, caller=caller)


def as_it_is(cloud: Cloud, asked: Asked) -> tuple[Asked, Reply]:
    """The recorded request is enough, in a group that is there."""
    make_group(cloud, asked)
    return send(cloud, asked)


def make_group(cloud: Cloud, asked: Asked) -> None:
    """Make the request's resource group."""
    assert cloud.send("PUT", asked.group, {"location": "westus"}, version="2022-09-01").status == 201


def make(cloud: Cloud, resource: str, **body: t.Any) -> None:
    """Make a VM, a scale set or an identity, and let its operation end."""
    version = "2023-01-31" if USER in resource else "2024-07-01"
    assert cloud.send("PUT", resource, {"location": "westus", **body}, version=version).status == 201
    cloud.now += 60


def without_group(cloud: Cloud, asked: Asked) -> tuple[Asked, Reply]:
    """There is no such group; what is asked for in it is of no account."""
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/" + re.findall(r"group '([^']*)'", asked.text)[0]
    if asked.resource == asked.group:
        return send(cloud, asked)
    return send(cloud, Asked("GET", f"{group}/providers/{VM}/vm?api-version=2024-07-01", None, asked.text))


def not_there(cloud: Cloud, asked: Asked) -> tuple[Asked, Reply]:
    """A resource, or the child of one, is not there; served instead: a VM, or a credential of an identity."""
    name, group = re.findall(r"The Resource '([^']*)' under resource group '([^']*)'", asked.text)[0]
    parts, group_id = name.split("/"), f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}"
    make_group(cloud, asked.having(path=group_id))
    if len(parts) == 3:
        path, ours, version = f"{VM}/{parts[2]}", f"{VM}/{parts[2]}", "2024-07-01"
    else:
        path, version = f"{USER}/{parts[2]}/federatedIdentityCredentials/{parts[4]}", "2023-01-31"
        make(cloud, f"{group_id}/providers/{USER}/{parts[2]}")
        ours = path
    path = f"{group_id}/providers/{path}?api-version={version}"
    return send(cloud, Asked("GET", path, None, asked.text.replace(f"'{name}'", f"'{ours}'")))


def no_parent(cloud: Cloud, asked: Asked) -> tuple[Asked, Reply]:
    """A child is asked of a parent that is not there."""
    make_group(cloud, asked)
    child = re.findall(r"of type '([^']*)'", asked.text)[0]
    parts = asked.resource.split("/")
    path = "/".join([*parts[:6], USER, parts[8], "federatedIdentityCredentials", *parts[10:]])
    text = asked.text.replace("/".join(parts[6:8]), USER)
    text = text.replace(f"'{child}'", "'userAssignedIdentities/federatedIdentityCredentials'")
    body = {"properties": {}} if asked.method == "PUT" else None
    return send(cloud, Asked(asked.method, f"{path}?api-version=2023-01-31", body, text))


def of_a_stranger(cloud: Cloud, asked: Asked, kind: str = VM) -> tuple[Asked, Reply]:
    """The caller has no role at all."""
    make_group(cloud, asked)
    name = next(name for name in STRANGERS if f"'{name}'" in asked.text)
    asked = asked.of(kind) if kind else asked
    text = re.sub(r"object id '[^']*'", f"object id '{STRANGERS[name]}'", asked.text)
    return send(cloud, asked.having(text=text), name)


def with_identity(cloud: Cloud, asked: Asked) -> tuple[Asked, Reply]:
    """A VM is made with the identity block that another type was sent."""
    make_group(cloud, asked)
    body = {"location": "westus", "identity": asked.body["identity"]}
    return send(cloud, asked.of(VM).having(body=body))


def identity_elsewhere(cloud: Cloud, asked: Asked) -> tuple[Asked, Reply]:
    """The identity is in a subscription of another tenant, whose ID the recorder has hidden in the request only."""
    linked = re.findall(r"linked subscription '([^']*)'", asked.text)[0]
    (key,) = asked.body["identity"]["userAssignedIdentities"]
    users = {key.replace(SUBSCRIPTION, linked): {}}
    return with_identity(
        cloud, asked.having(body={"identity": {"type": "UserAssigned", "userAssignedIdentities": users}})
    )


def removal_of_all(cloud: Cloud, asked: Asked) -> tuple[Asked, Reply]:
    """Nulls for all identities that a VM has."""
    make_group(cloud, asked)
    asked, keys = asked.of(VM), list(asked.body["identity"]["userAssignedIdentities"])
    for key in keys:
        make(cloud, key)
    block = {"type": "UserAssigned", "userAssignedIdentities": {key: {} for key in keys}}
    make(cloud, asked.resource, identity=block)
    return send(cloud, asked)


def sent_identity(cloud: Cloud, asked: Asked, users: dict[str, t.Any], *, new: bool) -> tuple[Asked, Reply]:
    """A VM or scale set, which is there unless `new`, is sent identities with these values."""
    make_group(cloud, asked)
    if not new:
        make(cloud, asked.resource)
    keys = {f"{asked.group.replace('Groups', 'groups')}/providers/{USER}/{name}": users[name] for name in users}
    block = {"type": "UserAssigned", "userAssignedIdentities": keys}
    return send(cloud, asked.having(body={"location": "westus", "identity": block}))


def assigned_before(cloud: Cloud, asked: Asked, *, principal: str = "", name: str = "") -> tuple[Asked, Reply]:
    """There is an assignment of the same name to another principal, or of the same content under another name."""
    make_group(cloud, asked)
    scope = asked.resource.partition("/providers/Microsoft.Authorization/")[0]
    if "/subnets/" in scope:
        make_subnet(cloud, scope)
    else:
        make(cloud, scope)
    properties = {**asked.body["properties"], **({"principalId": principal} if principal else {})}
    path = f"{asked.resource.rpartition('/')[0]}/{name or asked.resource.rpartition('/')[2]}"
    assert cloud.send("PUT", path, {"properties": properties}, version="2022-04-01").status == 201
    return send(cloud, asked)


def make_subnet(cloud: Cloud, subnet: str) -> None:
    """Make a virtual network with a subnet."""
    network, _types, name = subnet.rpartition("/subnets/")
    subnets = [{"name": name, "properties": {"addressPrefix": "10.0.0.0/24"}}]
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}
    body = {"location": "westus", "properties": properties}
    assert cloud.send("PUT", network, body, version="2023-05-01").status == 201


def subnet_elsewhere(cloud: Cloud, asked: Asked) -> tuple[Asked, Reply]:
    """A network interface joins a subnet of a subscription that is not there, or another tenant's."""
    make_group(cloud, asked)
    linked = re.findall(r"linked subscription '([^']*)'", asked.text)[0]
    subnet = f"/subscriptions/{linked}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    configuration = {"name": "c", "properties": {"subnet": {"id": subnet}}}
    body = {"location": "westus", "properties": {"ipConfigurations": [configuration]}}
    parts = asked.resource.split("/")
    target = "/".join([*parts[:6], INTERFACE, parts[8]])
    text = asked.text.replace(asked.resource, target)
    text = re.sub(r"action '[^']*'", "action 'Microsoft.Network/virtualNetworks/subnets/join/action'", text)
    return send(cloud, Asked("PUT", f"{target}?api-version=2023-05-01", body, text))


def locked_inside(cloud: Cloud, asked: Asked) -> tuple[Asked, Reply]:
    """A virtual network in the group has a lock."""
    make_group(cloud, asked)
    network = re.findall(r"are locked: '([^']*)'", asked.text)[0]
    make_subnet(cloud, f"{network}/subnets/s")
    body = {"properties": {"level": "CanNotDelete"}}
    lock = f"{network}/providers/Microsoft.Authorization/locks/keep"
    assert cloud.send("PUT", lock, body, version="2016-09-01").status == 201
    return send(cloud, asked)


def busy(cloud: Cloud, asked: Asked) -> tuple[Asked, Reply]:
    """The scale set is being changed."""
    make_group(cloud, asked)
    target = asked.resource.rpartition("/")[0]
    make(cloud, target)
    assert cloud.send("PATCH", target, {"tags": {"a": "b"}}).status == 200
    return send(cloud, asked)


def no_instance(cloud: Cloud, asked: Asked) -> tuple[Asked, Reply]:
    """The scale set has no instances."""
    make_group(cloud, asked)
    make(cloud, asked.resource.partition("/virtualmachines/")[0])
    return send(cloud, asked)


def _identity(users: dict[str, t.Any], *, new: bool = False) -> Cause:
    return functools.partial(sent_identity, users=users, new=new)


_WRONG = {"identity": {"clientId": "x"}}
_OTHER = "11111111-2222-4333-8444-555555555555"
CAUSES: dict[str, Cause] = {
    "test_managed_disk:29": as_it_is,
    "test_vmss_extension:9": as_it_is,
    "test_functionapp_create_with_vnet_no_vnet:4": as_it_is,
    "test_network_watcher_packet_capture:6": as_it_is,
    "test_vm_create_none_options:12": as_it_is,
    "test_container_create_with_msi_scope:28": as_it_is,
    "test_mysql_flexible_server_import_create:31": without_group,
    "test_resource_group_no_wait:3": without_group,
    "test_group_deployment_crossrg:1": without_group,
    "test_sql_mi_endpoint_cert_mgmt:49": without_group,
    "test_storage_account_show_exit_codes:1": without_group,
    "test_afd_custom_domain_crud:0": no_parent,
    "test_PutRecordSet_ZoneNotExists_ExpectError:0": no_parent,
    "test_backup_csr:125": of_a_stranger,
    "test_backup_csr:126": of_a_stranger,
    "test_aks_create_default_service_with_virtual_node_addon:5": functools.partial(of_a_stranger, kind=""),
    "test_account_changekeyvault_fails:0": with_identity,
    "test_account_cmk_encryption:0": with_identity,
    "test_account_renew_credentials_fails:0": with_identity,
    "test_image_builder_template_file:6": identity_elsewhere,
    "test_mysql_flexible_server_identity_aad_admin_mgmt:113": removal_of_all,
    "canCreateUpdateVirtualMachineScaleSetWithEMSI:21": _identity(_WRONG, new=True),
    "canCreateUpdateVirtualMachineWithEMSI:25": _identity(_WRONG, new=True),
    "canUpdateVirtualMachineWithEMSIAndLMSI:16": _identity(_WRONG),
    "canCreateUpdateVirtualMachineScaleSetWithEMSI:60": _identity({}),
    "canCreateUpdateVirtualMachineWithEMSI:53": _identity({}),
    "test_aks_create_default_service_without_skip_role_assignment:23": functools.partial(assigned_before, name=_OTHER),
    "test_vmss_msi:58": functools.partial(assigned_before, principal="00000000-0000-0000-0000-000000000001"),
    "test_backup_rg_mapping:60": subnet_elsewhere,
    "testContainerInstanceWithPrivateIpAddress:3": subnet_elsewhere,
    "test_cannotdelete_resource_lock:8": locked_inside,
    "test_guest_attestation_extension_and_msi:148": busy,
    "test_vmss_simulate_eviction:34": no_instance,
}
