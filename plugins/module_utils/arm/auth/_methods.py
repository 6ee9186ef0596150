# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. All ways to sign in; of those that options can describe, the order in which they count."""

from __future__ import annotations

from . import _by_certificate as _auth_certificate
from . import _by_cli as _auth_cli
from . import _by_federated_token as _auth_federated
from . import _by_managed_identity as _auth_msi
from . import _by_password as _auth_password
from . import _by_secret as _auth_secret
from ._method import Method

__all__ = ["BY_NAME", "DESCRIBED"]

DESCRIBED: tuple[Method, ...] = (
    _auth_federated.BY_TOKEN,
    _auth_federated.BY_FILE,
    _auth_secret.METHOD,
    _auth_certificate.METHOD,
    _auth_password.METHOD,
)
BY_NAME: dict[str, Method] = {method.name: method for method in (*DESCRIBED, _auth_cli.METHOD, _auth_msi.METHOD)}
