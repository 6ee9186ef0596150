# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX accepts as a credential type: awx/main/fields.py (CredentialTypeInputField, CredentialTypeInjectorField)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

__all__ = ["credential_type_faults"]

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_FIELD: dict[str, type] = {
    "type": str,
    "format": str,
    "choices": list,
    "id": str,
    "label": str,
    "help_text": str,
    "multiline": bool,
    "secret": bool,
    "ask_at_runtime": bool,
    "default": object,
}
_TYPES: dict[str, type] = {"string": str, "boolean": bool}
_STRINGS_ONLY = ("choices", "multiline", "format", "secret")
_TEMPLATE = re.compile(r"template(\.[a-zA-Z_][a-zA-Z0-9_]*)?")
# Beside all that begin with ANSIBLE_.
_TAKEN = re.compile(
    "VIRTUAL_ENV|PATH|PYTHONPATH|JOB_ID|INVENTORY_ID|INVENTORY_SOURCE_ID|INVENTORY_UPDATE_ID|AD_HOC_COMMAND_ID"
    "|REST_API_URL|REST_API_TOKEN|MAX_EVENT_RES|CALLBACK_QUEUE|CALLBACK_CONNECTION|CACHE|JOB_CALLBACK_DEBUG"
    "|INVENTORY_HOSTVARS|AWX_HOST|PROJECT_REVISION|SUPERVISOR_CONFIG_PATH"
)


def credential_type_faults(kind: Mapping[str, Any]) -> list[str]:
    """Why AWX would refuse a credential type; nothing if it takes it."""
    faults = [] if kind.get("kind") in ("cloud", "net") else ["its kind is neither cloud nor net"]
    inputs, injectors = kind.get("inputs", {}), kind.get("injectors", {})
    faults += _input_faults(inputs)
    return faults or _injector_faults(injectors, [field["id"] for field in inputs.get("fields", [])])


def _input_faults(inputs: Mapping[str, Any]) -> list[str]:
    faults = [f"there is no {name} among inputs" for name in inputs if name not in ("fields", "required")]
    ids = [field.get("id") for field in inputs.get("fields", [])]
    faults += [f"{name} is required, and no field" for name in inputs.get("required", []) if name not in ids]
    faults += [f"{name} is there more than once" for name in {name for name in ids if ids.count(name) > 1}]
    for field in inputs.get("fields", []):
        faults += [f"{field.get('id')}: {fault}" for fault in _field_faults(field)]
    return faults


def _field_faults(field: Mapping[str, Any]) -> list[str]:
    faults = [f"there is no {name}" for name in field if name not in _FIELD]
    faults += [f"{name} is missing" for name in ("id", "label") if name not in field]
    faults += [
        f"{name} is not a {_FIELD[name].__name__}"
        for name, value in field.items()
        if name in _FIELD and not isinstance(value, _FIELD[name])
    ]
    if faults:
        return faults
    kind = field.get("type", "string")
    if not _NAME.fullmatch(field["id"]) or field["id"] == "tower":
        faults.append("its ID cannot be a variable")
    if kind not in _TYPES:
        return [*faults, f"there is no type {kind}"]
    if "default" in field and not isinstance(field["default"], _TYPES[kind]):
        faults.append(f"its default is not a {kind}")
    if field.get("format", "url") not in ("url", "ssh_private_key"):
        faults.append("there is no such format")
    return faults + [f"{name} is for strings" for name in _STRINGS_ONLY if name in field and kind != "string"]


def _injector_faults(injectors: Mapping[str, Any], fields: list[str]) -> list[str]:
    faults = [f"there is no injector {name}" for name in injectors if name not in ("env", "extra_vars", "file")]
    files = injectors.get("file", {})
    faults += [f"a file cannot be called {name}" for name in files if not _TEMPLATE.fullmatch(name)]
    if "template" in files and len(files) > 1:
        faults.append("of several files each needs a name")
    for name, value in injectors.get("env", {}).items():
        if not _NAME.fullmatch(name) or name.startswith("ANSIBLE_") or _TAKEN.fullmatch(name):
            faults.append(f"the variable {name} is not allowed")
        if isinstance(value, str) and not value.isascii():
            faults.append(f"{name} is not ASCII")
    faults += [f"{name} cannot be a variable" for name in injectors.get("extra_vars", {}) if not _NAME.fullmatch(name)]
    for part in injectors.values():
        for name, value in part.items():
            faults += [f"{name}: {fault}" for fault in _template_faults(value, fields, list(files))]
    return faults


class _NoFile:
    """An error as soon as it becomes text."""

    def __str__(self) -> str:
        raise UndefinedError("there is no file")


def _template_faults(template: Any, fields: list[str], files: list[str]) -> list[str]:
    """Every template is tried, with a value in every field."""
    if not isinstance(template, str):
        return ["not a text"]
    named = {name.partition(".")[2]: "EXAMPLE" for name in files if "." in name}
    filename: Any = "EXAMPLE" if "template" in files else SimpleNamespace(**named) if named else _NoFile()
    namespace = {**dict.fromkeys(fields, "EXAMPLE"), "tower": SimpleNamespace(filename=filename)}
    try:
        ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(template).render(namespace)
    except (UndefinedError, SecurityError, TemplateSyntaxError) as error:
        return [str(error)]
    return []
