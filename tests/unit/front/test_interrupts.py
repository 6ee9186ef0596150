# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real signals at every instant of an operation: it stops in order, then the signal acts, and nothing is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._plan import Desired, Wanted
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.machines._outcome import Options, Target
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.machines._reconcile import reconcile
from ansible_collections.managed_identity.azure.plugins.module_utils.front._interrupts import run_interruptible
from tests.unit.core.build import on_vm, uai
from tests.unit.engine.fake import VM, FakeClock, FakeGateway

CAUGHT = (signal.SIGALRM, signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


class Struck(BaseException):
    """As Ansible's TaskTimeoutError: no Exception."""


def strike(number: int, _frame: FrameType | None) -> None:
    raise Struck(number)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Handlers that raise, as Ansible's for a task's timeout does."""
    before = {number: signal.signal(number, strike) for number in CAUGHT}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    assert not asyncio.all_tasks(loop)
    loop.close()


def send(*numbers: int) -> None:
    for number in numbers:
        os.kill(os.getpid(), number)


class StruckGateway(FakeGateway):
    """Sends signals to this process at the moment of one request."""

    def __init__(self, moment: int, numbers: tuple[int, ...], **more: Any) -> None:
        super().__init__(on_vm("a"), **more)
        self._moment, self._numbers = moment, numbers

    def _strike(self) -> None:
        if len(self.log) == self._moment:
            send(*self._numbers)

    async def read(self, *arguments: Any) -> Any:
        self._strike()
        return await super().read(*arguments)

    async def write(self, *arguments: Any) -> Any:
        self._strike()
        return await super().write(*arguments)

    async def operation(self, *arguments: Any) -> Any:
        self._strike()
        return await super().operation(*arguments)


ONE_STEP = Desired(system=True)
# The identity was deleted and made again under its name: it is removed, then added.
TWO_STEPS = Desired(present=(Wanted(uai("a"), "p-new"),))


def requests(desired: Desired) -> int:
    gateway = FakeGateway(on_vm("a"))
    asyncio.run(reconcile(gateway, Target(VM, desired), Options(), FakeClock().deadline()))
    return len(gateway.log)


def struck(loop: asyncio.AbstractEventLoop, desired: Desired, moment: int, *numbers: int) -> FakeGateway:
    gateway = StruckGateway(moment, numbers, states=("InProgress", "Succeeded"))
    with pytest.raises(Struck) as raised:
        run_interruptible(loop, reconcile(gateway, Target(VM, desired), Options(), FakeClock().deadline()))
    assert raised.value.args[0] in numbers
    assert [signal.getsignal(number) for number in CAUGHT] == [strike] * len(CAUGHT)
    return gateway


@pytest.mark.parametrize("number", CAUGHT)
@pytest.mark.parametrize("moment", range(requests(ONE_STEP)))
def test_no_write_begins_after_a_signal(loop, moment: int, number: int) -> None:
    gateway = struck(loop, ONE_STEP, moment, number)
    assert gateway.log[moment + 1 :] == []


@pytest.mark.parametrize("numbers", [(signal.SIGALRM,), (signal.SIGTERM,), (signal.SIGINT, signal.SIGTERM)])
@pytest.mark.parametrize("moment", range(requests(TWO_STEPS)))
def test_never_between_two_writes_that_belong_together(loop, moment: int, numbers: tuple[int, ...]) -> None:
    gateway = struck(loop, TWO_STEPS, moment, *numbers)
    assert len(gateway.patches) in ((0,) if moment == 0 else (2,))
    assert gateway.identity.find(uai("a"))


@pytest.mark.parametrize("desired", [ONE_STEP, TWO_STEPS])
def test_timer_at_any_microsecond(loop, desired: Desired) -> None:
    """Not only at requests: the timer sweeps over the whole run and beyond it."""
    whole = 1 if desired is ONE_STEP else 2
    seen: set[tuple[int, bool]] = set()
    ends = tick = 0
    while ends < 20:
        tick += 1
        gateway = FakeGateway(on_vm("a"))
        ended = run_on_timer(loop, gateway, desired, tick * 10e-6)
        ends += ended
        assert len(gateway.patches) in (0, whole)
        assert not asyncio.all_tasks(loop)
        seen.add((len(gateway.patches), ended))
    assert {(0, False), (whole, True)} <= seen, "the timer did not come both before the write and after the end"


def run_on_timer(loop: asyncio.AbstractEventLoop, gateway: FakeGateway, desired: Desired, seconds: float) -> bool:
    """Whether it ended before the timer."""
    work = reconcile(gateway, Target(VM, desired), Options(), FakeClock().deadline())
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            run_interruptible(loop, work)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            work.close()
    except Struck:
        return False
    return True


def test_loop_serves_the_next_operation(loop) -> None:
    async def slow() -> None:
        send(signal.SIGALRM)
        await asyncio.sleep(30)

    async def quick() -> str:
        return "done"

    with pytest.raises(Struck):
        run_interruptible(loop, slow())
    assert run_interruptible(loop, quick()) == "done"


def test_signal_at_the_very_end_acts_all_the_same(loop) -> None:
    async def work() -> str:
        send(signal.SIGALRM)
        return "done"

    with pytest.raises(Struck):
        run_interruptible(loop, work())


def test_every_signal_acts_though_the_first_one_raises(loop) -> None:
    acted: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: acted.append(number))

    async def work() -> None:
        send(signal.SIGALRM, signal.SIGTERM)
        await asyncio.sleep(30)

    with pytest.raises(Struck):
        run_interruptible(loop, work())
    assert acted == [signal.SIGTERM]


def test_ignored_signal_stays_ignored(loop) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    async def work() -> str:
        send(signal.SIGHUP)
        await asyncio.sleep(0)
        return "done"

    assert run_interruptible(loop, work()) == "done"
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


def in_child(work: Callable[[], None]) -> int:
    """The status of a forked child that does this with the system's own handlers."""
    child = os.fork()
    if not child:
        for number in CAUGHT:
            signal.signal(number, signal.SIG_DFL)
        try:
            work()
        finally:
            os._exit(7)
    return os.waitpid(child, 0)[1]


@pytest.mark.parametrize("number", CAUGHT)
def test_kill_kills_once_the_operation_has_stopped(number: int) -> None:
    reading, writing = os.pipe()

    async def work() -> None:
        try:
            send(number)
            await asyncio.sleep(30)
        finally:
            os.write(writing, b"stopped in order")

    status = in_child(lambda: run_interruptible(asyncio.new_event_loop(), work()))
    assert os.WTERMSIG(status) == number
    assert os.read(reading, 100) == b"stopped in order"


def test_other_threads_have_no_signals(loop) -> None:
    found: list[str] = []

    async def work() -> str:
        return "done"

    thread = threading.Thread(target=lambda: found.append(run_interruptible(loop, work())))
    thread.start()
    thread.join()
    assert found == ["done"]
