# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Federated credentials: what one is, and the plan for a set of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput, UnexpectedAnswer
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._federated import (
    CredentialsPlan,
    FederatedCredential,
    plan_absent,
    plan_present,
    wanted_credentials,
    wanted_names,
)

AUDIENCE = "api://AzureADTokenExchange"
ISSUER = "https://issuer.test"


def options(name: str = "one", **more: Any) -> dict[str, Any]:
    """What the module gets for one credential."""
    empty = dict.fromkeys(("issuer", "subject", "github", "kubernetes"))
    given_ = more if {"github", "kubernetes"} & set(more) else {"issuer": ISSUER, "subject": f"s-{name}", **more}
    return {**empty, "name": name, "audiences": [AUDIENCE], **given_}


def credential(name: str, subject: str = "", **more: Any) -> FederatedCredential:
    return FederatedCredential(name, ISSUER, subject or f"s-{name}", (AUDIENCE,), **more)


GITHUB = {"repository": "a/b", "branch": "main"}
POD = {"issuer": ISSUER, "namespace": "a", "service_account": "b"}


def test_wanted() -> None:
    found = wanted_credentials(
        [options("one"), options("two", github=GITHUB), options("six", kubernetes=POD, audiences=["x"])]
    )
    assert found == (
        credential("one"),
        FederatedCredential(
            "two", "https://token.actions.githubusercontent.com", "repo:a/b:ref:refs/heads/main", (AUDIENCE,)
        ),
        FederatedCredential("six", ISSUER, "system:serviceaccount:a:b", ("x",)),
    )
    assert found[0].to_body() == {
        "properties": {"issuer": ISSUER, "subject": "s-one", "audiences": [AUDIENCE]},
    }


