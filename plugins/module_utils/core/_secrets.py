# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Makes text showable: what looks like a secret is not in it any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ._secret_shapes import SHAPES, USER_INFORMATION, Span

__all__ = ["kind_of_secret", "secrets_in", "showable", "showable_all"]

# As Ansible marks what it hides.
_MARK = "********"
# A shorter one cannot be told from a word of a message.
_SHORTEST = 4
# Most texts hold none of these, and are done with.
_HINTS = tuple({hint for shape in SHAPES if not shape.folds for hint in shape.hints})
_FOLDED_HINTS = tuple({hint for shape in SHAPES if shape.folds for hint in shape.hints})


def showable(text: str) -> str:
    """The text, with asterisks in place of all that looks like a key, a token, a password or user information.

    It takes any text, is linear in its length, and leaves as it is what it returned once.
    """
    shown = text
    for _kind, shown, _spans in _steps(text):  # noqa: B007
        pass
    return shown


def showable_all(value: Any) -> Any:
    """JSON of any depth, each text in it made showable, names too."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, Mapping):
        return {showable_all(name): showable_all(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [showable_all(item) for item in value]
    return value


def kind_of_secret(text: str) -> str | None:
    """In words, what kind of secret a text holds; None if it holds none that can be recognised."""
    return next((kind for kind, _text, _spans in _steps(text)), None)


def secrets_in(value: Any) -> set[str]:
    """What looks like a secret in JSON of any depth, each for itself; a password also without its user."""
    if isinstance(value, str):
        return {secret for secret in _secrets_of(value) if len(secret) >= _SHORTEST and secret != _MARK}
    parts: Any = ()
    if isinstance(value, Mapping):
        parts = (*value, *value.values())
    elif isinstance(value, (list, tuple)):
        parts = value
    return set().union(*map(secrets_in, parts))


def _secrets_of(text: str) -> Iterator[str]:
    before = text
    for kind, after, spans in _steps(text):
        for start, end in spans:
            secret = before[start:end]
            yield secret.strip("\\\"'") if kind == "a secret" else secret
            if kind == USER_INFORMATION:
                yield secret.partition(":")[2]
        before = after


def _steps(text: str) -> Iterator[tuple[str, str, list[Span]]]:
    """Each kind of secret that is found, the text without it, and where it was in the text before."""
    lowered = text.lower()
    if not (_hinted(_HINTS, text) or _hinted(_FOLDED_HINTS, lowered)):
        return
    for shape in SHAPES:
        if not _hinted(shape.hints, lowered if shape.folds else text):
            continue
        spans = list(shape.spans(text))
        hidden = _hidden(text, spans)
        if hidden != text:
            yield shape.kind, hidden, spans
            text, lowered = hidden, hidden.lower()


def _hinted(hints: tuple[str, ...], text: str) -> bool:
    for hint in hints:  # noqa: SIM110, this runs for every text of every result
        if hint in text:
            return True
    return False


def _hidden(text: str, spans: list[Span]) -> str:
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], _MARK]
        done = end
    return "".join([*parts, text[done:]])
