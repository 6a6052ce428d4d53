"""Binding: what an app passes of a visitor when it makes a customer or opens a checkout (contract section 6, A20).

A code or token that says nothing to us never stands in a sign-up's way: the customer is made, the answer says that nothing was
bound and why, and the touch is kept with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.signing import Signer
from billfold.domain.referrals.attribution import attribute
from billfold.domain.referrals.checkouts import link_touch
from billfold.domain.referrals.click_tokens import CLICK_PREFIX, read_token
from billfold.domain.referrals.clicks import find_click
from billfold.domain.referrals.codes import LONGEST_CODE, normalised_code, referral_codes
from billfold.domain.referrals.referrals import Referral
from billfold.domain.referrals.touches import Touch, touches_of
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query

LONGEST_GIVEN: Final = 300
_CODE_OF: Final = query(
    sa.select(referral_codes.c.code).where(
        referral_codes.c.project_id == sa.bindparam("project_id"), referral_codes.c.id == sa.bindparam("code_id")
    ),
    str,
)


@dataclass(frozen=True, slots=True)
class Passed:
    """What the app passed on; each may be missing. `referral_id` is a click's id or a click token."""

    referral_code: str | None = None
    click_token: str | None = None
    referral_id: str | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was passed."""
        return not (self.referral_code or self.click_token or self.referral_id)


@dataclass(frozen=True, slots=True)
class Binding:
    """What became of it: the pending referral, or None with the `reason` of the attribution rules."""

    referral: Referral | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class _About:
    project_id: str
    customer_id: str
    evidence: dict[str, object]
    at: datetime


async def bind(
    tx: Writing,
    signer: Signer,
    *,
    team_id: str,
    project_id: str,
    customer_id: str,
    passed: Passed,
    source: str,
    at: datetime,
    now: datetime,
) -> Binding:
    """Keep what was passed as touches of a customer and decide; `source` says where it was passed, for people.

    A code that is passed with a token or click of the same code is that click; alone it counts as a link followed now.
    """
    seen = await _touches(tx, signer, passed, _About(project_id, customer_id, {"passed": source}, at))
    found = await attribute(
        tx, team_id=team_id, project_id=project_id, customer_id=customer_id, seen=seen, at=at, now=now
    )
    if found is not None and any(touch.code == found.code for touch in seen):
        return Binding(found, None)
    kept = await touches_of(tx, project_id, customer_id)
    told = {(touch.kind, touch.code) for touch in seen}
    refusals = [touch.refusal for touch in kept if (touch.kind, touch.code) in told and touch.refusal is not None]
    return Binding(found, refusals[-1] if refusals else "not_counted" if seen else "not_a_token")


async def _touches(tx: Reading, signer: Signer, passed: Passed, about: _About) -> list[Touch]:
    project_id, customer_id, evidence = about.project_id, about.customer_id, about.evidence
    found: dict[str, Touch] = {}
    for text in (passed.click_token, passed.referral_id):
        if not text or len(text) > LONGEST_GIVEN:
            continue
        token = read_token(signer, text)
        if token is not None:
            touch = link_touch(token, project_id=project_id, customer_id=customer_id, evidence=evidence)
            found.setdefault(touch.code or "", touch)
        elif text.startswith(CLICK_PREFIX) and text.isascii():
            clicked = await _click_touch(tx, text, about)
            if clicked is not None:
                found.setdefault(clicked.code or "", clicked)
    code = _code_of(passed.referral_code)
    if code is not None and code not in found:
        found[code] = Touch(
            project_id, customer_id, "link", about.at, code=code, evidence={**evidence, "click": "none"}
        )
    return list(found.values())


async def _click_touch(tx: Reading, click_id: str, about: _About) -> Touch | None:
    click = await find_click(tx, about.project_id, click_id)
    if click is None:
        return None
    code = await tx.first(_CODE_OF, project_id=about.project_id, code_id=click.code_id)
    return Touch(
        about.project_id,
        about.customer_id,
        "link",
        click.created_at,
        code=code,
        code_id=click.code_id,
        click_id=click.id,
        evidence=about.evidence,
    )


def _code_of(given: str | None) -> str | None:
    """Return a code in its stored form; what cannot be one is kept as it was typed, cut, to be explained."""
    if not given or not given.strip():
        return None
    try:
        return normalised_code(given)
    except NotFound:
        return given.strip()[:LONGEST_CODE]
