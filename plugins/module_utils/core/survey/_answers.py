# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Variables of roles, which may be answers of a survey: texts for lists, blanks, "yes"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from .._errors import InvalidInput
from .._path import shown
from .._resource_id import IDENTITY, VIRTUAL_MACHINE, ResourceId, ResourceKind, check_resource_group, check_subscription
from .._scope import Scope
from ..identities._federated import plan_present, wanted_credentials
from ..roles._role import WantedRole

__all__ = ["KINDS", "items"]

_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_GRANT = ("role", "scope", "scopes", "condition", "condition_version", "description")
_CREDENTIAL = ("name", "issuer", "subject", "audiences", "github", "kubernetes")
# The shorthands of credentials: parts, and what a part is that was left out. Where it is needed, "" is refused.
_TRUSTS: dict[str, dict[str, str | None]] = {
    "github": {"repository": "", **dict.fromkeys(("branch", "tag", "environment", "pull_request", "issuer"))},
    "kubernetes": dict.fromkeys(("issuer", "namespace", "service_account"), ""),
}
_AUDIENCES = ["api://AzureADTokenExchange"]
# Python makes no number of thousands, and nothing that is counted or waited for here needs as many.
_MOST_DIGITS = 18
_NAMED = ("id", "name", "resource_group", "subscription_id")


def _text(value: Any) -> str | None:
    """A text without blanks around it; None for an empty one."""
    return None if value is None else str(value).strip() or None


def _flag(value: Any) -> bool | None:
    """True or false; None for an empty text."""
    word = (_text(value) or "").lower()
    if word and word not in _YES + _NO:
        raise InvalidInput(f"{shown(value)} is neither true nor false.")
    return word in _YES if word else None


