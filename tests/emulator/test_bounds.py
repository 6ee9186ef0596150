# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work without bounds: small requests that ask for very much are refused, and soon."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import typing as t

import pytest

from emulator.base.budget import BudgetError, size_of
from emulator.base.patterns import read_wildcards
from emulator.cloud.faults import FaultError, Faults
from emulator.control import serve_control
from emulator.resource_graph.kql import read_query
from emulator.templates.plan import Planned, in_order
from emulator.wire.odata import Term, parse_filter
from tests.emulator.cloud import GROUP, Cloud
from tests.emulator.templates import DEPLOYMENT, VERSION, body, resource

GROUPS = "Microsoft.Network/networkSecurityGroups"
GRAPH = "/providers/Microsoft.ResourceGraph/resources"
# Of the processor's time, as others may have the machine; without bounds each of these takes minutes, or all memory.
SECONDS = 20


@contextlib.contextmanager
def soon() -> t.Iterator[None]:
    """Fail if the block does not end soon; unlike a timeout of the test run's, in the middle of it."""

    def late(*_given: object) -> t.NoReturn:
        raise AssertionError("it takes too long")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def doubling(first: str, step: str, rounds: int) -> dict[str, t.Any]:
    """Return variables each of which is made of the one before; the last is `v0`."""
    chain = {f"v{number}": step.replace("X", f"variables('v{number + 1}')") for number in range(rounds)}
    return {**chain, f"v{rounds}": first}


USES_V0 = resource(GROUPS, "[string(length(variables('v0')))]")
LONG = "x" * 8000
USES_P = "parameters('p')"
BOMBS: dict[str, dict[str, t.Any]] = {
    "concat": body(USES_V0, variables=doubling("x", "[concat(X, X, X, X)]", 60)),
    "replace": body(USES_V0, variables=doubling("xx", f"[replace(X, 'x', '{'x' * 900}')]", 8)),
    "format": body(USES_V0, variables=doubling(LONG, f"[format('{'{0}' * 900}', X)]", 3)),
    "an array": body(USES_V0, variables=doubling("x", "[createArray(X, X, X, X)]", 60)),
    "a wide object": body(
        resource(GROUPS, "a", tags={"t": f"[string(createArray({', '.join([USES_P] * 1200)}))]"}),
        parameters={"p": {"type": "array"}},
        values={"p": [LONG] * 300},
    ),
    "many copies": body(
        *(
            resource(
                GROUPS, "[concat('a', copyIndex(), variables('v0'))]", copy={"name": "c", "count": 800}, condition=False
            )
            for _number in range(700)
        ),
        variables=doubling("x", "[concat(X, X)]", 7),
    ),
    "dependencies": body(
        *(
            resource(
                GROUPS, f"[concat('{letter}', copyIndex())]", *["all"] * 40_000, copy={"name": "all", "count": 400}
            )
            for letter in "ab"
        ),
    ),
    "an expression": body(resource(GROUPS, f"[concat({', '.join(['1'] * 12_000)})]")),
    "outputs": body(
        outputs={"o": {"type": "string", "value": "[variables('v0')]"}}, variables=doubling("x", "[concat(X, X)]", 60)
    ),
}


# Not after one of them has made more text than there should be.
REASONS = {
    "replace": "The template language function 'replace' would return more than 4194304 characters",
    "format": "The template language function 'format' would return more than 4194304 characters",
}


