# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Signing in: a token in time, or an error that tells why, whatever the credential."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import Any

from ...core._errors import AccessError
from ..net._deadline import Deadline
from ._access import Access
from ._auto_chain import AutoChain
from ._explain import explain_challenge
from ._sign_in_transport import attempt_of, signing_in

__all__ = ["SignIn"]

# As azure-core does, so that no token runs out on its way.
_RENEW_SECONDS = 300
_LONGEST_PAUSE = 30


class SignIn:
    """Gives the tokens of one access, keeps them, and renews them.

    :param access: for words
    :param make: makes the credential; again where Azure refuses a token, since credentials keep theirs
    :param where: the URL of the sign-in service, if it is one that the access or the cloud names
    """

    def __init__(self, access: Access, make: Callable[[], Any], where: str = "") -> None:
        self._access = access
        self._make = make
        self._named = {"call": "sign-in at", "target": where} if where else {"call": None, "target": None}
        self._doing = f"the sign-in{f' at {where}' if where else ''} by the {access.source}"
        self._tokens: dict[str, Any] = {}
        self._turn = asyncio.Lock()
        self.credential = make()

    async def token(
        self, scope: str, deadline: Deadline, *, refused: str | None = None, claims: str | None = None
    ) -> str:
        """A token.

        :param scope: what it is for
        :param refused: one that Azure has refused: it is not given again, if a new one can be had
        :param claims: JSON that the refusal asks for
        :raises AccessError: none can be had
        :raises WaitTimedOut: not in time
        """
        return await deadline.within(self._token(scope, deadline, refused, claims), self._doing, **self._named)

    def after_challenge(self, claims: str, error: AccessError | None) -> str:
        """What to do where Azure asks for claims that no token of this sign-in has: a sentence or more.

        :param claims: JSON that it asks for
        :param error: why no token with them could be had; None if Azure refuses that one, too
        """
        chosen = self.credential.chosen if isinstance(self.credential, AutoChain) else None
        kind = chosen.kind if chosen else self._access.kind
        return explain_challenge(kind, self._access.tenant, claims, error)

    async def _token(self, scope: str, deadline: Deadline, refused: str | None, claims: str | None) -> str:
        async with self._turn:
            known = self._tokens.get(scope)
            # Of many requests that are refused at once, one renews.
            if known is None or known.token == refused or _is_old(known):
                if refused is not None and claims is None:
                    self.credential = self._make()
                known = self._tokens[scope] = await self._ask(scope, deadline, claims)
            return str(known.token)

    async def _ask(self, scope: str, deadline: Deadline, claims: str | None) -> Any:
        """A token from the credential; what passes by itself is tried again as long as there is time."""
        signing_in.set(deadline)
        options = {"claims": claims} if claims else {}
        for attempt in itertools.count():
            try:
                return await self.credential.get_token_info(scope, options=options)
            except AccessError as error:
                error.call, error.target = self._named["call"], self._named["target"]
                if not error.passing:
                    raise
                failed = attempt_of(error)
                asked = failed.retry_after if failed else None
                pause = min(2.0**attempt, _LONGEST_PAUSE) if asked is None else asked
                await deadline.sleep(pause, self._doing, error)
        raise AssertionError


def _is_old(token: Any) -> bool:
    now = time.time()
    renew_at = getattr(token, "refresh_on", None)
    return bool(token.expires_on - now < _RENEW_SECONDS or (renew_at and now >= renew_at))
