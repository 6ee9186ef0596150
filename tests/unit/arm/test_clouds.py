# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a cloud is: by its name, by its endpoint, and by what its endpoint says."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._access import Access
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._clouds import (
    Cloud,
    authority_of,
    check_cloud,
    find_cloud,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._origin import split_url
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    AccessError,
    ArmError,
    ConnectionFailed,
    InvalidInput,
)

URL = "https://management.local.azurestack.external"
AUDIENCE = "https://management.contoso.onmicrosoft.com/3ee899c8"
STACK = {
    "galleryEndpoint": "https://adminportal.local.azurestack.external:30015/",
    "graphEndpoint": "https://graph.windows.net/",
    "portalEndpoint": "https://adminportal.local.azurestack.external/",
    "authentication": {"loginEndpoint": "https://login.windows.net/", "audiences": [AUDIENCE]},
}
STACK_ADFS = {
    "authentication": {"loginEndpoint": "https://adfs.local.azurestack.external/adfs", "audiences": [AUDIENCE]}
}
PUBLIC = {
    "name": "AzureCloud",
    "resourceManager": "https://management.azure.com/",
    "authentication": {
        "loginEndpoint": "https://login.microsoftonline.com/",
        "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
        "tenant": "common",
        "identityProvider": "AAD",
    },
}
OWN = {
    "name": "Own",
    "resourceManager": f"{URL}/",
    "authentication": {
        "loginEndpoint": "https://login.own",
        "audiences": ["https://management.core.own/", URL.upper().replace("HTTPS", "https")],
    },
}


def answering(*answers):
    """A get_json that gives the answers one by one, and its list of requested URLs."""
    urls = []

    async def get_json(url):
        urls.append(url)
        answer = answers[len(urls) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return get_json, urls


def access(cloud_environment, **more):
    return Access("secret", "test", cloud_environment=cloud_environment, **more)


@pytest.mark.parametrize(
    ("cloud_environment", "name"),
    [
        ("AzureCloud", "AzureCloud"),
        ("azurecloud", "AzureCloud"),
        ("AZUREUSGOVERNMENT", "AzureUSGovernment"),
        ("AzureChinaCloud", "AzureChinaCloud"),
        ("https://management.azure.com", "AzureCloud"),
        ("https://management.azure.com/", "AzureCloud"),
        ("https://Management.UsGovCloudApi.net/", "AzureUSGovernment"),
        ("https://management.chinacloudapi.cn", "AzureChinaCloud"),
    ],
)
async def test_known_clouds_need_no_call(cloud_environment, name):
    get_json, urls = answering()
    cloud = await find_cloud(access(cloud_environment), get_json)
    assert (cloud.name, cloud.instance_discovery, urls) == (name, True, [])


async def test_the_sdk_knows_the_same_endpoints():
    core = pytest.importorskip("azure.core")
    tools = pytest.importorskip("azure.mgmt.core.tools")
    identity = pytest.importorskip("azure.identity")
    hosts = identity.AzureAuthorityHosts
    pairs = {
        "AzureCloud": (core.AzureClouds.AZURE_PUBLIC_CLOUD, hosts.AZURE_PUBLIC_CLOUD),
        "AzureUSGovernment": (core.AzureClouds.AZURE_US_GOVERNMENT, hosts.AZURE_GOVERNMENT),
        "AzureChinaCloud": (core.AzureClouds.AZURE_CHINA_CLOUD, hosts.AZURE_CHINA),
    }
    for name, (setting, host) in pairs.items():
        cloud = await find_cloud(access(name), answering()[0])
        endpoints = tools.get_arm_endpoints(setting)
        assert f"{cloud.resource_manager}/" == endpoints["resource_manager"]
        assert [cloud.scope] == endpoints["credential_scopes"]
        assert cloud.authority == f"https://{host}"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(STACK, Cloud(URL, URL, "https://login.windows.net", f"{AUDIENCE}/.default", False), id="Stack"),
        pytest.param(
            STACK_ADFS,
            Cloud(URL, URL, "https://adfs.local.azurestack.external/adfs", f"{AUDIENCE}/.default", False),
            id="Stack with AD FS",
        ),
        pytest.param(
            {
                "authentication": {
                    "loginEndpoint": "https://adfs.own/",
                    "audiences": [AUDIENCE],
                    "identityProvider": "ADFS",
                }
            },
            Cloud(URL, URL, "https://adfs.own/adfs", f"{AUDIENCE}/.default", False),
            id="AD FS by its provider's name",
        ),
        pytest.param(OWN, Cloud("Own", URL, "https://login.own", f"{URL}/.default", False), id="one cloud"),
        pytest.param([PUBLIC, OWN], Cloud("Own", URL, "https://login.own", f"{URL}/.default", False), id="a list"),
        pytest.param(
            {"value": [PUBLIC, OWN]}, Cloud("Own", URL, "https://login.own", f"{URL}/.default", False), id="wrapped"
        ),
        pytest.param(
            [PUBLIC],
            Cloud(
                "AzureCloud",
                URL,
                "https://login.microsoftonline.com",
                "https://management.core.windows.net//.default",
                False,
            ),
            id="a list of one, of another name: an endpoint behind a private address",
        ),
    ],
)
@pytest.mark.parametrize("suffix", ["", "/", "/metadata/endpoints?api-version=2019-05-01"])
async def test_a_url_says_the_rest(answer, expected, suffix):
    get_json, urls = answering(answer)
    assert await find_cloud(access(URL + suffix), get_json) == expected
    assert urls == [f"{URL}/metadata/endpoints?api-version=2022-09-01"]


