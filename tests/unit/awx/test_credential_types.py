# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential types that are shipped for AWX, and that the check of them notices what AWX would refuse."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.awx.credential_types import credential_type_faults

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = {
    file.stem: yaml.safe_load(file.read_text(encoding="utf-8"))
    for file in sorted((ROOT / "extensions" / "awx" / "credential_types").glob("*.yml"))
}


def test_there_are_some():
    assert set(SHIPPED) == {"certificate", "federated_token", "managed_identity"}


@pytest.mark.parametrize("name", SHIPPED)
def test_awx_takes_it(name: str):
    assert credential_type_faults(SHIPPED[name]) == []
    # What the module awx.awx.credential_type takes, and nothing else.
    assert set(SHIPPED[name]) == {"name", "description", "kind", "inputs", "injectors"}


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_secret_is_so(name: str):
    fields = {field["id"]: field for field in SHIPPED[name]["inputs"]["fields"]}
    assert [key for key in fields if fields[key].get("secret")] == [
        key for key in fields if key in ("token", "certificate", "password")
    ]


def test_names_differ():
    assert len({kind["name"] for kind in SHIPPED.values()}) == len(SHIPPED)


def changed(path: str, value: Any) -> dict[str, Any]:
    kind = copy.deepcopy(SHIPPED["certificate"])
    *folders, last = path.split("/")
    place: Any = kind
    for folder in folders:
        place = place[int(folder) if folder.isdigit() else folder]
    place[last] = value
    return kind


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("kind", "azure"),
        ("inputs/fields/0/id", "tower"),
        ("inputs/fields/0/id", "sub-scription"),
        ("inputs/fields/0/id", "tenant"),
        ("inputs/fields/0/type", "integer"),
        ("inputs/fields/0/required", True),
        ("inputs/fields/0/default", 1),
        ("inputs/fields/0/multiline", "yes"),
        ("inputs/fields/3/type", "boolean"),
        ("inputs/required", ["nothing"]),
        ("inputs/metadata", []),
        ("injectors/env/ANSIBLE_AZURE_AUTH_SOURCE", "msi"),
        ("injectors/env/PATH", "/"),
        ("injectors/env/AZURE-CLIENT", "x"),
        ("injectors/env/AZURE_X", "{{ nothing }}"),
        ("injectors/env/AZURE_X", "{{ client"),
        ("injectors/env/AZURE_X", "{{ ''.__class__.__mro__ }}"),
        ("injectors/env/AZURE_X", True),
        ("injectors/env/AZURE_X", "\u00e9"),
        ("injectors/env/AZURE_X", "{{ tower.filename.other }}"),
        ("injectors/file", {}),
        ("injectors/file", {"template": "", "template.other": ""}),
        ("injectors/file", {"content": ""}),
        ("injectors/extra_vars", {"not a name": ""}),
        ("injectors/vars", {}),
    ],
)
def test_what_awx_refuses_is_noticed(path: str, value: Any):
    assert credential_type_faults(changed(path, value)) != []
