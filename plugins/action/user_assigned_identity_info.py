# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module user_assigned_identity_info, run inside the controller where that can be done."""

from __future__ import annotations

from ..module_utils.front.identities._user_assigned_identity_info import OPERATION
from ..plugin_utils._action import OperationAction, loaded_sdk

__all__ = ["ActionModule"]


class ActionModule(OperationAction):
    """See the module's documentation."""

    operation = OPERATION
    sdk = loaded_sdk()
