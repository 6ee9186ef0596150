# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Queries of Resource Graph: text becomes steps, and steps turn rows into rows."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from lark import Lark, Token, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from .kql_expressions import Meter, QueryError
from .kql_steps import Query, Steps

__all__ = ["Query", "QueryError", "read_query"]

_PARSER = Lark.open("kql.lark", rel_to=__file__, parser="lalr", maybe_placeholders=False)


_LONGEST = 32_768


@lru_cache(maxsize=64)
def read_query(query: str) -> Query:
    """Return a query that can be run; raises QueryError, and RecursionError for one that is nested too deep."""
    if len(query) > _LONGEST:
        raise QueryError("QueryTooLong", f"The query has more than {_LONGEST} characters")
    try:
        return cast("Query", Steps(Meter()).transform(_PARSER.parse(query)))
    except VisitError as error:
        if isinstance(error.orig_exc, (QueryError, RecursionError)):
            raise error.orig_exc from error
        raise
    except UnexpectedInput as error:
        raise _refused(query, error) from error


def _refused(query: str, error: UnexpectedInput) -> QueryError:
    position = error.pos_in_stream or 0
    token = str(error.token) if isinstance(error, UnexpectedToken) else query[position : position + 1]
    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    if not ended and query[:position].rstrip().endswith("|") and _is_name(error):
        return QueryError("InvalidQueryLanguage", line=-1, characterPositionInLine=-1, token=token)
    return QueryError(
        "ParserFailure",
        line=max(error.line, 1),
        characterPositionInLine=max(error.column - 1, 0),
        token="<EOF>" if ended else token,
        expectedToken="Ǐ",
    )


def _is_name(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedToken) and isinstance(error.token, Token) and error.token[:1].isalpha()