@pytest.mark.parametrize("name", BOMBS)
def test_templates(cloud: Cloud, name: str) -> None:
    with soon():
        answer = cloud.send("PUT", DEPLOYMENT, BOMBS[name], version=VERSION)
    assert (answer.status, answer.code) == (400, "InvalidTemplate"), answer.text[:300]
    assert REASONS.get(name, "limit") in answer.message
    assert answer.message.startswith("Deployment template validation failed: '")
    assert answer.message.endswith(".'.")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (
            body(parameters={f"p{number}": {"type": "int", "defaultValue": 1} for number in range(257)}),
            "The number of template parameters limit exceeded. Limit: '256' and actual: '257'",
        ),
        (body(variables={f"v{number}": 1 for number in range(513)}), "template variables limit exceeded. Limit: '512'"),
        (
            body(outputs={f"o{number}": {"type": "int", "value": 1} for number in range(65)}),
            "template outputs limit exceeded. Limit: '64'",
        ),
        (
            body(
                resource(GROUPS, "[concat('a', copyIndex())]", copy={"name": "c", "count": 800}), resource(GROUPS, "b")
            ),
            "The number of template resources limit exceeded. Limit: '800' and actual: '801'",
        ),
        (
            body(resource(GROUPS, "a", copy={"name": "c", "count": 10**9})),
            "has an invalid copy count. The copy count must be a positive integer value and cannot exceed '800'",
        ),
        (
            body(resource(GROUPS, f"['{'x' * 24_575}']")),
            "The language expression length limit exceeded. Limit: '24576' and actual: '24577'",
        ),
        (
            body(resource(GROUPS, f"[string({'add(' * 10}{10**18 - 1}{f', {10**18 - 1})' * 10})]")),
            "was either too large or too small for an Int64",
        ),
    ],
    ids=["parameters", "variables", "outputs", "resources", "copies", "expression", "number"],
)
def test_azures_own_limits(cloud: Cloud, given: dict[str, t.Any], reason: str) -> None:
    answer = cloud.send("POST", f"{DEPLOYMENT}/validate", given, version=VERSION)
    assert (answer.status, answer.code) == (400, "InvalidTemplate"), answer.text[:300]
    assert reason in answer.message


def test_a_large_template_is_taken(cloud: Cloud) -> None:
    """As many resources as there can be, each with dependencies and expressions."""
    name = "[concat(variables('prefix'), '-', string(copyIndex()))]"
    tags = {f"t{number}": f"[format('{{0}}-{number}', resourceGroup().location)]" for number in range(10)}
    copies = resource(GROUPS, name, "first", tags=tags, copy={"name": "c", "count": 799})
    given = body(resource(GROUPS, "first"), copies, variables={"prefix": "group"})
    assert cloud.send("PUT", DEPLOYMENT, given, version=VERSION).status == 201
    answer = cloud.send("GET", DEPLOYMENT, version=VERSION).json["properties"]
    assert (answer["provisioningState"], len(answer["outputResources"])) == ("Succeeded", 800)


def test_outputs_and_resources_have_bounds_when_they_are_written(cloud: Cloud) -> None:
    """What is only known then: a reference to something large, many times."""
    tags = {"t": LONG * 4}
    cloud.send("PUT", f"{GROUP}/providers/{GROUPS}/large", {"location": "x", "tags": tags}, version="2022-01-01")
    large = f"reference('{GROUP}/providers/{GROUPS}/large', '2022-01-01', 'Full').tags.t"
    outputs = {"o": {"type": "string", "value": f"[concat({', '.join([large] * 110)})]"}}
    chain = {f"o{number}": outputs["o"] for number in range(20)}
    assert cloud.send("PUT", DEPLOYMENT, body(outputs=chain), version=VERSION).status == 201
    found = cloud.send("GET", DEPLOYMENT, version=VERSION).json["properties"]
    assert found["error"]["code"] == "DeploymentOutputEvaluationFailed"
    assert "The limit of " in found["error"]["message"]


def planned(name: str) -> Planned:
    """Return a resource that depends on nothing yet."""
    return Planned(name, "", name, "", None, {}, t.cast("t.Any", None), [])


def test_dependencies_are_put_in_order_soon() -> None:
    """Each on all before it: the rounds are as many as the resources, and the pairs hundreds of thousands."""
    found = [planned(str(number)) for number in range(1200)]
    for number, item in enumerate(found):
        item.after = found[:number]
    shuffled = random.Random(7).sample(found, len(found))
    with soon():
        ordered = in_order(shuffled)
    assert [item.id for item in ordered] == [item.id for item in found]


