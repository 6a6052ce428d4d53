"""What `billfold import stripe` does when it is stopped, and beside somebody who imports already."""

from __future__ import annotations

import asyncio

import pytest

from billfold.base.errors import Unavailable
from billfold.cli.importing import work
from billfold.domain.billing import imports
from billfold.domain.billing.imports import HOLD, Progress
from tests.app_fixtures import RunningBillfold
from tests.stripe_import.accounts import multiply, one_subscriber

KINDS = ("customer",)


class Watcher:
    """Sees each step, and wants it stopped after so many."""

    def __init__(self, stop_after: int) -> None:
        self.stopping = asyncio.Event()
        self.seen: list[int] = []
        self._stop_after = stop_after

    def __call__(self, progress: Progress) -> None:
        self.seen.append(sum(line.read for line in progress.lines))
        if len(self.seen) >= self._stop_after:
            self.stopping.set()


async def import_(app: RunningBillfold, watcher: Watcher) -> Progress:
    return await work(app.application.installation, app.team.team_id, KINDS, watcher.stopping, watcher)


async def test_stopped_it_says_so_and_goes_on_when_it_is_run_again(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app)
    await multiply(billfold_app.services.db, billfold_app.team.team_id, 250)
    first = Watcher(stop_after=3)
    stopped = await import_(billfold_app, first)
    assert stopped.run.status == "stopped"
    assert 0 < stopped.lines[0].read < 251
    second = Watcher(stop_after=1_000)
    finished = await import_(billfold_app, second)
    assert (finished.run.status, finished.lines[0].read, finished.lines[0].pages) == ("finished", 251, 3)
    assert second.seen[0] == stopped.lines[0].read


async def test_beside_a_running_import_it_watches_and_stopping_it_stops_nothing(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app)
    backfill, team_id = billfold_app.services.backfill, billfold_app.team.team_id
    holder = await backfill.start(team_id, kinds=KINDS, created_since=None)
    watched = await import_(billfold_app, Watcher(stop_after=1))
    assert watched.run.status == "running"
    assert (watched.run.held_by, watched.lines[0].read) == (holder, 0)


async def test_it_takes_up_a_run_whose_holder_died(billfold_app: RunningBillfold) -> None:
    await one_subscriber(billfold_app)
    backfill, team_id = billfold_app.services.backfill, billfold_app.team.team_id
    await backfill.start(team_id, kinds=KINDS, created_since=None)
    billfold_app.clock.advance(HOLD)
    finished = await import_(billfold_app, Watcher(stop_after=1_000))
    assert finished.run.status == "finished"


async def test_what_stripe_refuses_ends_it_with_its_words(billfold_app: RunningBillfold) -> None:
    simulator, team_id = billfold_app.application.installation.simulator, billfold_app.team.team_id
    await billfold_app.services.stripe.gateway(team_id)
    await billfold_app.services.db.write(simulator.renew_keys, team_id=team_id)
    failed = await import_(billfold_app, Watcher(stop_after=1_000))
    assert failed.run.status == "failed"
    assert "does not accept" in (failed.run.last_error or "")
    assert await billfold_app.services.db.read(imports.find_progress, team_id) == failed


async def test_stopped_while_stripe_is_away_it_does_not_go_on_by_itself(
    billfold_app: RunningBillfold, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = Watcher(stop_after=1)

    async def away(*_: object, **__: object) -> None:
        watcher.stopping.set()
        raise Unavailable("Stripe does not answer.")

    monkeypatch.setattr(type(billfold_app.services.backfill), "go_on", away)
    stopped = await import_(billfold_app, watcher)
    assert stopped.run.status == "stopped"
