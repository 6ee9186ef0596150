# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Which source gives the credential, whole: parameters, environment, file, az, msi."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...core._errors import AccessError, InvalidInput
from ._az_process import find_az
from ._credentials_file import credentials_path, profile_layer
from ._layers import CREDENTIAL_NAMES, Layer, choice
from ._method import Method
from ._methods import BY_NAME, DESCRIBED

__all__ = ["AUTH_SOURCES", "Found", "find"]

AUTH_SOURCES = ("auto", "cli", "credential_file", "env", "msi")
_PROOFS = ("secret", "x509_certificate_path", "oidc_token", "oidc_token_file_path")


@dataclass(frozen=True)
class Found:
    """Where the credential comes from.

    :param kind: as ``Access.kind``
    :param source: in human words
    :param fields: the credential's options, those of its kind only
    :param profile: the section of the credentials file that it is from, whose settings count too
    :param lacks: why earlier sources were passed over
    """

    kind: str
    source: str
    fields: Mapping[str, Any]
    profile: Layer | None = None
    lacks: tuple[str, ...] = ()


def find(given: Layer, variable: Layer, environ: Mapping[str, str]) -> Found:
    """Find the credential's source.

    :param given: a task's parameters
    :param variable: the environment's
    :raises AccessError: the source that the user named has no complete credential
    :raises InvalidInput: a parameter would have no effect
    """
    layer = given if given.get("auth_source") else variable
    auth_source = choice(layer.get("auth_source") or "auto", layer.spelled("auth_source"), AUTH_SOURCES)
    _refuse_ignored(given, auth_source)
    if auth_source == "cli":
        return Found("cli", BY_NAME["cli"].words, {})
    if auth_source == "msi":
        return _managed_identity(given if given.get("client_id") else variable)
    if auth_source == "credential_file":
        return _from_profile(_profile(given, variable) or "default", environ)
    if auth_source == "env":
        profile = variable.get("profile")
        return _from_profile(profile, environ) if profile else _required(variable)
    return _auto(given, variable, environ)


def _auto(given: Layer, variable: Layer, environ: Mapping[str, str]) -> Found:
    if given.get("client_id") or given.get("ad_user"):
        return _required(given)
    profile = _profile(given, variable)
    if profile:
        return _from_profile(profile, environ)
    lacks = ["parameters: neither client_id nor ad_user is set."]
    for place in _places(variable, environ):
        if isinstance(place, str):
            lacks.append(f"credentials file: {place}.")
            continue
        method = _pick(place)
        if method:
            return _found(method, place, None if place is variable else place)
        lacks.append(f"{place.where}: {_lacking(place)}.")
    if not find_az(environ.get("PATH", "")):
        lacks.append("Azure CLI: az is not on PATH.")
    fields = {"client_id": variable.get("client_id")}
    return Found("auto", "first of Azure CLI and managed identity that gives a token", fields, lacks=tuple(lacks))


def _places(variable: Layer, environ: Mapping[str, str]) -> Iterator[Layer | str]:
    """Where a credential may be that no parameter names, in order, or why there is no such place."""
    yield variable
    yield profile_layer("default", environ)


def _profile(given: Layer, variable: Layer) -> str | None:
    return given.get("profile") or variable.get("profile")


def _from_profile(profile: str, environ: Mapping[str, str]) -> Found:
    section = profile_layer(profile, environ)
    if isinstance(section, Layer):
        return _required(section, section)
    raise AccessError(
        f"There is no credential: {section}.",
        remedy=f"Name a section of {credentials_path(environ)} by profile or AZURE_PROFILE.",
    )


def _required(layer: Layer, profile: Layer | None = None) -> Found:
    method = _pick(layer)
    if method is None:
        remedy = "The fields of a credential come from one place only: none is added from another."
        if layer.get("client_id") and not any(layer.get(name) for name in _PROOFS):
            remedy += " For a managed identity set auth_source to msi."
        raise AccessError(f"No complete credential in the {layer.where}: {_lacking(layer)}.", remedy=remedy)
    return _found(method, layer, profile)


def _found(method: Method, layer: Layer, profile: Layer | None = None) -> Found:
    fields = {name: layer.use(name) for name in (*method.needs, *method.allows)}
    return Found(method.name, f"{method.words.format(**fields)}, from {layer.where}", fields, profile)


def _managed_identity(layer: Layer) -> Found:
    client_id = layer.get("client_id")
    words = BY_NAME["msi"].words.format(client_id=client_id) if client_id else "managed identity of this machine"
    return Found("msi", words, {"client_id": client_id})


def _pick(layer: Layer) -> Method | None:
    """The first way to sign in for which the layer has all that is needed."""
    return next((method for method in DESCRIBED if all(layer.get(name) for name in method.needs)), None)


def _lacking(layer: Layer) -> str:
    """What is missing, in the spelling of the place where it is missing."""
    if layer.get("ad_user") and not layer.get("client_id"):
        return f"{layer.spelled('password')} is not set"
    if layer.get("password") and not layer.get("ad_user"):
        return f"{layer.spelled('ad_user')} is not set"
    if not layer.get("client_id"):
        return f"neither {layer.spelled('client_id')} nor {layer.spelled('ad_user')} is set"
    missing = [] if layer.get("tenant") else [f"{layer.spelled('tenant')} is not set"]
    if not any(layer.get(name) for name in _PROOFS):
        missing.append(f"none of {', '.join(map(layer.spelled, _PROOFS))} is set")
    return f"{layer.spelled('client_id')} is set, but {' and '.join(missing)}"


def _refuse_ignored(given: Layer, auth_source: str) -> None:
    """A parameter that would have no effect is an error: the task would run as somebody else than its author thinks."""
    present = [name for name in CREDENTIAL_NAMES if given.get(name)]
    profile = ["profile"] if given.get("profile") else []
    if auth_source == "auto":
        _refuse_in_auto(given, present, bool(profile))
        return
    used = {"msi": ["client_id"], "credential_file": ["profile"]}.get(auth_source, [])
    ignored = [name for name in (*present, *profile) if name not in used]
    if ignored:
        raise InvalidInput(
            f"With auth_source {auth_source} these parameters would have no effect: {', '.join(ignored)}.",
            remedy="Leave them out, or leave auth_source out.",
        )


def _refuse_in_auto(given: Layer, present: list[str], profile: bool) -> None:
    if present and profile:
        raise InvalidInput(f"The parameters profile and {present[0]} exclude each other: a credential has one source.")
    if present and not (given.get("client_id") or given.get("ad_user")):
        raise InvalidInput(
            f"The parameter {present[0]} has no effect without client_id or ad_user.",
            remedy="The fields of a credential come from one place only: give client_id too, or none of them.",
        )
    for name in ("x509_certificate_password", "thumbprint"):
        if name in present and "x509_certificate_path" not in present:
            raise InvalidInput(f"The parameter {name} has no effect without x509_certificate_path.")
