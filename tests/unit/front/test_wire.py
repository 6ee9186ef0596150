# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AnsibleModule does at its edges, done without one."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.parsing.yaml.objects import AnsibleUnicode, AnsibleVaultEncryptedUnicode
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.managed_identity.azure.plugins.plugin_utils._wire import (
    Checked,
    check_arguments,
    shows_invocation,
    to_result,
    to_wire,
)
from tests.unit.front.operations import echo

NAME = "managed_identity.azure.echo"
PLAIN = (str, int, float, bool, type(None))


def is_plain(value: Any) -> bool:
    """Whether it is made of Python's own types alone, not of subclasses."""
    kind = value.__class__
    if kind is dict:
        return all(is_plain(part) for item in value.items() for part in item)
    if kind is list:
        return all(map(is_plain, value))
    return kind in PLAIN


def check(**arguments: Any) -> Checked:
    return check_arguments(NAME, echo, to_wire(arguments))


def vaulted(text: str) -> AnsibleVaultEncryptedUnicode:
    vault = VaultLib([("default", VaultSecret(b"password"))])
    value = AnsibleVaultEncryptedUnicode(vault.encrypt(text))
    value.vault = vault
    return value


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (AnsibleUnicode("x"), "x"),
        (wrap_var("{{ x }}"), "{{ x }}"),
        (wrap_var({"a": ["b", 1]}), {"a": ["b", 1]}),
        (datetime.date(2024, 1, 2), "2024-01-02"),
        (datetime.datetime(2024, 1, 2, 3, 4, 5), "2024-01-02T03:04:05"),
        (("a", "b"), ["a", "b"]),
        (None, None),
        (True, True),
        (1.5, 1.5),
    ],
)
def test_arguments_are_plain_json(given: Any, expected: Any) -> None:
    found = to_wire({"value": given})
    assert found == {"value": expected}
    assert is_plain(found)


def test_vaulted_argument_is_decrypted() -> None:
    try:
        given = vaulted("sesame")
    except (AttributeError, TypeError):
        pytest.skip("ansible-core 2.19 and newer make vaulted values by tags; the integration tests have one")
    assert to_wire({"value": given}) in ({"value": "sesame"}, {"value": {"__ansible_vault": str(given)}})


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "missing required arguments: text"),
        ({"text": "x", "level": "high"}, "argument 'level' is of type"),
        ({"text": "x", "shade": "pink"}, "value of shade must be one of: light, dark, got: pink"),
        ({"text": "x", "txt": 1}, f"Unsupported parameters for ({NAME}) module: txt. Supported parameters include"),
    ],
)
def test_problems_in_the_words_of_ansible(arguments: dict[str, Any], problem: str) -> None:
    assert check(**arguments).problem.startswith(problem)


def test_problem_with_a_hint() -> None:
    assert check(text="x", api_profile="latest").problem.endswith("of every resource type that it uses.")


def test_good_arguments_have_their_types_and_defaults() -> None:
    found = check(words=3, pin="1234")
    assert found.problem == ""
    assert (found.parameters["text"], found.parameters["level"], found.parameters["pin"]) == ("3", 1, 1234)
    assert found.secrets == {"1234"}


def test_warnings_and_deprecations() -> None:
    found = check(words="a", old_words="b", text="c", shade="light")
    assert any("Both option text and its alias" in warning for warning in found.warnings)
    (deprecation,) = found.deprecations
    assert (deprecation["version"], deprecation["collection_name"]) == ("9.0.0", "managed_identity.azure")
    result = to_result({"changed": False}, ["another"], found)
    assert result["warnings"] == [*found.warnings, "another"]
    assert result["deprecations"] == found.deprecations


def test_result_without_any_of_them() -> None:
    assert to_result({"changed": False}, [], check(text="x"), invocation=False) == {"changed": False}


def test_secrets_are_censored_everywhere() -> None:
    found = check(text="x", secret="sesame", password="open", pin=1234)
    result = to_result(
        {
            "changed": True,
            "failed": True,
            "msg": "at sesame, as sesame-01",
            "list": ["sesame", {"deep": ["xopenx"]}],
            "number": 1234,
            "nothing": None,
            "diff": {"before": "sesame", "after": {"x": "1234"}},
        },
        ["warned of open"],
        found,
    )
    assert not [secret for secret in ("sesame", "open", "1234") if secret in json.dumps(result)]
    assert result["changed"] is True
    assert result["nothing"] is None
    assert result["msg"] == "at ********, as ********-01"
    assert result["invocation"]["module_args"]["secret"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


@pytest.mark.parametrize("secret", ["true", "True", "None", "1"])
def test_secret_that_looks_like_a_value_leaves_the_verdict_alone(secret: str) -> None:
    """As AnsibleModule does: what is true, false or null at the top stays."""
    result = to_result({"changed": True, "failed": False, "x": None}, [], check(text="x", secret=secret))
    assert (result["changed"], result["failed"], result["x"]) == (True, False, None)


def test_result_is_plain_json() -> None:
    result = to_result({"x": wrap_var("{{ y }}"), "t": (1, AnsibleUnicode("z"))}, [], check(text="x"))
    assert is_plain(result)
    assert (result["x"], result["t"]) == ("{{ y }}", [1, "z"])


def test_invocation_is_a_matter_of_configuration_where_ansible_knows_it() -> None:
    from ansible import constants as C

    known = "INJECT_INVOCATION" in C.config.get_configuration_definitions()
    assert shows_invocation({}) is not known
    assert shows_invocation({"ansible_inject_invocation": True}) is True
