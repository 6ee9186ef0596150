# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Issuer and subject from readable parts."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._subjects import (
    github_trust,
    kubernetes_trust,
)

GITHUB = "https://token.actions.githubusercontent.com"
SHOP = {"repository": "contoso/shop"}
CLUSTER = "https://oidc.test/cluster/"
POD = {"issuer": CLUSTER, "namespace": "shop", "service_account": "app"}


@pytest.mark.parametrize(
    ("options", "subject"),
    [
        ({"branch": "main"}, "repo:contoso/shop:ref:refs/heads/main"),
        ({"branch": "release/1.x", "pull_request": False}, "repo:contoso/shop:ref:refs/heads/release/1.x"),
        ({"tag": "v1.0"}, "repo:contoso/shop:ref:refs/tags/v1.0"),
        ({"environment": "Production"}, "repo:contoso/shop:environment:Production"),
        ({"environment": "Production:V1"}, "repo:contoso/shop:environment:Production%3AV1"),
        ({"pull_request": True}, "repo:contoso/shop:pull_request"),
        # As GitHub documents it for repositories with immutable subjects.
        (
            {"repository": "octo-org@123456/octo-repo@456789", "branch": "main"},
            "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
        ),
    ],
)
def test_github(options: dict[str, Any], subject: str) -> None:
    assert github_trust("n", {**SHOP, **options}) == (GITHUB, subject)


def test_github_enterprise() -> None:
    assert github_trust("n", {**SHOP, "tag": "v", "issuer": "https://x"})[0] == "https://x"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "needs exactly one of branch, tag, environment and pull_request: true. It has none of them."),
        ({"pull_request": False}, "It has none of them"),
        ({"branch": "a", "tag": "b"}, "It has branch and tag"),
        ({"environment": "a", "pull_request": True}, "It has environment and pull_request"),
        ({"branch": ""}, "branch is empty"),
        ({"environment": ""}, "environment is empty"),
        ({"branch": "refs/heads/main"}, "'refs/heads/main' is not the name of a branch"),
        ({"tag": "a b"}, "'a b' is not the name of a tag"),
        ({"branch": "a..b"}, "is not the name of a branch"),
        ({"branch": "/a"}, "is not the name of a branch"),
        ({"branch": "a/"}, "is not the name of a branch"),
        *(
            ({"repository": text, "branch": "main"}, f"repository {text!r} is not of the form owner/name")
            for text in ("shop", "a/b/c", "https://github.com/a/b", "a/", "/b", "a b/c", "a@1/b", "a/b@1", "a@x/b@y")
        ),
        *(
            ({"repository": text, "branch": "main"}, f"repository {text!r} is not of the form owner/name")
            for text in ("a/..", "a/.", "a@1/..@2", "../a", "a@\u0661/b@\u0661")
        ),
    ],
)
def test_what_github_cannot_be(options: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        github_trust("n", {**SHOP, **options})
    assert says in str(caught.value)
    assert "'n'" in str(caught.value)


def test_kubernetes() -> None:
    assert kubernetes_trust("n", POD) == (CLUSTER, "system:serviceaccount:shop:app")
    assert kubernetes_trust("n", {**POD, "service_account": "app.v1"})[1].endswith(":app.v1")


@pytest.mark.parametrize(
    ("part", "text"),
    [
        *(("namespace", text) for text in ("", "Shop", "a.b", "-a", "a-", "a" * 64, "a:b")),
        *(("service_account", text) for text in ("", "App", "a:b", ".a", "a" * 254, "*")),
    ],
)
def test_what_kubernetes_cannot_be(part: str, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"is not the name of a (namespace|service account)"):
        kubernetes_trust("n", {**POD, part: text})
