# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Whose tokens are trusted: issuer and subject from readable parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._errors import InvalidInput

__all__ = ["github_trust", "kubernetes_trust"]

_GITHUB = "https://token.actions.githubusercontent.com"
# Names may carry GitHub's IDs, as the subjects of repositories made since July 2026 do.
_REPOSITORY = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_-]*(?P<owner_id>@\d+)?/(?!\.\.?(?:@|$))[A-Za-z0-9._-]+(?P<id>@\d+)?", re.ASCII
)
_WAYS = ("branch", "tag", "environment", "pull_request")
_REFERENCE = re.compile(r"refs/|/|.*(?:/$|\.\.|[\s~^:?\[\\])")
# Names of namespaces and of service accounts: kubernetes.io, concepts/overview/working-with-objects/names.
_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")
_SUBDOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?")


def github_trust(name: str, options: Mapping[str, Any]) -> tuple[str, str]:
    """Issuer and subject of the tokens that GitHub Actions gives to workflows.

    Source: docs.github.com, actions/reference/security/oidc, "Example subject claims" and "Immutable subject claims".

    :param name: of the credential, for errors
    :raises InvalidInput: the parts cannot be right
    """
    where = f"github of the credential {name!r}"
    repository = options["repository"]
    found = _REPOSITORY.fullmatch(repository)
    if not found or bool(found["owner_id"]) != bool(found["id"]):
        raise InvalidInput(
            f"{where}: repository {repository!r} is not of the form owner/name.",
            remedy="Repositories with immutable subject claims need owner@ID/name@ID, with the numbers of GitHub.",
        )
    given = [way for way in _WAYS if options.get(way) not in (None, False)]
    if len(given) != 1:
        raise InvalidInput(
            f"{where} needs exactly one of branch, tag, environment and pull_request: true.",
            remedy=f"It has {' and '.join(given) or 'none of them'}.",
        )
    issuer = _GITHUB if options.get("issuer") is None else options["issuer"]
    return issuer, f"repo:{repository}:{_github_context(where, given[0], options[given[0]])}"


def _github_context(where: str, way: str, value: Any) -> str:
    if way == "pull_request":
        return way
    if not value:
        raise InvalidInput(f"{where}: {way} is empty.")
    if way == "environment":
        # GitHub does so with a colon, the only character that it replaces.
        return f"environment:{value.replace(':', '%3A')}"
    if _REFERENCE.match(value):
        raise InvalidInput(
            f"{where}: {value!r} is not the name of a {way}.", remedy="Expected one name, without refs/."
        )
    return f"ref:refs/{'heads' if way == 'branch' else 'tags'}/{value}"


def kubernetes_trust(name: str, options: Mapping[str, Any]) -> tuple[str, str]:
    """Issuer and subject of the tokens that Kubernetes gives to a service account.

    :param name: of the credential, for errors
    :raises InvalidInput: the parts cannot be right
    """
    for part, pattern, rule in (
        ("namespace", _LABEL, "1 to 63 lower-case letters, digits or -"),
        ("service_account", _SUBDOMAIN, "1 to 253 lower-case letters, digits, - or ."),
    ):
        if not pattern.fullmatch(options[part]):
            raise InvalidInput(
                f"kubernetes of the credential {name!r}: {options[part]!r} is not the name of a "
                f"{part.replace('_', ' ')}: {rule}, starting and ending with a letter or digit."
            )
    return options["issuer"], f"system:serviceaccount:{options['namespace']}:{options['service_account']}"