QUERIES = {
    "strcat": "Resources | extend a = strcat(name, name)" + " | extend a = strcat(a, a, a, a)" * 40,
    "mv-expand": "Resources | extend a = bag_keys(properties)" + " | mv-expand b = a" * 60,
    "among": f"Resources | where name in ({', '.join(repr('x') for _number in range(6000))})",
    "texts of objects": "Resources | where " + " or ".join(["properties contains 'nowhere'"] * 900),
}


@pytest.mark.parametrize("name", QUERIES)
def test_queries(cloud: Cloud, name: str) -> None:
    seed = cloud.world._seed
    assert isinstance(seed, dict)
    cloud.world.load({**seed, "fleets": [{"prefix": "f", "count": 500, "group": "rg"}]})
    with soon():
        answer = cloud.send("POST", GRAPH, {"query": QUERIES[name]}, version="2024-04-01")
    assert (answer.status, answer.code) == (400, "BadRequest"), answer.text[:300]
    details = answer.json["error"]["details"]
    assert [item["code"] for item in details] == ["InvalidQuery", "QueryExecutionLimitExceeded"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Resources | limit " + "9" * 5000, "ParserFailure"),
        ("Resources | where name == " + "9" * 400 + ".0", "ParserFailure"),
        ("Resources | where name == '" + "x" * 40_000 + "'", "QueryTooLong"),
    ],
    ids=["a number", "a decimal", "long"],
)
def test_queries_that_are_too_long(cloud: Cloud, query: str, code: str) -> None:
    answer = cloud.send("POST", GRAPH, {"query": query}, version="2024-04-01")
    assert answer.status == 400
    assert answer.json["error"]["details"][-1]["code"] == code


def test_a_query_has_its_whole_budget_each_time() -> None:
    """It is read once, and run as often as it is asked."""
    rows = [{"name": "x"}] * 20_000
    query = read_query("Resources | where name == 'x' or name == 'y' | extend a = strcat(name, name)")
    for _number in range(8):
        assert len(query.run(["name"], rows).rows) == 20_000
    with pytest.raises(BudgetError):
        query.run(["name"], rows * 8)


SPACES = " " * 4000
FILTERS = [
    f"f({SPACES}x",
    f"f({SPACES})x",
    f"a{SPACES}eq{SPACES}",
    " and ".join(["a eq 'b'"] * 900) + " and '",
    "'" * 7001,
    f"name{SPACES}and{SPACES}",
]


@pytest.mark.parametrize("text", FILTERS, ids=range(len(FILTERS)))
def test_filters(text: str) -> None:
    with soon():
        assert parse_filter(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ", []),
        ("atScope()", [Term("atscope", (), True)]),
        (" atScope( ) AND principalId EQ 'a''b' ", [Term("atscope", (), True), Term("principalid", ("a'b",), False)]),
        ("assignedTo('X')", [Term("assignedto", ("X",), True)]),
        ("contains(Name, 'x and y')", [Term("contains", ("name", "x and y"), True)]),
        ("tagName eq 'a' and tagValue eq b", [Term("tagname", ("a",), False), Term("tagvalue", ("b",), False)]),
        ("properties/x eq '('", [Term("properties/x", ("(",), False)]),
        ("a eq", None),
        ("a ne 'b'", None),
        ("a eq 'b' and", None),
        ("f(g())", None),
        ("f('x'", None),
        ("a eq 'b", None),
        ("a eq )", None),
    ],
)
def test_what_filters_mean(text: str, expected: list[Term] | None) -> None:
    assert parse_filter(text) == expected


