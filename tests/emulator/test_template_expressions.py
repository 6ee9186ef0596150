# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The expressions of templates, and templates that are none."""

from __future__ import annotations

import tempfile
import typing as t
from pathlib import Path

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from emulator.templates.functions import FUNCTIONS
from tests.emulator.cloud import SUBSCRIPTION, Cloud
from tests.emulator.templates import DEPLOYMENT, VERSION, body, outcome, resource

EXPRESSIONS: list[tuple[str, t.Any]] = [
    ("[concat('it''s ', 1, ' ', true())]", "it's 1 True"),
    ("[concat(createArray(1), createArray('2'))]", [1, "2"]),
    ("[[not('one')]", "[not('one')]"),
    ("plain", "plain"),
    ("[if(equals(length('abc'), 3), 'yes', concat(1))]", "yes"),
    ("[split('a,b,c', ',')[1]]", "b"),
    ("[parameters('thing').inner[0].Key]", "found"),
    ("[format('{0}-{1}', variables('x'), sub(5, 2))]", "of x-3"),
    ("[substring(replace('abcabc', 'b', '-'), 1, 2)]", "-c"),
    ("[subscription().subscriptionId]", SUBSCRIPTION),
    (
        "[resourceId('other', 'A.B/c/d', 'e', 'f')]",
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/other/providers/A.B/c/e/d/f",
    ),
    ("[length(uniqueString(resourceGroup().id))]", 13),
    ("[deployment().name]", "made"),
    ("[or(false(), not(empty(first(createArray('x')))))]", True),
]


@pytest.mark.parametrize(("text", "value"), EXPRESSIONS, ids=[text for text, _value in EXPRESSIONS])
def test_expressions(cloud: Cloud, text: str, value: t.Any) -> None:
    thing = {"type": "object", "defaultValue": {"inner": [{"key": "found"}]}}
    outputs = {"x": {"type": "object", "value": text}}
    found = outcome(cloud, parameters={"thing": thing}, variables={"x": "of x"}, outputs=outputs)
    assert found["outputs"]["x"]["value"] == value


