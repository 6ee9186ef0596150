# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever is sent, ARM answers; nothing raises."""

from __future__ import annotations

import json
import tempfile
import typing as t
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.emulator.cloud import GROUP, TENANT, VM, A, Cloud

SCALAR = st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5)
JSON = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
NAMES = st.sampled_from(
    [
        *("identity", "tags", "properties", "location", "zones", "type", "userAssignedIdentities", A, "x"),
        *("sku", "capacity", "orchestrationMode", "upgradePolicy", "virtualMachineProfile", "instanceIds", "name"),
        *("networkProfile", "networkInterfaces", "networkInterfaceConfigurations", "ipConfigurations", "subnet", "id"),
        *("addressSpace", "addressPrefixes", "addressPrefix", "subnets", "securityRules", "creationData"),
        *("storageProfile", "osDisk", "dataDisks", "imageReference", "osProfile", "adminPassword", "hardwareProfile"),
    ]
)
BODY = st.dictionaries(
    NAMES, JSON | st.dictionaries(NAMES, JSON | st.dictionaries(NAMES, JSON, max_size=2), max_size=3), max_size=4
)
ROLES = "providers/Microsoft.Authorization/role"
PATHS = st.sampled_from(
    [
        VM,
        A,
        GROUP,
        f"{GROUP}/providers/Microsoft.Compute/virtualMachines/new",
        f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/new",
        f"{VM}/providers/Microsoft.Authorization/locks/l",
        f"{VM}/providers/Microsoft.ManagedIdentity/identities/default",
        f"{A}/federatedIdentityCredentials/fic",
        f"{A}/listAssociatedResources",
        f"{VM}/{ROLES}Assignments/3f2e8d0c-5b7a-4c61-9d0e-6f1a2b3c4d5e",
        f"{GROUP}/{ROLES}Definitions/3f2e8d0c-5b7a-4c61-9d0e-6f1a2b3c4d5e",
        f"/providers/Microsoft.Management/managementGroups/{TENANT}/{ROLES}Assignments",
        f"/{ROLES}Assignments/3f2e8d0c-5b7a-4c61-9d0e-6f1a2b3c4d5e",
        f"{GROUP}/providers/Microsoft.Authorization/permissions",
        f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/new",
        f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss",
        f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss/manualupgrade",
        f"{GROUP}/providers/Microsoft.Compute/disks/new",
        f"{GROUP}/providers/Microsoft.Network/networkInterfaces/new",
        f"{GROUP}/providers/Microsoft.Network/networkInterfaces/vm-nic",
        f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-westeurope",
        f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-westeurope/subnets/default",
        f"{GROUP}/providers/Microsoft.Network/publicIPAddresses/new",
        f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/new",
        "/subscriptions",
        f"/{TENANT}/oauth2/v2.0/token",
        "/imds/a/b/c/metadata/identity/oauth2/token",
    ]
)
METHODS = st.sampled_from(["GET", "PUT", "PATCH", "POST", "DELETE", "HEAD", "OPTIONS"])
VERSIONS = st.sampled_from(
    ["2024-07-01", "2023-01-31", "2022-09-01", "2022-04-01", "2016-09-01", "2022-01-31-preview", "", "x"]
)


def make() -> Cloud:
    """Return a cloud; the directory stays empty."""
    return Cloud(Path(tempfile.gettempdir()))


CLOUD = make()


def send(method: str, path: str, version: str, body: bytes) -> None:
    """Send a request and look at nothing but its form."""
    CLOUD.world.reset()
    headers = {"Authorization": f"Bearer {CLOUD.token()}", "Content-Type": "application/json"}
    reply = CLOUD.raw(method, f"{path}?api-version={version}", body, headers)
    assert 200 <= reply.status < 500
    if reply.status >= 400 and reply.text:
        assert json.loads(reply.text)["error"]


@given(METHODS, PATHS, VERSIONS, BODY)
def test_bodies(method: str, path: str, version: str, body: dict[str, t.Any]) -> None:
    send(method, path, version, json.dumps(body).encode())


@given(METHODS, PATHS, VERSIONS, st.binary(max_size=20))
def test_bytes(method: str, path: str, version: str, body: bytes) -> None:
    send(method, path, version, body)


@given(
    METHODS,
    st.lists(
        st.sampled_from(["subscriptions", "x", "resourceGroups", "providers", "Microsoft.Compute", "", "A.B"]),
        max_size=12,
    ),
    VERSIONS,
)
def test_paths(method: str, segments: list[str], version: str) -> None:
    send(method, "/" + "/".join(segments), version, b"")
