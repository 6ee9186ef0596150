# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What an answer that is no JSON says: a proxy's page as a line of text."""

from __future__ import annotations

from email.message import Message
from html.parser import HTMLParser

from .._text import one_line, shortened

__all__ = ["readable"]

_LONGEST = 200
# More than this is never read of a page: its title, or its first words, stand before.
_READ = 16_384
_UNSEEN = ("script", "style", "template", "noscript")


def readable(body: bytes, content_type: str | None = None) -> str:
    """The words of a body: of HTML its title or else its first words, of any other text its beginning.

    :param content_type: the header, if there is one; it may name the encoding
    :returns: one line of at most 200 characters, printable; empty if there are no words
    """
    header = Message()
    header["Content-Type"] = content_type or ""
    text = _decode(body[:_READ], str(header.get_content_charset() or "utf-8"))
    if "html" in (content_type or "").lower() or text.lstrip().startswith("<"):
        text = _Words.of(text)
    return shortened(one_line(text), _LONGEST)


def _decode(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding, "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


class _Words(HTMLParser):
    """Collects the text of a page, that of its title apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._inside = ""
        self._title: list[str] = []
        self._text: list[str] = []

    @classmethod
    def of(cls, page: str) -> str:
        """A page's title, or else its text."""
        parser = cls()
        try:
            parser.feed(page)
            parser.close()
        except AssertionError:
            # So the parser greets a declaration that it does not know; what it had read before counts.
            pass
        return " ".join(parser._title).strip() or " ".join(parser._text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember where the text that follows stands."""
        if tag == "title" or tag in _UNSEEN:
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        """Forget it."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Keep what a reader would see."""
        if self._inside not in _UNSEEN:
            (self._title if self._inside else self._text).append(data)
