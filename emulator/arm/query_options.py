# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which query options each operation reads; what none of them reads is refused, as its silence would be an answer.

An option without `$` that Azure does not document is ignored, as Azure ignores it: clients send their own.
"""

from __future__ import annotations

from collections.abc import Callable

from ..authorization import locks, role_assignments, role_definitions
from ..compute import catalog, scale_instances, scale_sets, vm_power, vms
from ..identity import associated, federated, msi
from ..parts import plain
from ..request.call import Call
from ..resources import deployments, groups
from ..resources.resource_list import list_all_resources
from ..wire.answers import Answer
from ..wire.errors import ArmError

__all__ = ["check_options"]

_PAGES = frozenset(["$skiptoken"])
_READ: dict[Callable[[Call], Answer], frozenset[str]] = {
    associated.list_associated: _PAGES | {"$filter", "$orderby", "$top", "$skip"},
    catalog.image_versions: frozenset(["$top", "$orderby"]),
    catalog.list_skus: frozenset(["$filter", "includeextendedlocations"]),
    deployments.list_deployments: _PAGES | {"$filter", "$top"},
    deployments.list_operations: _PAGES | {"$top"},
    federated.list_credentials: _PAGES | {"$top"},
    groups.delete_group: frozenset(["forcedeletiontypes"]),
    groups.list_groups: _PAGES | {"$filter", "$top"},
    groups.list_locations: frozenset(["includeextendedlocations"]),
    # Azure PowerShell asks for tenants of all categories; there is one.
    groups.list_tenants: frozenset(["$includealltenantcategories"]),
    list_all_resources: _PAGES | {"$filter", "$expand", "$top"},
    locks.list_locks: _PAGES | {"$filter"},
    msi.list_identities: _PAGES,
    plain.list_resources: _PAGES,
    role_assignments.list_assignments: _PAGES | {"$filter", "tenantid"},
    role_assignments.get_assignment: frozenset(["tenantid"]),
    role_assignments.delete_assignment: frozenset(["tenantid"]),
    role_definitions.list_roles: frozenset(["$filter"]),
    scale_instances.get_instance: frozenset(["$expand"]),
    scale_instances.list_instances: _PAGES | {"$expand"},
    scale_sets.get_scale_set: frozenset(["$expand"]),
    scale_sets.list_scale_sets: _PAGES,
    scale_sets.delete_scale_set: frozenset(["forcedeletion"]),
    vm_power.power: frozenset(["skipshutdown", "hibernate"]),
    vms.delete_vm: frozenset(["forcedeletion"]),
    vms.get_vm: frozenset(["$expand"]),
    vms.list_vms: _PAGES | {"$filter", "$expand", "statusonly"},
}
# Those whose values can only be true or false.
_TRUTHS = frozenset(["forcedeletion", "hibernate", "includeextendedlocations", "skipshutdown", "statusonly"])


def check_options(call: Call, handler: Callable[[Call], Answer]) -> None:
    """Raise ArmError 400 for a `$` option that the operation does not read, and for a value that it cannot have.

    Azure's words for these are not known.
    """
    read = _READ.get(handler, frozenset())
    for name, value in call.query.items():
        lowered = name.lower()
        if lowered.startswith("$") and lowered not in read:
            known = ", ".join(sorted(read)) or "none"
            message = f"The query option '{name}' is not supported by this operation. Supported are: {known}."
            raise ArmError(400, "UnsupportedQuery", message)
        if lowered in read & _TRUTHS and value.lower() not in ("true", "false"):
            raise ArmError(400, "BadRequest", f"The value '{value}' of '{name}' is invalid.")
        if lowered in read & {"tenantid"} and value.lower() != call.caller.tenant:
            message = f"The query option '{name}' for another tenant than the caller's is not supported."
            raise ArmError(400, "UnsupportedQuery", message)