def test_roles_with_many_wildcards() -> None:
    """The actions of a custom role are the caller's, and so is the type that a deployment names."""
    with soon():
        assert not read_wildcards("*a" * 40 + "b")("a" * 5000)
    assert read_wildcards("Microsoft.X/*/read")("microsoft.x/a/b/read")
    assert read_wildcards("Microsoft.X/*/assign/action")("Microsoft.X/assign/action")
    assert not read_wildcards("Microsoft.X/read")("Microsoft.X/readers")
    assert not read_wildcards("Microsoft-X/read")("MicrosoftYX/read")
    assert read_wildcards("a\n*")("A\nb\n")
    assert not read_wildcards("*" * 1001)("x")


FIRST = [{"match": {"path": "(a+)+$"}, "action": {"status": 500}}]


def test_fault_patterns() -> None:
    faults = Faults()
    faults.add(
        [{"match": {"path": pattern}, "action": {"status": 500}} for pattern in ("(a+)+$", "(x+x+)+y", "(.*)*z")]
    )
    with soon():
        assert faults.pick("GET", "/" + "a" * 8000 + "!" + "x" * 8000, ()) is None
    assert faults.pick("GET", "/aaa", ()) is not None
    # A request line can have bytes that are no text.
    assert faults.pick("GET", "/\udcff/aaa", ()) is not None


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("x" * 1001, "is longer than 1000 characters"),
        ("(?!x)", "invalid perl operator: (?!"),
        (r"(x)\1", "invalid escape sequence: \\1"),
        ("((x{900}){900}){900}", "invalid repetition size"),
        ("((((x{30}){30}){30}){30})", ""),
        ("\ud800", "half of a character"),
        ("(", "missing ): ("),
    ],
)
def test_fault_patterns_that_are_refused(pattern: str, reason: str) -> None:
    with pytest.raises(FaultError) as caught:
        Faults().add([{"match": {"path": pattern}, "action": {"status": 500}}])
    assert str(caught.value).startswith("faults[0].match.path: ")
    assert reason in str(caught.value)


def test_there_are_only_so_many_faults() -> None:
    faults = Faults()
    faults.add(FIRST * 1000)
    with pytest.raises(FaultError, match="1000 faults at a time"):
        faults.add(FIRST)


def test_yaml_that_stands_for_more_than_there_is(cloud: Cloud) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]" for number in range(1, 12)]
    for name, text in (
        ("seed", "\n".join(lines)),
        ("settings", "[" * 5000),
        ("faults", "[" * 200_000),
        ("faults", "- " * 5000),
    ):
        with soon():
            answer = serve_control(cloud.world, "POST", name, {}, text.encode())
        assert answer.status == 400, name
        assert json.loads(answer.body)["error"]


@pytest.mark.parametrize("value", [1e400, float("nan"), -1, 10**12, 10**400])
def test_settings_beyond_all_bounds(cloud: Cloud, value: float) -> None:
    for name in ("operation_seconds", "retry_after", "page_size", "log_entries"):
        given = json.dumps({name: value}).encode()
        assert serve_control(cloud.world, "POST", "settings", {}, given).status == 400, name
    number = {"nan": ".nan", "inf": ".inf"}.get(str(value), str(value))
    for name, text in (
        ("settings", f"limit_sizes: {{UpdateVMResource: {{capacity: {number}}}}}"),
        ("faults", f"- action: {{delay: {number}}}"),
        ("faults", f"- {{nth: {number}, action: {{status: 500}}}}"),
        ("faults", f"- {{probability: {number}, action: {{status: 500}}}}"),
        ("time", f"advance: {number}"),
    ):
        assert serve_control(cloud.world, "POST", name, {}, text.encode()).status == 400, text


def test_a_page_size_with_thousands_of_digits(cloud: Cloud) -> None:
    path = f"{GROUP}/resources?$top={'9' * 5000}"
    assert cloud.send("GET", path, version="2021-04-01").status == 200


def test_size_of_stops_when_it_is_enough() -> None:
    shared: list[t.Any] = ["x" * 100]
    for _number in range(60):
        shared = [shared, shared]
    with soon():
        assert size_of(shared, 10_000) > 10_000
    assert 8 <= size_of({"ab": ["cd", 1]}, 10_000) <= 20