GROUPS = "Microsoft.Network/networkSecurityGroups"
INVALID: list[tuple[str, dict[str, t.Any], str]] = [
    ("a function", body(resource(GROUPS, "[fancy('x')]")), "The template function 'fancy' is not valid"),
    ("an end", body(resource(GROUPS, "[concat('x'")), "Deployment template validation failed"),
    ("syntax", body(resource(GROUPS, "[concat('x', ]")), "Unable to parse language expression 'concat('x', '"),
    ("arguments", body(resource(GROUPS, "[toLower(1)]")), "'toLower' has an invalid parameter"),
    ("a condition", body(resource(GROUPS, "[if('x', 'y', 'z')]")), "'if' has an invalid parameter"),
    ("half a condition", body(resource(GROUPS, "[if(true(), 'y')]")), "requires 3 argument(s) while 2 were provided"),
    ("too few", body(resource(GROUPS, "[toLower()]")), "requires 1 argument(s) while 0 were provided"),
    ("a parameter", body(resource(GROUPS, "[parameters('p')]")), "The template parameter 'p' is not found"),
    ("a variable", body(resource(GROUPS, "[variables('v')]")), "The template variable 'v' is not found"),
    ("itself", body(resource(GROUPS, "[variables('v')]"), variables={"v": "[variables('v')]"}), "refers to itself"),
    ("too early", body(resource(GROUPS, "[reference('x').name]")), "'reference' is not expected at this location"),
    ("no loop", body(resource(GROUPS, "[string(copyIndex())]")), "'copyIndex' is not expected"),
    ("segments", body(resource(GROUPS, "a/b")), "has incorrect segment lengths"),
    ("a type", body(resource("Nothing", "a")), "has incorrect segment lengths"),
    ("twice", body(resource(GROUPS, "a"), resource(GROUPS, "A")), "is defined multiple times in a template"),
    ("elsewhere", body(resource(GROUPS, "a", "b")), "The resource 'b' is not defined in the template"),
    (
        "a name",
        body(resource(GROUPS, "a", properties={"[createArray(1)]": 1})),
        "property name '[createArray(1)]' must be",
    ),
    (
        "a name's",
        body(resource(GROUPS, "a", properties={"[parameters('p')]": 1})),
        "The template parameter 'p' is not found",
    ),
    ("loops", body(resource(GROUPS, "a", properties={"copy": [{"name": "x"}]})), "Loops over properties"),
    ("a circle", body(resource(GROUPS, "a", "b"), resource(GROUPS, "b", "a")), "Circular dependency detected"),
    ("no value", body(parameters={"p": {"type": "string"}}), "The value for the template parameter 'p'"),
    ("a value", body(parameters={"p": {"type": "int"}}, values={"p": "1"}), "Expected a value of type 'Int'"),
    (
        "allowed",
        body(parameters={"p": {"type": "int", "allowedValues": [2]}}, values={"p": 1}),
        "allowed value(s): '2'",
    ),
    ("undeclared", body(values={"p": 1}), "'p' in the parameters file are not valid"),
    ("a kind", body(parameters={"p": {"type": "thing"}}), "the invalid type 'thing'"),
    ("a count", body(resource(GROUPS, "a", copy={"name": "l", "count": -1})), "invalid copy count"),
    ("nested", body(resource("Microsoft.Resources/deployments", "a")), "Nested deployments are not supported"),
    ("no resources", {"properties": {"mode": "Incremental", "template": {}}}, "Required property '$schema' not found"),
    ("a mode", {"properties": {"mode": "Complete", "template": {}}}, "mode 'Complete' is not supported"),
    ("a section", body(outputs=[1]), "The template section 'outputs' is not valid"),
    ("an object", body(parameters={"a": 1}), "The template section 'parameters' must hold objects"),
    ("depth", body(resource(GROUPS, "[" + "not(" * 4800 + "true()" + ")" * 4800 + "]")), "nested too deep"),
]


@pytest.mark.parametrize(("given", "reason"), [item[1:] for item in INVALID], ids=[item[0] for item in INVALID])
def test_templates_that_are_none(cloud: Cloud, given: dict[str, t.Any], reason: str) -> None:
    for method, path in (("PUT", DEPLOYMENT), ("POST", f"{DEPLOYMENT}/validate")):
        answer = cloud.send(method, path, given, version=VERSION)
        if reason == "Deployment template validation failed":
            # Without its end it is no expression but a name that Microsoft.Network takes.
            assert answer.status in (200, 201)
            continue
        assert (answer.status, answer.code) == (400, "InvalidTemplate")
        assert reason in answer.message
        assert answer.message.startswith("Deployment template validation failed: '")


PIECES = st.sampled_from(
    [
        *("[", "]", "(", ")", ",", ".", "'", " ", "'x'", "0", "-1", "99", "name", "value", "[["),
        *(f"{name}(" for name in (*FUNCTIONS, "reference", "if", "resourceId", "subscriptionResourceId", "copyIndex")),
        *("parameters('p')", "variables('v')", "resourceGroup()", "subscription()", "deployment()", "createArray()"),
    ]
)


ANY = Cloud(Path(tempfile.gettempdir()))


@any_of(st.lists(PIECES, max_size=9).map("".join), st.booleans())
def test_any_expression(inner: str, bracketed: bool) -> None:
    """It has a value, or is refused as a template; as an output that may also be what the deployment fails of."""
    text = f"[{inner}]" if bracketed else inner
    parameters = {"p": {"type": "object", "defaultValue": {"name": [1, "x", None, {}]}}}
    given = body(
        resource("Microsoft.Network/publicIPAddresses", "ip", properties={"x": text}),
        parameters=parameters,
        variables={"v": text},
        outputs={"o": {"type": "object", "value": text}},
    )
    ANY.world.reset()
    answer = ANY.send("PUT", DEPLOYMENT, given, version=VERSION)
    assert answer.status in (200, 201) or answer.code == "InvalidTemplate"