@pytest.mark.parametrize(
    "one",
    [
        options("a" * 120, subject="s" * 600),
        options("0_-", issuer="https://h"),
        options(issuer="https://h:8443/a/b/"),
        options(issuer="HTTPS://H/"),
        options(audiences=["a" * 600]),
    ],
)
def test_what_is_right(one: dict[str, Any]) -> None:
    assert wanted_credentials([one])


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        *(
            ([options(name)], f"{name!r} is not the name of a federated credential")
            for name in ("", "ab", "-abc", "_abc", "a.b", "a b c", "a" * 121, "abc\n")
        ),
        ([options("one"), options("ONE", subject="x")], "The credential 'ONE' is named twice"),
        ([options("one"), options("two", subject="s-one")], "'one' and 'two' have the same issuer and subject"),
        ([options(issuer=None)], "needs either issuer and subject, or github, or kubernetes. It has subject."),
        ([options(subject=None)], "It has issuer."),
        ([options(issuer=None, subject=None)], "It has none of them."),
        ([options(github=GITHUB, kubernetes=POD)], "It has github, kubernetes."),
        ([options(github=GITHUB, issuer=ISSUER)], "It has issuer, github."),
        ([options(audiences=[])], "needs exactly one audience, and has 0"),
        ([options(audiences=None)], "needs exactly one audience, and has 0"),
        ([options(audiences=["a", "b"])], "needs exactly one audience, and has 2"),
        ([options(audiences=[""])], "The audience of the credential 'one' is empty"),
        ([options(subject="")], "The subject of the credential 'one' is empty"),
        ([options(issuer="")], "The issuer of the credential 'one' is empty"),
        ([options(subject="s" * 601)], "has 601 characters; Azure allows 600"),
        ([options(issuer=ISSUER + "/" + "a" * 600)], "Azure allows 600"),
        ([options(audiences=["a" * 601])], "Azure allows 600"),
        ([options(subject="repo:a/b:*")], "has a wildcard"),
        ([options(subject="s ")], "begins or ends with a blank"),
        ([options(subject="repo:a\u202e")], r"is 'repo:a\u202e': it holds '\u202e' (U+202E). Tokens have to match"),
        ([options(issuer=f"{ISSUER}\ud800")], r"it holds '\ud800' (U+D800)"),
        ([options(issuer=" https://x")], "begins or ends with a blank"),
        *(
            ([options(issuer=issuer)], "is not an https URL")
            for issuer in ("http://x", "x", "https://", "https://x?a=b", "https://x#a", "https://u@x", "https://a b")
        ),
        ([options(github={**GITHUB, "branch": "a*"})], "has a wildcard"),
        (
            [options(f"one-{number}") for number in range(21)],
            "There are 21 credentials for one identity; Azure allows 20.",
        ),
    ],
)
def test_what_is_wrong(given_: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        wanted_credentials(given_)
    assert says in str(caught.value)


EXACT = [
    (
        [options("a b")],
        "'a b' is not the name of a federated credential: "
        "3 to 120 letters, digits, - or _, starting with a letter or digit. Correct the name.",
    ),
    (
        [options("one"), options("ONE")],
        "The credential 'ONE' is named twice. Azure compares names without case.",
    ),
    (
        [options("one"), options("two", subject="s-one")],
        "The credentials 'one' and 'two' have the same issuer and subject. "
        "An identity can have a combination of issuer and subject once only.",
    ),
    (
        [options(issuer="http://x")],
        "The issuer of the credential 'one' is not an https URL: 'http://x'. "
        "Expected https://host/path, exactly as the tokens have it in iss, without a query.",
    ),
    (
        [options(subject=" s")],
        "The subject of the credential 'one' begins or ends with a blank: ' s'. Tokens have to match it exactly.",
    ),
    (
        [options(subject="s*")],
        "The subject of the credential 'one' has a wildcard: 's*'. "
        "Azure compares exactly: make one credential for each.",
    ),
    (
        [options(github={**GITHUB, "tag": "v"})],
        "github of the credential 'one' needs exactly one of branch, tag, environment and pull_request: true. "
        "It has branch and tag.",
    ),
    (
        [options(github={**GITHUB, "repository": "x"})],
        "github of the credential 'one': repository 'x' is not of the form owner/name. "
        "Repositories with immutable subject claims need owner@ID/name@ID, with the numbers of GitHub.",
    ),
    (
        [options(github={**GITHUB, "branch": "refs/x"})],
        "github of the credential 'one': 'refs/x' is not the name of a branch. Expected one name, without refs/.",
    ),
    (
        [options(kubernetes={**POD, "namespace": "X"})],
        "kubernetes of the credential 'one': 'X' is not the name of a namespace: "
        "1 to 63 lower-case letters, digits or -, starting and ending with a letter or digit.",
    ),
    (
        [options(kubernetes={**POD, "service_account": "X"})],
        "kubernetes of the credential 'one': 'X' is not the name of a service account: "
        "1 to 253 lower-case letters, digits, - or ., starting and ending with a letter or digit.",
    ),
]


@pytest.mark.parametrize(("given_", "says"), EXACT)
def test_what_is_wrong_and_how_to_mend_it(given_: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        wanted_credentials(given_)
    assert str(caught.value) == says


def test_twenty_are_not_too_many() -> None:
    assert len(wanted_credentials([options(f"one-{number}") for number in range(20)])) == 20


def test_for_absence_names_are_enough() -> None:
    assert wanted_names([{"name": "one"}, {"name": "two"}]) == ("one", "two")


def test_as_azure_lists_them() -> None:
    item = {"id": "/x", "name": "one", "properties": {"issuer": "i", "subject": "s", "audiences": ["a"]}}
    found = FederatedCredential.from_arm(item)
    assert found.to_result() == {"id": "/x", "name": "one", "issuer": "i", "subject": "s", "audiences": ["a"]}
    assert found.to_diff() == {"name": "one", "issuer": "i", "subject": "s", "audiences": ["a"]}
    assert FederatedCredential.from_arm({"id": "/y", "name": "flexible", "properties": {"issuer": "i"}}).trusted == (
        "i",
        "",
        (),
    )
    with pytest.raises(UnexpectedAnswer, match="The answer lacks properties"):
        FederatedCredential.from_arm({"id": "/z", "name": "bare"})


THERE = (credential("one", id="/1"), credential("Two", id="/2"), credential("six", id="/6"))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([], CredentialsPlan()),
        ([credential("ONE", "s-one"), credential("two", "s-Two")], CredentialsPlan()),
        ([credential("new")], CredentialsPlan(creates=(credential("new"),))),
        # An update keeps the name as Azure spells it.
        ([credential("TWO", "other")], CredentialsPlan(updates=(credential("Two", "other"),))),
        ([credential("one", "S-ONE")], CredentialsPlan(updates=(credential("one", "S-ONE"),))),
        (
            [FederatedCredential("one", ISSUER, "s-one", ("api://azureadtokenexchange",))],
            CredentialsPlan(updates=(FederatedCredential("one", ISSUER, "s-one", ("api://azureadtokenexchange",)),)),
        ),
    ],
)
def test_plan_of_presence(wanted: list[FederatedCredential], expected: CredentialsPlan) -> None:
    plan = plan_present(THERE, wanted)
    assert plan == expected
    assert bool(plan) == bool(expected.creates or expected.updates)


