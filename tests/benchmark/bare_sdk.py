# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls azure-mgmt-compute in a loop: OPERATION (get or begin_update) GROUP COUNT.

Prints seconds: on the clock for the first call, which signs in; then the median on the clock, and the mean of CPU, of
the others.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import time
from typing import Any

from azure.identity import EnvironmentCredential
from azure.mgmt.compute import ComputeManagementClient


def _get(machines: Any, group: str, number: int) -> None:
    machines.get(group, f"on{number:05}")


def _begin_update(machines: Any, group: str, number: int) -> None:
    machines.begin_update(group, f"off{number:05}", {"identity": {"type": "SystemAssigned"}}).result()


_CALLS = {"get": _get, "begin_update": _begin_update}


def main(operation: str, group: str, count: int) -> None:
    """Time the first call, then the others."""
    began = time.perf_counter()
    client = ComputeManagementClient(
        EnvironmentCredential(disable_instance_discovery=True),
        os.environ["AZURE_SUBSCRIPTION_ID"],
        base_url=os.environ["AZURE_CLOUD_ENVIRONMENT"],
        credential_scopes=["https://management.azure.com/.default"],
        polling_interval=0,
    )
    call = _CALLS[operation]
    call(client.virtual_machines, group, 1)
    ends, cpu = [time.perf_counter()], time.process_time()
    for number in range(2, count + 1):
        call(client.virtual_machines, group, number)
        ends.append(time.perf_counter())
    cpu = (time.process_time() - cpu) / (count - 1)
    print(ends[0] - began, statistics.median(after - before for before, after in itertools.pairwise(ends)), cpu)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
