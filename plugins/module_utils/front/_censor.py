# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What leaves a task: neither values of its secret options nor what looks like a secret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from ansible.module_utils.common.parameters import remove_values

from ..core._secrets import secrets_in, showable_all

__all__ = ["censored", "mistaken_secrets"]


def censored(value: Any, secrets: Iterable[str]) -> Any:
    """A result, or a text, as it may be shown. What is true, false or null at its top stays, as AnsibleModule has it.

    :param secrets: the values of options that are ``no_log``, and ``mistaken_secrets``
    """
    shown = showable_all(remove_values(value, secrets))
    if not isinstance(value, Mapping):
        return shown
    kept = {name: item for name, item in value.items() if item is None or isinstance(item, bool)}
    return {**shown, **kept}


def mistaken_secrets(arguments: Mapping[str, Any]) -> set[str]:
    """What looks like a secret in a task's arguments, whichever option it was given to: a key in place of a path.

    :returns: the secrets, also as they are without the encoding that URLs have
    """
    found = secrets_in(arguments)
    return {*found, *map(unquote, found)}
