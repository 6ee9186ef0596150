# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths: what is a route and what is a resource ID."""

from __future__ import annotations

import pytest

from emulator.wire.path import parse, parse_resource_id


@pytest.mark.parametrize(
    ("path", "template", "names"),
    [
        ("/subscriptions", "subscriptions", ()),
        ("/subscriptions/S/resourceGroups/G", "subscriptions/*/resourcegroups/*", ()),
        ("/Subscriptions/S/RESOURCEGROUPS/G/", "subscriptions/*/resourcegroups/*", ()),
        ("/subscriptions/S/providers/Microsoft.Compute", "subscriptions/*/providers/*", ()),
        (
            "/subscriptions/S/providers/Microsoft.Compute/virtualMachines",
            "subscription|microsoft.compute/virtualmachines",
            (),
        ),
        (
            "//subscriptions/S/resourcegroups/G/providers/MICROSOFT.compute/VirtualMachines/Vm",
            "group|microsoft.compute/virtualmachines/*",
            ("Vm",),
        ),
        (
            "/subscriptions/S/providers/Microsoft.Compute/locations/L/operations/O",
            "subscription|microsoft.compute/locations/*/operations/*",
            ("L", "O"),
        ),
        (
            "/subscriptions/S/resourceGroups/G/providers/N.N/types/X/providers/Microsoft.Authorization/locks/L",
            "resource|microsoft.authorization/locks/*",
            ("L",),
        ),
        # A group and a VM may be called like a literal.
        (
            "/subscriptions/S/resourceGroups/providers/providers/Microsoft.Compute/virtualMachines/providers",
            "group|microsoft.compute/virtualmachines/*",
            ("providers",),
        ),
        ("/", "", ()),
        ("/nowhere/at/all", "nowhere/*/all", ()),
    ],
)
def test_template(path: str, template: str, names: tuple[str, ...]) -> None:
    parsed = parse(path)
    assert (parsed.template, parsed.names) == (template, names)


def test_scope_and_spelling_are_kept() -> None:
    parsed = parse("/subscriptions/S/resourceGroups/G/providers/N.N/types/X/providers/Microsoft.Authorization/locks/L")
    assert parsed.scope == "/subscriptions/S/resourceGroups/G/providers/N.N/types/X"
    assert (parsed.subscription, parsed.group, parsed.namespace, parsed.name) == (
        "S",
        "G",
        "Microsoft.Authorization",
        "L",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "id-web",
        "/subscriptions/S",
        "/subscriptions/S/resourceGroups/G",
        "subscriptions/S/resourceGroups/G/providers/N.N/t/x",
    ],
)
def test_not_a_resource_id(text: str) -> None:
    assert parse_resource_id(text) is None