@pytest.mark.parametrize("status", [400, 404])
async def test_an_older_cloud_is_asked_in_its_version(status):
    get_json, urls = answering(ArmError("no such version", status=status), STACK)
    assert (await find_cloud(access(URL), get_json)).authority == "https://login.windows.net"
    assert urls[1] == f"{URL}/metadata/endpoints?api-version=2015-01-01"


@pytest.mark.parametrize("error", [ArmError("broken", status=503), ConnectionFailed("no way", sent=False)])
async def test_other_errors_are_told(error):
    get_json, urls = answering(error)
    with pytest.raises(type(error)):
        await find_cloud(access(URL), get_json)
    assert len(urls) == 1


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([PUBLIC, {"name": "Other"}], "describes AzureCloud, Other, and none of it is at this URL"),
        ([], "describes no cloud"),
        (["x"], "describes no cloud"),
        ("<html>", "describes no cloud"),
        ({}, "does not say how to sign in"),
        ({"authentication": "x"}, "does not say how to sign in"),
        ({"authentication": {"loginEndpoint": "https://l", "audiences": []}}, "does not say how to sign in"),
        ({"authentication": {"loginEndpoint": "http://l", "audiences": ["x"]}}, "a sign-in service without https"),
    ],
)
async def test_what_is_no_metadata(answer, message):
    with pytest.raises(AccessError) as caught:
        await find_cloud(access(URL), answering(answer)[0])
    assert message in caught.value.message


@pytest.mark.parametrize("name", ["AzureGermanCloud", "public", "management.azure.com", "https:/x", "https://", ""])
async def test_an_unknown_name_is_told_the_choices(name):
    with pytest.raises(InvalidInput) as caught:
        await find_cloud(access(name), answering()[0])
    assert caught.value.remedy.startswith("Give AzureCloud, AzureUSGovernment, AzureChinaCloud, or")


@pytest.mark.parametrize("url", ["http://management.azure.com", "http://localhost:1", "ftp://x"])
async def test_without_https_no_token_is_sent(url):
    with pytest.raises(InvalidInput, match="not an https URL"):
        await find_cloud(access(url), answering()[0])


