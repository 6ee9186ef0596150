# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a deployment is given: its template, and the values of the template's parameters."""

from __future__ import annotations

from typing import Any

from ..wire.bodies import mapping
from .expressions import TemplateError
from .scope import Scope

__all__ = ["read_parameters", "read_template", "shown_parameters", "too_many"]

_TYPES: dict[str, tuple[str, tuple[type, ...]]] = {
    "string": ("String", (str,)),
    "securestring": ("SecureString", (str,)),
    "int": ("Int", (int,)),
    "bool": ("Bool", (bool,)),
    "object": ("Object", (dict,)),
    "secureobject": ("SecureObject", (dict,)),
    "array": ("Array", (list,)),
}
# learn.microsoft.com/azure/azure-resource-manager/templates/best-practices; of resources there are 800, copies counted.
_MOST = {"parameters": 256, "variables": 512, "resources": 800, "outputs": 64}
_UNSERVED = ("templateLink", "parametersLink", "onErrorDeployment", "extensionConfigs")
_SECTIONS: dict[str, type] = {"parameters": dict, "variables": dict, "resources": list, "outputs": dict}


def read_template(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the template of a deployment with all its sections; raises ArmError and TemplateError."""
    mode = str(properties.get("mode") or "")
    if mode.lower() != "incremental":
        raise TemplateError(f"The deployment mode '{mode}' is not supported by this emulator, only 'Incremental' is")
    for name in _UNSERVED:
        if properties.get(name):
            raise TemplateError(f"The property '{name}' of a deployment is not supported by this emulator")
    template = mapping(properties, "template")
    for name in ("$schema", "contentVersion", "resources"):
        if name not in template:
            raise TemplateError(f"Required property '{name}' not found in JSON. Path ''")
    for name, kind in _SECTIONS.items():
        if template.get(name) is None:
            template[name] = kind()
        if not isinstance(template[name], kind):
            raise TemplateError(f"The template section '{name}' is not valid. Path '{name}'")
        items = template[name] if kind is list else template[name].values() if name != "variables" else ()
        if not all(isinstance(item, dict) for item in items):
            raise TemplateError(f"The template section '{name}' must hold objects. Path '{name}'")
        if len(template[name]) > _MOST[name]:
            raise TemplateError(too_many(name, _MOST[name], len(template[name])))
    return template


def too_many(section: str, most: int, actual: int) -> str:
    """Return Azure's words for a section with too many items, as users saw them for resources."""
    return (
        f"The number of template {section} limit exceeded. Limit: '{most}' and actual: '{actual}'. Please see "
        f"https://aka.ms/arm-template/#{section} for usage details"
    )


def read_parameters(properties: dict[str, Any], template: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Return the values of all parameters, given or by default; raises ArmError and TemplateError."""
    given = {name.lower(): value for name, value in mapping(properties, "parameters").items()}
    declared = template["parameters"]
    known = {item.lower() for item in declared}
    unknown = [name for name in given if name not in known]
    if unknown:
        raise TemplateError(
            f"The template parameters '{', '.join(unknown)}' in the parameters file are not valid; they are not "
            "present in the original template and can therefore not be provided at deployment time. The only supported "
            f"parameters for this template are '{', '.join(declared)}'. Please see "
            "https://aka.ms/arm-pass-parameter-values for usage details"
        )
    return {name: _value(name, what, given.get(name.lower()), scope) for name, what in declared.items()}


def shown_parameters(template: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters as a deployment shows them: secure ones without their values."""
    shown = {}
    for name, value in values.items():
        title = _kind(name, template["parameters"][name])[0]
        shown[name] = {"type": title} if title.startswith("Secure") else {"type": title, "value": value}
    return shown


def _kind(name: str, declared: dict[str, Any]) -> tuple[str, tuple[type, ...]]:
    wanted = str(declared.get("type") or "")
    if wanted.lower() not in _TYPES:
        raise TemplateError(f"The template parameter '{name}' has the invalid type '{wanted}'")
    return _TYPES[wanted.lower()]


def _value(name: str, declared: dict[str, Any], given: Any, scope: Scope) -> Any:
    title, kinds = _kind(name, declared)
    if isinstance(given, dict) and "value" in given:
        value = given["value"]
    elif "defaultValue" in declared:
        value = scope.early(declared["defaultValue"])
    else:
        raise TemplateError(
            f"The value for the template parameter '{name}' at line '1' and column '1' is not provided. Please see "
            "https://aka.ms/arm-create-parameter-file for usage details"
        )
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise TemplateError(
            f"The provided value for the template parameter '{name}' is not valid. Expected a value of type '{title}'. "
            "Please see https://aka.ms/arm-create-parameter-file for usage details"
        )
    allowed = declared.get("allowedValues")
    if isinstance(allowed, list) and value not in allowed:
        raise TemplateError(
            f"The provided value for the template parameter '{name}' is not valid. The value '{value}' is not part of "
            f"the allowed value(s): '{','.join(str(item) for item in allowed)}'"
        )
    return value
