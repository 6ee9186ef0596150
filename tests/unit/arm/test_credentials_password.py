# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users sign in by name and password: by azure-identity's blocking credential, with the same trust as all others."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._by_password import PortKeeper
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._sign_in import SignIn
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._sign_in_transport import NotSignedIn
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError

pytest.importorskip("azure.core")
pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS", "ignore:This API has been deprecated")

SCOPE = "https://management.test/.default"


@pytest.fixture(autouse=True)
def no_waits(monkeypatch):
    from azure.core.pipeline.transport import RequestsTransport

    monkeypatch.setattr(RequestsTransport, "sleep", lambda *args: None)


async def test_password(service, make, tmp_path):
    service.authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    environ = {"REQUESTS_CA_BUNDLE": str(tmp_path / "ca.pem"), "AZURE_AD_USER": "u@x", "AZURE_PASSWORD": "pa55"}
    credential, _access, notes = make({}, environ)
    assert (await credential.get_token(SCOPE)).token == "token-1"
    assert (await credential.get_token_info(SCOPE)).token == "token-1"
    asked = service.asked[0]
    assert asked["path"] == "/organizations/oauth2/v2.0/token"
    assert asked["client_id"] == "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    assert (asked["username"], asked["password"]) == ("u@x", "pa55")
    assert notes == ["password of user u@x, from environment variables"]
    await credential.close()


@pytest.mark.parametrize("mode", ["validate", "ignore"])
async def test_password_checks_the_certificate_unless_told_not_to(service, make, mode):
    params = {"ad_user": "u", "password": "p", "client_id": "own", "tenant": "tid", "cert_validation_mode": mode}
    credential, access, _notes = make(params)
    if mode == "ignore":
        await credential.get_token(SCOPE)
        assert (service.asked[0]["client_id"], service.asked[0]["path"]) == ("own", "/tid/oauth2/v2.0/token")
    else:
        with pytest.raises(AccessError, match="authority that is not trusted here") as caught:
            await SignIn(access, lambda: credential).token(SCOPE, Deadline(9))
        assert "REQUESTS_CA_BUNDLE" in caught.value.remedy
        assert service.asked == []
    await credential.close()


async def test_mfa_is_explained(service, make):
    service.refusal = "AADSTS50076: Due to a configuration change you must use multi-factor authentication."
    params = {"ad_user": "u", "password": "p", "cert_validation_mode": "ignore"}
    credential, _access, _notes = make(params)
    with pytest.raises(AccessError) as caught:
        await credential.get_token(SCOPE)
    error = caught.value
    assert error.code == "AADSTS50076"
    assert "second factor" in error.remedy
    await credential.close()


@pytest.mark.parametrize(
    ("authority", "url", "sent"),
    [
        ("https://host:8443", "https://host/common/userrealm/u?v=1", "https://host:8443/common/userrealm/u?v=1"),
        ("https://host:8443", "https://host:8443/token", "https://host:8443/token"),
        ("https://host:8443", "https://other/token", "https://other/token"),
        ("https://host", "https://host/token", "https://host/token"),
    ],
)
def test_the_port_of_the_authority_is_kept(authority, url, sent):
    asked = []

    def send(request, **_options):
        asked.append(request.url)
        return SimpleNamespace(status_code=200, headers={}, content=b"{}")

    PortKeeper(SimpleNamespace(send=send), authority).send(SimpleNamespace(url=url))
    assert asked == [sent]


def test_a_password_goes_nowhere_without_https():
    with pytest.raises(NotSignedIn, match=r"names evil\.test without https"):
        PortKeeper(SimpleNamespace(), "https://host").send(SimpleNamespace(url="http://evil.test/token"))
