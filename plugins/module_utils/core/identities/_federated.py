# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Federated credentials: what one is, the shorthands for one, and a plan for a set of them.

Rules: learn.microsoft.com, entra/workload-id/workload-identity-federation-considerations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .._errors import InvalidInput
from .._path import shown, unseen
from ..wire._shape import Is, Needed, shaped
from ._subjects import github_trust, kubernetes_trust

__all__ = [
    "CredentialsPlan",
    "FederatedCredential",
    "plan_absent",
    "plan_present",
    "wanted_credentials",
    "wanted_names",
]

_MOST = 20
_LONGEST = 600
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,119}")
_ISSUER = re.compile(r"https://[^\s/?#@]+(?:/[^\s?#]*)?", re.IGNORECASE)
_CREDENTIAL = Needed(
    {
        "id": Needed(str),
        "type": Is("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"),
        "name": Needed(str),
        "properties": Needed({"issuer": Needed(str), "subject": str, "audiences": [str]}),
    }
)
_SHORTHANDS = {"github": github_trust, "kubernetes": kubernetes_trust}


@dataclass(frozen=True)
class FederatedCredential:
    """One federated credential: whose tokens the identity trusts. Names are compared without case, as Azure does."""

    name: str
    issuer: str
    subject: str
    audiences: tuple[str, ...]
    id: str | None = field(default=None, compare=False)

    @cached_property
    def key(self) -> str:
        """What two spellings of one name have in common."""
        return self.name.lower()

    @property
    def trusted(self) -> tuple[str, str, tuple[str, ...]]:
        """Everything but the name. All of it is compared exactly, as Azure does."""
        return self.issuer, self.subject, self.audiences

    @classmethod
    def from_arm(cls, item: Any) -> FederatedCredential:
        """Read one as Azure describes it. Newer kinds of credential may have no subject.

        :raises UnexpectedAnswer: it describes none
        """
        item = shaped(item, _CREDENTIAL)
        said = item["properties"]
        audiences = tuple(said.get("audiences") or ())
        return cls(item["name"], said.get("issuer") or "", said.get("subject") or "", audiences, item.get("id"))

    def to_body(self) -> dict[str, Any]:
        """The body of the write that makes it."""
        return {"properties": self._properties()}

    def _properties(self) -> dict[str, Any]:
        return {"issuer": self.issuer, "subject": self.subject, "audiences": list(self.audiences)}

    def to_diff(self) -> dict[str, Any]:
        """One item of a diff."""
        return {"name": self.name, **self._properties()}

    def to_result(self) -> dict[str, Any]:
        """One item of results."""
        return {"id": self.id, **self.to_diff()}


@dataclass(frozen=True)
class CredentialsPlan:
    """What is to be written and removed, one after another. Names of updates and removals are as Azure spells them."""

    creates: tuple[FederatedCredential, ...] = ()
    updates: tuple[FederatedCredential, ...] = ()
    removals: tuple[FederatedCredential, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.creates or self.updates or self.removals)


def wanted_credentials(given: Sequence[Mapping[str, Any]]) -> tuple[FederatedCredential, ...]:
    """The credentials that options ask for.

    :raises InvalidInput: one cannot be right, or two cannot be beside each other
    """
    wanted_names(given)
    if len(given) > _MOST:
        raise InvalidInput(f"There are {len(given)} credentials for one identity; Azure allows {_MOST}.")
    found = tuple(_wanted(options) for options in given)
    for number, one in enumerate(found):
        for other in found[:number]:
            if (one.issuer, one.subject) == (other.issuer, other.subject):
                raise InvalidInput(
                    f"The credentials {other.name!r} and {one.name!r} have the same issuer and subject.",
                    remedy="An identity can have a combination of issuer and subject once only.",
                )
    return found


