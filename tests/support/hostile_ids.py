# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A corpus of texts that must never become part of a URL: each would lead elsewhere than it seems to."""

from __future__ import annotations

__all__ = ["INVISIBLE", "NAMES", "SEGMENTS", "hostile_ids"]

LONG = 100_000

# Whatever nobody sees.
INVISIBLE = [
    *("a\x00b", "a\nb", "a\rb", "a\tb", "a\x1bb", "a\x7fb", "a\x85b", "a\x9fb"),
    # Half a character: no encoding has it.
    *("a\ud800b", "\udcff", "a\udfff"),
    # From right to left, of no width, the mark of a byte order, the ends of a line and of a paragraph.
    *("a\u202eb", "a\u2066b", "a\u200fb", "a\u200bb", "a\u200db", "a\ufeffb", "a\u2028b", "a\u2029b"),
]

# What no segment of any path may be.
SEGMENTS = [
    *(".", "..", "...", ".. ", " ..", ". ."),
    *("%2e", "%2e%2e", "%2E%2e", ".%2E", "%252e%252e", "..%2f", "%2F..", "a%2fb", "..%5c", "%5C..", "%c0%ae%c0%ae"),
    *("\\", "..\\", "..\\..", "a\\b", "a?b", "a#b", "?", "#", "a%23b", "a%3fb", "a%00b", "a%0ab", "%", "a%zz", "a%"),
    *INVISIBLE,
    # Fullwidth and other compatible forms of dots, slashes, backslashes and marks.
    *("\uff0e\uff0e", "\uff0e", "\u2025", "\u2026", "a\uff0fb", "a\uff3cb", "a\uff05b", "a\uff1fb", "a\uff03b"),
    *("a\u2100b", "\u3000", "\u00a0"),
    "a" * LONG,
]

# What no name may be: nor may it be a piece of a path.
NAMES = [*SEGMENTS, "a/b", "../a", "a/..", "a/../../b", "a//b", "a/", "/", "//"]


def hostile_ids(legal: str, *others: str) -> list[str]:
    """What becomes of an ID in hostile hands.

    :param legal: an ID of three segments or more, the last of which is a name
    :param others: IDs that are right, but of other kinds
    """
    parent, _slash, name = legal.rpartition("/")
    first, second, *rest = legal[1:].split("/")
    return [
        *(f"{parent}/{segment}" for segment in SEGMENTS if segment == segment.strip()),
        *(f"/{first}/{segment}/{'/'.join(rest)}" for segment in SEGMENTS),
        *(f"{legal}/{segment}/{name}" for segment in SEGMENTS),
        *(f"{legal}/x/y{climb}" for climb in ("/../..", "/../../../..", "/%2e%2e/%2E%2E", "\\..\\..", "/../" * 50)),
        *(f"{legal}/providers/x{climb}" for climb in ("/../..", "/../../../..", "/../../../../../../../..")),
        *(f"{start}{legal}" for start in ("/..", "/.", "/", "..", "//evil.example.com", "https://evil.example.com")),
        *(f"{legal}{end}" for end in ("?x", "#x", "?", "#", "%00", "%20", "//", "/.", "/..", "/x/..", "\\")),
        *(legal.replace("/", other) for other in ("\\", "//", "%2f", "%252F", "\uff0f", "/./")),
        f"/{first}/{second}/../{second}/{'/'.join(rest)}",
        f"{legal}{'/a' * LONG}",
        *others,
    ]
