from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from billfold.domain.analytics.months import last_months
from billfold.domain.analytics.revenue import revenue_by_currency
from billfold.entrypoints.web.console.overview import axis_words
from billfold.infrastructure.db.database import Reading
from tests.console.conftest import Console, texts


async def test_the_overview_tells_revenue_subscriptions_and_referrals(filled: Console) -> None:
    owner = await filled.sign_in()
    page = await owner.get(filled.home)
    text = " ".join(texts(page).split())
    assert "Monthly recurring revenue $19 .00" in text
    assert "1 started, 0 ended this month" in text
    assert "1 friend referred" in text
    assert "100.0 % of the friends" in text
    # What failed, of which there is nothing here, and what partners wait for.
    needs = text.partition("Needs attention")[2]
    assert re.match(r" \d things 1 sign of a partner bringing himself", needs)
    assert "1 application to decide" in needs
    assert f'href="{filled.home}/fraud-queue"' in page.text
    # A table of twelve months stands behind each chart.
    assert len(re.findall(r'<tr><th scope="row"', page.text)) == 24
    assert page.text.count('role="img"') == 2


@pytest.mark.parametrize(
    ("values", "currency", "words"),
    [
        ([200_000, 150_000, 100_000, 50_000, 0], "usd", ["$2,000", "$1,500", "$1,000", "$500", "$0"]),
        ([400_000, 300_000, 200_000, 100_000, 0], "usd", ["$4k", "$3k", "$2k", "$1k", "$0"]),
        ([4, 3, 2, 1, 0], "usd", ["$0.04", "$0.03", "$0.02", "$0.01", "$0.00"]),
        ([8_000_000, 6_000_000, 4_000_000, 2_000_000, 0], "jpy", ["¥8m", "¥6m", "¥4m", "¥2m", "¥0"]),
    ],
)
def test_the_amounts_of_an_axis_have_one_form(values: list[int], currency: str, words: list[str]) -> None:
    assert axis_words(values, currency) == words


async def test_months_count_what_started_ended_and_ran(filled: Console) -> None:
    project_id = filled.app.team.project_id
    at = filled.app.clock.now()

    async def look(tx: Reading, months_later: int) -> list[tuple[int, int, int, int]]:
        revenue = await revenue_by_currency(tx, project_id)
        # From the middle of the month, 31 days lead into the next one, whatever day the test runs on.
        moment = at.replace(day=15) + timedelta(days=31 * months_later)
        found = await last_months(tx, project_id, currency="usd", revenue_now=revenue.get("usd", Decimal(0)), at=moment)
        return [(int(each.revenue), each.started, each.ended, each.running) for each in found]

    db = filled.app.services.db
    assert (await db.read(look, 0))[-2:] == [(0, 0, 0, 0), (19, 1, 0, 1)]
    # Seen from later, the month of the start lies further back and is worked out.
    assert (await db.read(look, 2))[-4:] == [(0, 0, 0, 0), (19, 1, 0, 1), (19, 0, 0, 1), (19, 0, 0, 1)]
    # Long after, it began before the first of the twelve.
    assert set(await db.read(look, 20)) == {(19, 0, 0, 1)}
    owner = await filled.sign_in()
    here = f"{filled.home}/subscriptions/{filled.ids['subscription_id']}"
    await owner.get(here)
    await owner.post(f"{here}/end", {"when": "now"})
    assert (await db.read(look, 0))[-1] == (0, 1, 1, 0)
    assert (await db.read(look, 1))[-2:] == [(0, 1, 1, 0), (0, 0, 0, 0)]
