# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of auto: which source is taken, that it is remembered, and what is told if none gives a token."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._access import Access
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._auto_chain import AutoChain, Link
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError, MissingPackage

exceptions = pytest.importorskip("azure.core.exceptions")

SCOPE = "https://management.test/.default"
ACCESS = Access("auto", "auto", lacks=("parameters: none.", "environment variables: none."))


class Fake:
    """A credential that gives a token, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.calls = 0
        self.closed = False

    async def get_token(self, *scopes, **options):
        self.calls += 1
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        return SimpleNamespace(token=f"token for {scopes}", expires_on=0)

    async def get_token_info(self, *scopes, options=None):
        return await self.get_token(*scopes)

    async def close(self):
        self.closed = True


def refused(text: str) -> Exception:
    return exceptions.ClientAuthenticationError(message=text)


def chain_of(*credentials):
    notes = []
    names = ("cli", "msi")
    links = [
        Link(name, f"words for {name}", lambda credential=credential: credential)
        for name, credential in zip(names, credentials, strict=False)
    ]
    return AutoChain(ACCESS, links, notes.append), notes


@pytest.mark.parametrize("call", ["get_token", "get_token_info"])
async def test_the_first_that_gives_a_token_is_remembered(call):
    first, second = Fake(), Fake()
    chain, notes = chain_of(first, second)
    for _turn in range(3):
        assert (await getattr(chain, call)(SCOPE)).token == f"token for ('{SCOPE}',)"
    assert (first.calls, second.calls, notes, chain.chosen.kind) == (3, 0, ["words for cli"], "cli")


@pytest.mark.parametrize(
    "error",
    [
        refused("Please run 'az login' to set up an account"),
        refused("AADSTS50076: use multi-factor authentication."),
        exceptions.ServiceRequestError("connection refused"),
        AccessError("the Azure CLI does not answer"),
    ],
)
async def test_one_that_fails_is_passed_over_for_good(error):
    first, second = Fake(error), Fake()
    chain, notes = chain_of(first, second)
    await chain.get_token(SCOPE)
    await chain.get_token(SCOPE)
    assert (first.calls, second.calls, notes, chain.chosen.kind) == (1, 2, ["words for msi"], "msi")


async def test_many_at_once_choose_once():
    first, second = Fake(refused("no")), Fake()
    chain, notes = chain_of(first, second)
    await asyncio.gather(*(chain.get_token(SCOPE) for _turn in range(20)))
    assert (first.calls, second.calls, len(notes)) == (1, 20, 1)


async def test_the_error_lists_all_that_was_tried():
    chain, notes = chain_of(
        Fake(refused("Please run 'az login' to set up an account")),
        Fake(refused("ManagedIdentityCredential authentication unavailable,\n no response from the IMDS endpoint.")),
    )
    with pytest.raises(AccessError) as caught:
        await chain.get_token(SCOPE)
    assert caught.value.message == (
        "No source gives a credential. Tried: (1) parameters: none. (2) environment variables: none. "
        "(3) words for cli: Please run 'az login' to set up an account. "
        "(4) words for msi: ManagedIdentityCredential authentication unavailable, no response from the IMDS endpoint."
    )
    assert "AZURE_CLIENT_ID, AZURE_TENANT and AZURE_SECRET" in caught.value.remedy
    assert (notes, chain.chosen) == ([], None)


async def test_after_all_failed_the_next_request_tries_again():
    only = Fake(refused("no"))
    chain, _notes = chain_of(only)
    for _turn in range(2):
        with pytest.raises(AccessError):
            await chain.get_token(SCOPE)
    assert only.calls == 2


async def test_a_chosen_credential_that_fails_later_is_not_replaced():
    first, second = Fake(), Fake()
    chain, _notes = chain_of(first, second)
    await chain.get_token(SCOPE)
    first.error = refused("expired")
    with pytest.raises(exceptions.ClientAuthenticationError):
        await chain.get_token(SCOPE)
    assert second.calls == 0


async def test_a_missing_package_is_no_reason_to_go_on():
    def make():
        raise MissingPackage("azure-identity")

    second = Fake()
    chain = AutoChain(ACCESS, [Link("cli", "x", make), Link("msi", "y", lambda: second)], print)
    with pytest.raises(MissingPackage):
        await chain.get_token(SCOPE)
    assert second.calls == 0


async def test_closing_closes_the_chosen_one():
    first = Fake()
    chain, _notes = chain_of(first)
    async with chain:
        await chain.get_token(SCOPE)
    assert first.closed
    await chain_of(first)[0].close()


async def test_a_source_that_is_only_out_of_order_does_not_make_us_somebody_else():
    first, second = Fake(AccessError("AADSTS90033: unavailable", passing=True)), Fake()
    chain, notes = chain_of(first, second)
    with pytest.raises(AccessError, match="words for cli: AADSTS90033") as caught:
        await chain.get_token(SCOPE)
    assert caught.value.passing is True
    assert (second.calls, notes) == (0, [])
    first.error = None
    await chain.get_token(SCOPE)
    assert notes == ["words for cli"]
