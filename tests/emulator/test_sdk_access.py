# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients that nobody here wrote: azure-mgmt-authorization, and azure-mgmt-msi for federated credentials, over TLS."""

from __future__ import annotations

import importlib.util
import threading
import time
import typing as t
import uuid

import pytest

from tests.support.emulator import Emulator

pytestmark = pytest.mark.skipif(
    any(
        importlib.util.find_spec("azure") is None or importlib.util.find_spec(name) is None
        for name in ("azure.mgmt.authorization", "azure.mgmt.msi")
    ),
    reason="azure-mgmt-authorization and azure-mgmt-msi are not installed",
)
SCOPES = ["https://management.azure.com/.default"]
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
AUDITOR = ("7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c41", "emulator-only-auditor")


@pytest.fixture
def sdk(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The emulator with its variables in force."""
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    return emulator


def credential(sdk: Emulator, client: str = "", secret: str = "") -> t.Any:
    """Return a credential of the caller of env.sh, or of another one."""
    from azure.identity import ClientSecretCredential

    env = sdk.env
    client, secret = client or env["AZURE_CLIENT_ID"], secret or env["AZURE_SECRET"]
    return ClientSecretCredential(
        env["AZURE_TENANT"], client, secret, authority=sdk.url, disable_instance_discovery=True
    )


def authorization(sdk: Emulator, *who: str) -> t.Any:
    """Return a client of Microsoft.Authorization."""
    from azure.mgmt.authorization import AuthorizationManagementClient

    subscription = sdk.env["AZURE_SUBSCRIPTION_ID"]
    return AuthorizationManagementClient(
        credential(sdk, *who), subscription, base_url=sdk.url, credential_scopes=SCOPES
    )


@pytest.fixture
def msi(sdk: Emulator) -> t.Iterator[t.Any]:
    """A client of the identity service."""
    from azure.mgmt.msi import ManagedServiceIdentityClient

    subscription = sdk.env["AZURE_SUBSCRIPTION_ID"]
    with ManagedServiceIdentityClient(
        credential(sdk), subscription, base_url=sdk.url, credential_scopes=SCOPES
    ) as client:
        yield client


def test_roles(sdk: Emulator) -> None:
    group = f"/subscriptions/{sdk.env['AZURE_SUBSCRIPTION_ID']}/resourceGroups/rg-web"
    with authorization(sdk) as client:
        (role,) = client.role_definitions.list(group, filter="roleName eq 'reader'")
        assert (role.role_name, role.permissions[0].actions) == ("Reader", ["*/read"])
        assert client.role_definitions.get(group, READER).id == role.id
        assert client.role_definitions.get_by_id(f"/providers/Microsoft.Authorization/roleDefinitions/{READER}").name
        assert len(list(client.role_definitions.list(group))) >= 8


def test_assignments(sdk: Emulator) -> None:
    sdk.settings(page_size=1)
    subscription = sdk.env["AZURE_SUBSCRIPTION_ID"]
    group = f"/subscriptions/{subscription}/resourceGroups/rg-web"
    principal = sdk.identity("id-web")["principal_id"]
    role = f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    body: t.Any = {"role_definition_id": role, "principal_id": principal, "principal_type": "ServicePrincipal"}
    with authorization(sdk) as client:
        made = client.role_assignments.create(group, str(uuid.uuid4()), body)
        assert (made.created_by, made.principal_id, made.scope) == (None, principal, group)
        assert client.role_assignments.get(group, made.name).created_by
        for text in (f"principalId eq '{principal}'", f"assignedTo('{principal}')"):
            assert [item.id for item in client.role_assignments.list_for_scope(group, filter=text)] == [made.id]
        found = [item.id for item in client.role_assignments.list_for_subscription()]
        assert (made.id in found, len(found)) == (True, len(sdk.state()["role_assignments"]))
        assert client.role_assignments.delete_by_id(made.id).id == made.id
        assert client.role_assignments.delete_by_id(made.id) is None


def test_errors(sdk: Emulator) -> None:
    from azure.core.exceptions import HttpResponseError, ResourceExistsError

    subscription = sdk.env["AZURE_SUBSCRIPTION_ID"]
    group = f"/subscriptions/{subscription}/resourceGroups/rg-web"
    role = f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    body: t.Any = {"role_definition_id": role, "principal_id": str(uuid.uuid4())}
    with authorization(sdk) as client, authorization(sdk, *AUDITOR) as auditor:
        with pytest.raises(HttpResponseError, match="PrincipalNotFound"):
            client.role_assignments.create(group, str(uuid.uuid4()), body)
        body["principal_type"] = "ServicePrincipal"
        client.role_assignments.create(group, str(uuid.uuid4()), body)
        with pytest.raises(ResourceExistsError, match="RoleAssignmentExists"):
            client.role_assignments.create(group, str(uuid.uuid4()), body)
        with pytest.raises(HttpResponseError, match="AuthorizationFailed"):
            auditor.role_assignments.create(group, str(uuid.uuid4()), body)


def test_permissions(sdk: Emulator) -> None:
    with authorization(sdk, *AUDITOR) as client:
        (found,) = client.permissions.list_for_resource_group("rg-web")
        assert found.actions == ["*/read"]
        (found,) = client.permissions.list_for_resource(
            "rg-web", "Microsoft.ManagedIdentity", "", "userAssignedIdentities", "id-web"
        )
        assert found.actions == ["*/read"]


def test_federated_credentials(sdk: Emulator, msi: t.Any) -> None:
    from azure.core.exceptions import HttpResponseError

    fics = msi.federated_identity_credentials
    body: t.Any = {"issuer": "https://oidc.example.com", "subject": "app", "audiences": ["api://AzureADTokenExchange"]}
    made = fics.create_or_update("rg-web", "id-web", "fic-1", body)
    assert (made.name, made.subject, made.audiences) == ("fic-1", "app", ["api://AzureADTokenExchange"])
    fics.create_or_update("rg-web", "id-web", "fic-2", {**body, "subject": "other"})
    assert [item.name for item in fics.list("rg-web", "id-web", top=1)] == ["fic-1", "fic-2"]
    assert fics.get("rg-web", "id-web", "fic-1").id == made.id
    with pytest.raises(HttpResponseError, match="Issuer and subject combination already exists"):
        fics.create_or_update("rg-web", "id-web", "fic-3", body)
    fics.delete("rg-web", "id-web", "fic-1")
    assert [item.name for item in fics.list("rg-web", "id-web")] == ["fic-2"]


def test_a_federated_identity(sdk: Emulator) -> None:
    from azure.identity import ClientAssertionCredential
    from azure.mgmt.authorization import AuthorizationManagementClient

    token = (sdk.directory / "id-automation.jwt").read_text()
    workload = ClientAssertionCredential(
        sdk.env["AZURE_TENANT"],
        sdk.identity("id-automation")["client_id"],
        lambda: token,
        authority=sdk.url,
        disable_instance_discovery=True,
    )
    subscription = sdk.env["AZURE_SUBSCRIPTION_ID"]
    with AuthorizationManagementClient(workload, subscription, base_url=sdk.url, credential_scopes=SCOPES) as client:
        (found,) = client.permissions.list_for_resource_group("rg-web")
        assert "Microsoft.Authorization/*/Write" in found.not_actions


def test_concurrent_writes_of_credentials(sdk: Emulator, msi: t.Any) -> None:
    """Of two writes at once to one identity one is refused; two identities do not wait for one another."""
    from azure.core.exceptions import ResourceExistsError

    sdk.settings(credential_seconds=1.5)
    fics = msi.federated_identity_credentials
    outcomes: list[str] = []

    def write(identity: str, name: str) -> None:
        body: t.Any = {"issuer": "https://oidc.example.com", "subject": name, "audiences": ["a"]}
        try:
            fics.create_or_update("rg-web", identity, name, body)
        except ResourceExistsError as error:
            outcomes.append(str(error.error.code if error.error else ""))
        else:
            outcomes.append("written")

    write("id-web", "warm-up")
    outcomes.clear()
    begin = time.monotonic()
    names = [("id-web", "one"), ("id-web", "two"), ("id-cache", "one")]
    threads = [threading.Thread(target=write, args=pair) for pair in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == [
        "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        "written",
        "written",
    ]
    assert 1.5 <= time.monotonic() - begin < 2.9
