"""The page of the Stripe account: stopping an import and going on with it, and the comparison with Stripe."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from billfold.base.errors import Unavailable
from billfold.domain.billing import comparisons, imports
from billfold.domain.billing.comparisons import COMPARE_JOB, MOST_KEPT
from billfold.domain.billing.differences import Difference
from billfold.domain.billing.prices import prices
from billfold.domain.billing.raw_objects import KINDS
from billfold.domain.tenancy.members import Role
from billfold.infrastructure.db.statements import command
from billfold.infrastructure.jobs import queue
from billfold.infrastructure.jobs.queue import RETRY_SECONDS
from tests.console.conftest import Console, texts
from tests.console.test_actions import actions

_OTHER_PRICE = command(sa.update(prices).values(unit_amount=1))


async def test_an_import_is_stopped_and_goes_on_where_it_was(filled: Console) -> None:
    owner, backfill, team_id = await filled.sign_in(), filled.app.services.backfill, filled.app.team.team_id
    holder = await backfill.start(team_id, kinds=KINDS, created_since=None)
    await backfill.go_on(team_id, holder, pages=2)
    assert "Stop the import" in texts(await owner.get(f"{filled.team_home}/stripe"))
    page = texts(await owner.post(f"{filled.team_home}/stripe/imports/stop"))
    assert "The import is stopped." in page
    assert "Go on with the import" in page
    assert ", stopped " in page
    assert "Stop the import" not in page
    assert (await actions(filled))[0] == "stripe.import_stopped"
    # Whoever was working on it finds that out with the next page, and the worker's own job brings nothing.
    assert (await backfill.go_on(team_id, holder)).value == "not mine"
    await filled.app.drain()
    stopped = await filled.app.services.db.read(imports.find_progress, team_id)
    assert stopped is not None
    assert (stopped.run.status, stopped.done) == ("stopped", 2)
    assert "ended already" in texts(await owner.post(f"{filled.team_home}/stripe/imports/stop"))
    assert "The import is done." in texts(await owner.post(f"{filled.team_home}/stripe/imports"))
    finished = await filled.app.services.db.read(imports.find_progress, team_id)
    assert finished is not None
    assert finished.lines[0].finished_at == stopped.lines[0].finished_at


async def test_it_goes_on_with_the_wishes_that_it_began_with(filled: Console) -> None:
    owner, backfill, team_id = await filled.sign_in(), filled.app.services.backfill, filled.app.team.team_id
    await backfill.start(team_id, kinds=("customer",), created_since=None)
    await owner.get(f"{filled.team_home}/stripe")
    await owner.post(f"{filled.team_home}/stripe/imports/stop")
    await owner.post(f"{filled.team_home}/stripe/imports")
    progress = await filled.app.services.db.read(imports.find_progress, team_id)
    assert progress is not None
    assert (progress.run.status, progress.run.kinds) == ("finished", ["customer"])


async def test_a_comparison_is_begun_read_and_exported(filled: Console) -> None:
    owner = await filled.sign_in()
    here = f"{filled.team_home}/stripe/reconciliation"
    assert "Compare with Stripe" in texts(await owner.get(f"{filled.team_home}/stripe"))
    assert "Never compared" in texts(await owner.get(here))
    begun = texts(await owner.post(here, {"extent": "sample", "sample": "5"}))
    assert "The comparison has begun." in begun
    assert "A sample of 5 of each kind" in begun
    assert "Compare a sample" not in begun
    assert (await actions(filled))[0] == "stripe.compared"
    again = await owner.post(here, {"extent": "everything"})
    assert again.status_code == 400
    assert "running already" in texts(again)
    await filled.app.drain()
    assert "Everything agrees" in texts(await owner.get(here))

    await filled.app.services.db.write(lambda tx: tx.run(_OTHER_PRICE))
    await owner.post(here, {"extent": "everything"})
    await filled.app.drain()
    page = texts(await owner.get(here))
    assert "1 difference" in page
    assert "unit amount" in page
    assert "own lists; compared: 1 product, 1 price, 1 subscription" in page
    assert "unit amount" in texts(await owner.get(f"{here}?kind=price"))
    assert "No difference fits" in texts(await owner.get(f"{here}?kind=invoice"))
    table = (await owner.get(f"{here}?format=csv")).text.splitlines()
    assert table[0] == "kind,stripe_id,field,here,in_stripe"
    assert table[1].startswith("price,price_")
    assert table[1].endswith(",unit_amount,1,1900")
    assert (await owner.get(f"{here}?kind=invoice&format=csv")).text.splitlines() == table[:1]


@pytest.mark.parametrize("sample", ["0", "-1", "10001", "1.5", "all", "9" * 200, "\N{ARABIC-INDIC DIGIT TWO}"])
async def test_a_bad_number_of_rows_is_refused_and_stays_in_the_field(filled: Console, sample: str) -> None:
    owner = await filled.sign_in()
    answer = await owner.post(f"{filled.team_home}/stripe/reconciliation", {"extent": "sample", "sample": sample})
    assert answer.status_code == 400
    assert "a whole number from 1 to 10,000" in texts(answer)
    assert f'value="{sample}"' in answer.text


async def test_five_hundred_differences_are_listed_by_pages_and_the_rest_is_counted(filled: Console) -> None:
    owner, now = await filled.sign_in(), filled.app.clock.now()
    found = [Difference("invoice", f"in_{each:04}", "total", "=1", "<b>2</b>") for each in range(MOST_KEPT)]
    await filled.app.services.db.write(
        comparisons.finish,
        team_id=filled.app.team.team_id,
        sample=None,
        compared={"invoice": 20_000},
        differences=found,
        count=12_345,
        started_at=now,
        now=now,
    )
    here = f"{filled.team_home}/stripe/reconciliation"
    page = await owner.get(here)
    assert "12,345 differences" in texts(page)
    assert "The first 500 are listed." in texts(page)
    assert "20,000 invoices" in texts(page)
    assert "<b>2</b>" not in page.text
    assert "in_0049" in page.text
    assert "in_0050" not in page.text
    last = await owner.get(f"{here}?page=10")
    assert "in_0499" in last.text
    assert "page=11" not in last.text
    table = (await owner.get(f"{here}?format=csv")).text.splitlines()
    assert len(table) == MOST_KEPT + 1
    assert table[1] == "invoice,in_0000,total,'=1,<b>2</b>"


async def test_without_an_account_there_is_nobody_to_compare_with(filled: Console) -> None:
    owner = await filled.sign_in()
    await owner.get(f"{filled.team_home}/stripe")
    await owner.post(f"{filled.team_home}/stripe/disconnection")
    here = f"{filled.team_home}/stripe/reconciliation"
    assert "Stripe is not connected" in texts(await owner.get(here))
    refused = await owner.post(here, {"extent": "everything"})
    assert refused.status_code == 400
    assert "Connect" in texts(refused)


async def test_a_comparison_that_fails_for_good_gives_way_to_the_next_one(
    filled: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, reconciliation = await filled.sign_in(), filled.app.services.reconciliation
    here = f"{filled.team_home}/stripe/reconciliation"
    for error in (Unavailable("Stripe does not answer."), RuntimeError("something of ours")):

        async def fail(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(type(reconciliation), "compare", fail)
            await owner.post(here, {"extent": "everything"})
            for seconds in (*RETRY_SECONDS, 0):
                await filled.app.drain()
                # A try may wait longer, by chance.
                filled.app.clock.advance(timedelta(seconds=2 * seconds))
        page = texts(await owner.get(here))
        assert "Failed" in page
        assert str(error) in page
    jobs = await filled.app.services.db.write(lambda tx: queue.claim(tx, now=filled.app.clock.now(), limit=50))
    assert COMPARE_JOB not in {each.name for each in jobs}


async def test_how_far_a_comparison_is_shows_while_it_runs(filled: Console) -> None:
    owner, db, team_id = await filled.sign_in(), filled.app.services.db, filled.app.team.team_id
    begun = await filled.app.services.reconciliation.start(team_id, sample=None)
    await db.write(comparisons.note_progress, begun, {"product": 3, "price": 1})
    page = texts(await owner.get(f"{filled.team_home}/stripe/reconciliation"))
    assert "Under way" in page
    assert "compared: 3 products, 1 price." in page
    assert "1 of 5 kinds done, now prices" in page
    assert "Compare a sample" not in page


async def test_stopping_and_comparing_take_an_admin(filled: Console) -> None:
    member = await filled.sign_in("member@example.com", Role.MEMBER)
    for path in ("/stripe/imports/stop", "/stripe/reconciliation"):
        assert (await member.post(f"{filled.team_home}{path}")).status_code == 403