def _number(value: Any) -> int | None:
    """A whole number; None for an empty text."""
    text = _text(value)
    if text is not None and not (text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise InvalidInput(f"{shown(value)} is not a whole number.")
    return None if text is None else int(text)


def items(value: Any) -> list[Any]:
    """A list: of a text its lines, without blanks around them and empty ones; of a mapping itself; of nothing none.

    :raises InvalidInput: an item is neither a text, a number nor a mapping
    """
    if isinstance(value, (list, tuple)):
        return [item for part in value for item in items(part)]
    if isinstance(value, Mapping):
        return [dict(value)] if value else []
    if isinstance(value, bool):
        raise InvalidInput(f"{shown(value)} is no item of a list.")
    # Python knows more ends of lines; nobody sees those.
    return [line.strip() for line in re.split(r"[\r\n]", str("" if value is None else value)) if line.strip()]


def _tags(value: Any) -> dict[str, str] | None:
    """Tags: a mapping, or lines NAME=VALUE; None where nothing is said of them."""
    found: dict[str, str] = {}
    for item in items(value):
        if isinstance(item, str):
            name, sign, text = item.partition("=")
            if not sign or not name.strip():
                raise InvalidInput(f"The tag {shown(item)} has no name.", remedy="Write NAME=VALUE.")
            item = {name.strip(): text.strip()}
        found.update({str(name): "" if text is None else str(text) for name, text in item.items()})
    return found if found or isinstance(value, Mapping) else None


def _known(label: str, item: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """A mapping without its empty values; an unknown name is an error."""
    if not isinstance(item, Mapping):
        raise InvalidInput(f"{label} is {shown(item)}.", remedy=f"Expected a mapping of {', '.join(names)}.")
    foreign = sorted(str(name) for name in item if name not in names)
    if foreign:
        raise InvalidInput(
            f"{label} {shown(item)} has {', '.join(foreign)}.", remedy=f"It can have {', '.join(names)}."
        )
    return {name: value for name, value in item.items() if value not in (None, "", [], {})}


def _named(item: Any, kind: ResourceKind, resource_group: str | None) -> dict[str, str]:
    """The parts that name one resource: resource_group, name and, where it is known, subscription_id."""
    if isinstance(item, str):
        group, sign, name = item.rpartition("/")
        full = item.startswith("/")
        item = {"id": item} if full else {"name": name, **({"resource_group": group} if sign else {})}
    given = {name: str(value).strip() for name, value in _known(f"The {kind.label}", item, _NAMED).items()}
    if "id" in given:
        parsed = ResourceId.parse(given["id"], kind)
        return {"resource_group": parsed.resource_group, "name": parsed.name, "subscription_id": parsed.subscription_id}
    group = given.get("resource_group") or resource_group or ""
    if not group or "name" not in given:
        raise InvalidInput(
            f"The {kind.label} {shown(item)} lacks its {'resource group' if 'name' in given else 'name'}.",
            remedy="Name it by its full ID, by GROUP/NAME, or by id, or resource_group and name.",
        )
    kind.check_name(given["name"])
    check_resource_group(group)
    if "subscription_id" in given:
        check_subscription(given["subscription_id"])
    return {**given, "resource_group": group}


def _resources(kind: ResourceKind, value: Any, resource_group: Any = None) -> list[dict[str, str]]:
    """Resources, each once: full IDs, GROUP/NAME, names in ``resource_group``, or mappings; of one of blanks none."""
    there = [item for item in items(value) if not isinstance(item, dict) or any(map(_text, item.values()))]
    found = [_named(item, kind, _text(resource_group)) for item in there]
    return list({tuple(part.lower() for part in one.values()): one for one in reversed(found)}.values())[::-1]


def _scopes(value: Any) -> list[str]:
    """Scopes; a GUID is a subscription."""
    return [str(Scope.parse(f"/subscriptions/{item}" if "/" not in item else item)) for item in map(str, items(value))]


def _grant(item: Any) -> dict[str, Any]:
    if isinstance(item, str):
        item = dict(zip(("scopes", "role"), reversed(item.rsplit(None, 1)), strict=False))
    given = _known("The grant", item, _GRANT)
    lacking = [name for name in ("role", "scopes") if name not in given and not (name == "scopes" and "scope" in given)]
    if lacking:
        raise InvalidInput(
            f"The grant {shown(item)} lacks its {' and '.join(lacking)}.",
            remedy="It has role and scopes; as text it is the role, a blank, and one scope.",
        )
    WantedRole.parse(str(given["role"]))
    scopes = _scopes([given.pop("scope", None), given.pop("scopes", None)])
    return {**given, "scopes": scopes}


def _grants(value: Any) -> list[dict[str, Any]]:
    """Grants: mappings of role and scopes, or lines ``ROLE SCOPE``."""
    return [_grant(item) for item in items(value)]


def _credential(item: Any) -> dict[str, Any]:
    if isinstance(item, str):
        words = item.split(None, 2)
        if len(words) != 3:
            raise InvalidInput(
                f"The credential {shown(item)} is not of three words.", remedy="Write NAME ISSUER SUBJECT."
            )
        item = dict(zip(_CREDENTIAL, words, strict=False))
    given = _known("The credential", item, _CREDENTIAL)
    if "name" not in given:
        raise InvalidInput(f"The credential {shown(item)} lacks its name.", remedy="Give it a name.")
    for trust, names in _TRUSTS.items():
        if trust in given:
            given[trust] = _known(f"{trust} of the credential {given['name']}", given[trust], tuple(names))
    return given


def _credentials(value: Any) -> list[dict[str, Any]]:
    """Federated credentials: mappings, or lines ``NAME ISSUER SUBJECT``. All that can be wrong with them is told."""
    found = [_credential(item) for item in items(value)]
    whole = [{**dict.fromkeys(_CREDENTIAL), "audiences": _AUDIENCES, **one} for one in found]
    for one in whole:
        one["audiences"] = items(one["audiences"])
        one.update({trust: {**parts, **one[trust]} for trust, parts in _TRUSTS.items() if one[trust]})
    plan_present((), wanted_credentials(whole))
    return found


# What a variable can be made of, by the name that the filter takes.
KINDS: dict[str, Callable[..., Any]] = {
    "credentials": _credentials,
    "flag": _flag,
    "grants": _grants,
    "identities": partial(_resources, IDENTITY),
    "list": items,
    "number": _number,
    "scopes": _scopes,
    "tags": _tags,
    "text": _text,
    "vms": partial(_resources, VIRTUAL_MACHINE),
}