def wanted_names(given: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The names of credentials that options hold.

    :raises InvalidInput: one is none, or stands there twice
    """
    seen: dict[str, str] = {}
    for options in given:
        name = options["name"]
        if not _NAME.fullmatch(name):
            raise InvalidInput(
                f"{shown(name)} is not the name of a federated credential: "
                "3 to 120 letters, digits, - or _, starting with a letter or digit.",
                remedy="Correct the name.",
            )
        if name.lower() in seen:
            raise InvalidInput(f"The credential {name!r} is named twice.", remedy="Azure compares names without case.")
        seen[name.lower()] = name
    return tuple(seen.values())


def plan_present(there: Sequence[FederatedCredential], wanted: Sequence[FederatedCredential]) -> CredentialsPlan:
    """What makes the wanted credentials be there; others stay.

    :raises InvalidInput: there would be too many, or another one has the issuer and subject of one of them
    """
    known = {one.key: one for one in there}
    creates = tuple(one for one in wanted if one.key not in known)
    updates = tuple(
        FederatedCredential(known[one.key].name, *one.trusted, id=known[one.key].id)
        for one in wanted
        if one.key in known and known[one.key].trusted != one.trusted
    )
    if creates and len(there) + len(creates) > _MOST:
        raise InvalidInput(
            f"The identity has {len(there)} federated credentials, and {len(creates)} more would make "
            f"{len(there) + len(creates)}; Azure allows {_MOST}. Nothing was changed.",
            remedy=f"Remove some, or use another identity. To be created: {_names(creates)}.",
        )
    for one in (*creates, *updates):
        _check_beside(one, there)
    return CredentialsPlan(creates, updates)


def plan_absent(there: Sequence[FederatedCredential], names: Iterable[str]) -> CredentialsPlan:
    """What makes the credentials of these names be gone."""
    gone = {name.lower() for name in names}
    return CredentialsPlan(removals=tuple(one for one in there if one.key in gone))


def _check_beside(one: FederatedCredential, there: Iterable[FederatedCredential]) -> None:
    for other in there:
        if other.key != one.key and (other.issuer, other.subject) == (one.issuer, one.subject):
            raise InvalidInput(
                f"The credential {other.name!r} of this identity has the issuer and subject of {one.name!r} already. "
                "Nothing was changed.",
                remedy=f"Azure allows that once per identity: remove {other.name!r} first, in a task with state: "
                f"absent, or keep its name. Issuer {one.issuer}, subject {one.subject}.",
            )


def _names(credentials: Iterable[FederatedCredential]) -> str:
    return ", ".join(one.name for one in credentials)


def _wanted(options: Mapping[str, Any]) -> FederatedCredential:
    name = options["name"]
    short = [way for way in _SHORTHANDS if options.get(way) is not None]
    spelt = [part for part in ("issuer", "subject") if options.get(part) is not None]
    if len(short) + bool(spelt) != 1 or len(spelt) == 1:
        raise InvalidInput(
            f"The credential {name!r} needs either issuer and subject, or github, or kubernetes.",
            remedy=f"It has {', '.join((*spelt, *short)) or 'none of them'}.",
        )
    if short:
        issuer, subject = _SHORTHANDS[short[0]](name, options[short[0]])
    else:
        issuer, subject = options["issuer"], options["subject"]
    audiences = tuple(options["audiences"] or ())
    if len(audiences) != 1:
        raise InvalidInput(f"The credential {name!r} needs exactly one audience, and has {len(audiences)}.")
    for what, text in (("issuer", issuer), ("subject", subject), ("audience", audiences[0])):
        _check_text(f"The {what} of the credential {name!r}", text)
    if not _ISSUER.fullmatch(issuer):
        raise InvalidInput(
            f"The issuer of the credential {name!r} is not an https URL: {issuer!r}.",
            remedy="Expected https://host/path, exactly as the tokens have it in iss, without a query.",
        )
    return FederatedCredential(name, issuer, subject, audiences)


def _check_text(what: str, text: str) -> None:
    if not text:
        raise InvalidInput(f"{what} is empty.")
    if text != text.strip():
        raise InvalidInput(f"{what} begins or ends with a blank: {text!r}.", remedy="Tokens have to match it exactly.")
    if unseen(text):
        raise InvalidInput(f"{what} is {shown(text)}: {unseen(text)}.", remedy="Tokens have to match it exactly.")
    if len(text) > _LONGEST:
        raise InvalidInput(f"{what} has {len(text)} characters; Azure allows {_LONGEST}.")
    if "*" in text:
        raise InvalidInput(
            f"{what} has a wildcard: {text!r}.", remedy="Azure compares exactly: make one credential for each."
        )