async def test_an_authority_of_the_users_own():
    cloud = await find_cloud(access("AzureCloud", adfs_authority_url="https://adfs.own/adfs"), answering()[0])
    assert (cloud.authority, cloud.instance_discovery) == ("https://adfs.own/adfs", True)


async def test_instance_discovery_can_be_switched_off():
    cloud = await find_cloud(access("AzureCloud", disable_instance_discovery=True), answering()[0])
    assert cloud.instance_discovery is False


@pytest.mark.parametrize(
    ("authority", "expected"),
    [
        ("https://login.microsoftonline.com", ("https://login.microsoftonline.com", "tid")),
        ("https://adfs.own/adfs", ("https://adfs.own", "adfs")),
        ("https://adfs.own/ADFS", ("https://adfs.own", "adfs")),
        ("https://adfs.own", ("https://adfs.own", "tid")),
    ],
)
def test_the_tenant_of_ad_fs_is_its_path(authority, expected):
    assert authority_of(Cloud("x", "https://x", authority, "x"), "tid") == expected


@pytest.mark.parametrize(
    ("said", "graph"),
    [
        ("https://graph.own/", "https://graph.own"),
        ("https://graph.own:8443", "https://graph.own:8443"),
        ("http://graph.own/", None),
        ("https://", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
async def test_microsoft_graph_as_metadata_name_it(said, graph):
    get_json, _urls = answering({**OWN, "microsoftGraphResourceId": said})
    assert (await find_cloud(access(URL), get_json)).graph == graph


@pytest.mark.parametrize(
    ("name", "graph"),
    [
        ("AzureCloud", "https://graph.microsoft.com"),
        ("AzureUSGovernment", "https://graph.microsoft.us"),
        ("AzureChinaCloud", "https://microsoftgraph.chinacloudapi.cn"),
    ],
)
async def test_microsoft_graph_of_known_clouds(name, graph):
    assert (await find_cloud(access(name), answering()[0])).graph == graph


@pytest.mark.parametrize(
    "url",
    [
        "https://[::1",
        "https://host:99999",
        "https://host:x",
        "https://host\x00",
        "https://ho st",
        "https://me:hush@host",
        "https://host?x=1",
        "https://host#x",
        "https://",
        "http://me:hush@host",
        "://",
    ],
)
async def test_an_odd_url_is_refused_offline_and_shows_no_password(url):
    for check in (lambda: check_cloud(url), lambda: resolve({"cloud_environment": url}, {"HOME": "/nonexistent"})):
        with pytest.raises(InvalidInput, match=r"cloud_environment (is|has) ") as caught:
            check()
        assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "login",
    ["https://me:hush@login.own", "http://login.own", "login.own", "https://[::1", "https://l.own/?x=1", "", "//"],
)
async def test_no_secret_goes_to_an_odd_sign_in_service(login):
    get_json, _urls = answering({"authentication": {"loginEndpoint": login, "audiences": ["https://a"]}})
    with pytest.raises(AccessError, match="sign-in service without https") as caught:
        await find_cloud(access(URL), get_json)
    assert "hush" not in str(caught.value)


NAMES = ("value", "name", "resourceManager", "authentication", "loginEndpoint", "audiences", "identityProvider")
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([URL, OWN, PUBLIC])
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3) | st.sampled_from([*NAMES, "microsoftGraphResourceId"]), inner, max_size=5
        )
    ),
    max_leaves=12,
)
SIGN_IN = st.fixed_dictionaries({"loginEndpoint": JSON, "audiences": JSON})


@given(JSON | st.fixed_dictionaries({"authentication": SIGN_IN}))
def test_any_metadata_is_a_cloud_with_https_or_an_error(answer):
    get_json, _urls = answering(answer)
    try:
        cloud = asyncio.run(find_cloud(access(URL), get_json))
    except AccessError:
        return
    assert cloud.resource_manager == URL
    assert split_url(cloud.authority)
    assert cloud.graph is None or split_url(cloud.graph)
    assert cloud.scope.endswith("/.default")
