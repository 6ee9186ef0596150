# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of every module's documentation, run as they are, in an estate shaped like the documentation."""

from __future__ import annotations

import ast
import json
import ssl
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.fronts import ESTATE
from tests.integration.machines import KEY
from tests.support.emulator import Emulator

MODULES = Path(__file__).resolve().parents[2] / "plugins" / "modules"
SUBSCRIPTION = "5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001"
OTHER = "8d2f6a10-1c3b-4e5d-8f7a-9b0c1d2e0006"
SHOP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shop"
HUB = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub"
GONE = "9d1b2c3e-0000-4000-8000-00000000dead"
# What is there before a module's first example; of VMs whether they have a system-assigned identity.
EXAMPLES = {
    "federated_credential": {"identities": ["app", "deploy"]},
    "identity_permissions_info": {"identities": ["app"], "vms": {"web-01": False, "web-02": False}},
    "role_assignment": {"identities": ["app"], "vms": {"web-01": True}, "orphan": True},
    "role_assignment_info": {"vms": {"web-01": True}, "orphan": True},
    "user_assigned_identity": {},
    "user_assigned_identity_info": {"identities": ["app", "logs"]},
    "vm": {"identities": ["app", "logs"], "network": True},
    "vm_identity_info": {"vms": {"web-01": True, "web-02": False}},
    "vm_system_identity": {"vms": {"web-01": False, "web-02": True}},
    "vm_user_identity": {"identities": ["app"], "vms": {"web-01": False}},
    "vmss_identity_info": {"scale_sets": ["web", "jobs"]},
    "vmss_system_identity": {"scale_sets": ["web", "jobs"]},
    "vmss_user_identity": {"identities": ["app"], "scale_sets": ["web"]},
}
READ_ONLY = {name for name in EXAMPLES if name.endswith("_info")} - {"role_assignment_info"}
VARIABLES = {
    "enabled": {"identity": {"principal_id": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c02"}},
    "keys": [KEY],
    "vault_admin_password": "Correct-horse-7",
}


def examples_of(module: str) -> list[dict[str, Any]]:
    """The tasks of a module's EXAMPLES."""
    tree = ast.parse((MODULES / f"{module}.py").read_text(encoding="utf-8"))
    found = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES"
    ]
    return yaml.safe_load(ast.literal_eval(found[0]))


def seed(wanted: dict[str, Any]) -> dict[str, Any]:
    """The estate of the documentation."""
    estate: dict[str, Any] = yaml.safe_load(ESTATE)
    here, there = {"subscription": SUBSCRIPTION}, {"subscription": OTHER}
    named = [{"name": name, "group": "shop", **here} for name in wanted.get("identities", ())]
    central = [{"name": name, "group": "central", **here} for name in ("app", "logs")]
    orphan = {"role": "Reader", "scope": SHOP, "principal": GONE, "type": "ServicePrincipal"}
    return {
        "tenants": estate["tenants"],
        "callers": estate["callers"][:1],
        "management_groups": [{"name": "platform"}],
        "subscriptions": [{"id": SUBSCRIPTION, "name": "Shop"}, {"id": OTHER, "name": "Archive"}],
        "groups": [{"name": name, **here} for name in ("shop", "shop-data", "central", "net", "images")]
        + [{"name": "archive", **there}],
        "identities": [*named, *central],
        "vms": [
            {"name": name, "group": "shop", "system_identity": system, **here}
            for name, system in wanted.get("vms", {}).items()
        ],
        "scale_sets": [{"name": name, "group": "shop", **here} for name in wanted.get("scale_sets", ())],
        "role_definitions": [
            {
                "name": "Storage Blob Data Reader",
                "data_actions": ["Microsoft.Storage/*/read"],
                "scopes": [f"/subscriptions/{SUBSCRIPTION}", f"/subscriptions/{OTHER}"],
            }
        ],
        "role_assignments": [orphan] if "orphan" in wanted else [],
    }


def put(emulator: Emulator, path: str, body: dict[str, Any]) -> None:
    """Make a resource of the network, as whoever made it before us."""
    context = ssl.create_default_context(cafile=emulator.env["SSL_CERT_FILE"])
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    form = {"grant_type": "client_credentials", "scope": "https://management.azure.com/.default"}
    form |= {"client_id": emulator.env["AZURE_CLIENT_ID"], "client_secret": emulator.env["AZURE_SECRET"]}
    token_url = f"{emulator.url}/{emulator.env['AZURE_TENANT']}/oauth2/v2.0/token"
    with opener.open(token_url, urllib.parse.urlencode(form).encode(), timeout=60) as answer:
        token = json.loads(answer.read())["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = json.dumps({"location": "westeurope", **body}).encode()
    request = urllib.request.Request(f"{emulator.url}{path}?api-version=2023-05-01", data, headers, method="PUT")
    opener.open(request, timeout=60).close()


def make_network(emulator: Emulator) -> None:
    """The subnet that the examples name, and an interface in it."""
    subnets = [{"name": "web", "properties": {"addressPrefix": "10.0.0.0/24"}}]
    put(emulator, HUB, {"properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}})
    configuration = {"name": "ipconfig1", "properties": {"subnet": {"id": f"{HUB}/subnets/web"}}}
    interface = f"{SHOP}/providers/Microsoft.Network/networkInterfaces/db-01-nic"
    put(emulator, interface, {"properties": {"ipConfigurations": [configuration]}})


@pytest.mark.quick
@pytest.mark.parametrize("module", EXAMPLES)
def test_examples(one, tmp_path: Path, module: str) -> None:
    wanted = EXAMPLES[module]
    one.seed(seed(wanted))
    if "network" in wanted:
        make_network(one.emulator)
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "id_ed25519.pub").write_text(KEY, encoding="utf-8")
    one.clear_log()
    env = {"HOME": str(tmp_path), "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION}
    tasks = examples_of(module)
    run = one(tasks, env=env, variables=VARIABLES, hosts={"web-01": {}})
    assert [line["task"] for line in run.results if line["outcome"] == "ok"] == [task["name"] for task in tasks]
    changed = [line["task"] for line in run.results if line["result"].get("changed")]
    assert (changed == []) == (module in READ_ONLY)


def test_no_module_is_forgotten() -> None:
    assert set(EXAMPLES) == {file.stem for file in MODULES.glob("*.py")}