def test_an_update_keeps_its_id() -> None:
    assert plan_present(THERE, [credential("ONE", "x")]).updates[0].id == "/1"


@pytest.mark.parametrize("name", ["new", "one"])
def test_issuer_and_subject_of_another_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"'six' of this identity has the issuer and subject of '(new|one)' already"):
        plan_present(THERE, [credential(name, "s-six")])


def test_how_to_move_a_trust() -> None:
    with pytest.raises(InvalidInput) as caught:
        plan_present(THERE, [credential("new", "s-six")])
    assert str(caught.value) == (
        "The credential 'six' of this identity has the issuer and subject of 'new' already. Nothing was changed. "
        "Azure allows that once per identity: remove 'six' first, in a task with state: absent, or keep its name. "
        f"Issuer {ISSUER}, subject s-six."
    )


def test_a_swap_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"'six' of this identity has"):
        plan_present(THERE, [credential("one", "s-six"), credential("six", "s-one")])


def test_the_limit() -> None:
    there = [credential(f"there-{number}") for number in range(18)]
    new = [credential(f"new-{number}") for number in range(3)]
    assert len(plan_present(there, new[:2]).creates) == 2
    with pytest.raises(InvalidInput) as caught:
        plan_present(there, new)
    assert "has 18 federated credentials, and 3 more would make 21; Azure allows 20" in str(caught.value)
    assert "To be created: new-0, new-1, new-2." in str(caught.value)
    # Where there are too many already, changes of those that are there are still possible.
    full = [credential(f"there-{number}") for number in range(25)]
    assert plan_present(full, [credential("there-0", "x")]).updates


def test_plan_of_absence() -> None:
    assert plan_absent(THERE, ["TWO", "none"]) == CredentialsPlan(removals=(THERE[1],))
    assert not plan_absent(THERE, ["none"])


NAMES = st.sampled_from(["aaa", "AAA", "bbb", "ccc", "ddd"])
SETS = st.lists(st.tuples(NAMES, st.sampled_from("xyz")), max_size=4, unique_by=lambda pair: pair[0].lower())


@given(SETS, SETS)
def test_a_plan_brings_what_is_wanted_and_a_second_one_is_empty(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    there = [credential(name, f"{name.lower()}-{subject}") for name, subject in before]
    wanted = [credential(name, f"{name.lower()}-{subject}") for name, subject in after]
    plan = plan_present(there, wanted)
    state = {one.key: one for one in there}
    state.update({one.key: one for one in (*plan.creates, *plan.updates)})
    assert {one.key for one in plan.creates}.isdisjoint(one.key for one in there)
    assert all(state[one.key].trusted == one.trusted for one in wanted)
    assert {key for key, one in state.items() if one not in there} <= {one.key for one in wanted}
    assert not plan_present(list(state.values()), wanted)
