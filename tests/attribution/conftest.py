"""A project with a partner program, a partner whose code is JANE20, and a landing page."""

from __future__ import annotations

import pytest

from billfold.domain.referrals import links
from billfold.domain.referrals.links import LinkSettings
from tests.app_fixtures import RunningBillfold
from tests.attribution.partnership import LANDING, Partnership
from tests.attribution.shop import Shop


@pytest.fixture
async def partnership(billfold_app: RunningBillfold) -> Partnership:
    """The program is on, JANE20 and OWEN15 are partners' codes, links lead to `LANDING`."""
    made = Partnership(billfold_app)
    await made.terms()
    await made.partner("JANE20")
    await made.partner("OWEN15")
    settings = LinkSettings(LANDING, ("app.example.com",), "go.example.com", "example.com")
    await billfold_app.services.db.write(
        links.set_settings, project_id=made.project_id, settings=settings, reserved=(), at=made.at()
    )
    return made


@pytest.fixture
async def shop(partnership: Partnership) -> Shop:
    """A shop whose price is $29.00 a month."""
    made = Shop(partnership)
    await made.open()
    return made
