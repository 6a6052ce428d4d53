"""`/console/…/referrals` and `…/rewards`: who brought whom, by which code, and why it did or did not convert."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.base.paging import Page
from billfold.domain.analytics import referral_list, referral_story, reward_list
from billfold.domain.analytics.referral_list import Earned, ReferralLine
from billfold.domain.referrals import codes, credit_settings, verdicts
from billfold.domain.referrals.voids import Void
from billfold.domain.referrals.voids import find as find_void
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.amounts import unit_text
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.lists import (
    Filter,
    Listing,
    csv_answer,
    read_listing,
    wants_csv,
)
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.console.void_forms import REASON_WORDS, REASONS_OFFERED, read_verdict
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading

_PROJECT: Final = "/console/{team_id}/{project_id}"
_FILTERS: Final = (
    Filter("status", "Status", {name: status.word for name, status in statuses.REFERRAL.items()}, "Any status"),
)
_EXPORTED_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class _ListPage:
    rows: list[ReferralLine]
    earned: dict[str, list[Earned]]
    enabled: bool
    has_codes: bool


async def show_list(request: Request) -> Response:
    """Show a page of referrals, or all that fit as CSV."""
    visit = await enter(request)
    listing = read_listing(
        request, filters=_FILTERS, sorts=("newest", "oldest"), search_label="Name, address or id of either, or a code"
    )
    if wants_csv(request):
        header = (
            "id", "code", "status", "referrer_email", "referee_email", "terms_version", "earned", "created_at", "converted_at",
        )  # fmt: skip
        return csv_answer("referrals", header, _exported(visit, listing))
    page = await visit.services.db.read(_read_page, visit.project_id, listing)
    rows, pager = listing.cut(page.rows)
    return visit.show(
        "referrals.html",
        {
            "listing": listing,
            "rows": rows,
            "pager": pager,
            "earned": {key: _earned_text(value) for key, value in page.earned.items()},
            "enabled": page.enabled,
            "has_codes": page.has_codes,
            "status_of": _status,
            "public_url": visit.services.settings.public_url,
        },
    )


async def _read_page(tx: Reading, project_id: str, listing: Listing) -> _ListPage:
    status = listing.chosen.get("status")
    if listing.q:
        found = await referral_list.search_referrals(tx, project_id, listing.q, status=status, sort=listing.sort)
        rows = list(listing.of_found(found))
    else:
        rows = await referral_list.list_referrals(
            tx, project_id, status=status, sort=listing.sort, limit=listing.limit, offset=listing.offset
        )
    settings = await credit_settings.get_settings(tx, project_id)
    some_code = await codes.list_codes(tx, project_id, Page(limit=1), active_only=True)
    earned = await referral_list.earned_by(tx, project_id, [each.id for each in rows])
    return _ListPage(rows, earned, settings.enabled, bool(some_code))


async def _exported(visit: Visit, listing: Listing) -> AsyncIterator[Sequence[Sequence[object]]]:
    after: tuple[datetime, str] | None = None
    while True:
        rows, earned = await visit.services.db.read(_read_export, visit.project_id, listing, after)
        yield [
            (
                each.id, each.code, each.status, each.referrer_email, each.referee_email, each.terms_version,
                _earned_text(earned.get(each.id, [])), each.created_at.isoformat(),
                each.converted_at.isoformat() if each.converted_at else "",
            )
            for each in rows
        ]  # fmt: skip
        if listing.q or len(rows) < _EXPORTED_AT_ONCE:
            return
        after = (rows[-1].created_at, rows[-1].id)


async def _read_export(
    tx: Reading, project_id: str, listing: Listing, after: tuple[datetime, str] | None
) -> tuple[list[ReferralLine], dict[str, list[Earned]]]:
    status = listing.chosen.get("status")
    if listing.q:
        rows = await referral_list.search_referrals(tx, project_id, listing.q, status=status, sort=listing.sort)
    else:
        rows = await referral_list.export_referrals(
            tx, project_id, status=status, sort=listing.sort, after=after, limit=_EXPORTED_AT_ONCE
        )
    return rows, await referral_list.earned_by(tx, project_id, [each.id for each in rows])


async def show_one(request: Request) -> Response:
    """Show one referral with its verdict, its timeline and what it gave."""
    visit = await enter(request)
    wanted: str = request.path_params["referral_id"]
    story = None
    if _may_be_id(wanted):
        story = await visit.services.db.read(referral_story.story_of, visit.project_id, wanted)
    if story is None:
        raise NotFound("There is no such referral.")
    void: Void | None = await visit.services.db.read(find_void, visit.project_id, wanted)
    given: dict[str, int] = {}
    for each in story.rewards:
        given[each.unit] = given.get(each.unit, 0) + each.amount
    return visit.show(
        "referral.html",
        {
            "story": story,
            "moments": referral_story.moments(story),
            "status": _status(story.referral.status),
            "given": given,
            "void": void,
            "why_void": None if void is None else REASON_WORDS.get(void.reason, void.reason),
            "wanted": referral_story.wanted_of(story.terms),
            "reward_status": lambda value: statuses.status_of(statuses.REWARD, value),
        },
    )


async def ask_void(request: Request) -> Response:
    """Ask before a referral is made void, and why."""
    visit = await enter(request, Role.MEMBER)
    return await _void_page(visit, Form([]), {})


async def void(request: Request) -> Response:
    """Have a whole referral count for nothing."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    verdict, errors = read_verdict(visit, form)
    if errors:
        return await _void_page(visit, form, errors)
    referral = await visit.services.db.read(_referral, visit.project_id, request.path_params["referral_id"])
    await Recorded(visit, "referral.voided", referral.id, {"reason": verdict.reason}).write(
        verdicts.void_referral,
        team_id=visit.team_id,
        project_id=visit.project_id,
        referral_id=referral.id,
        verdict=verdict,
        now=visit.now,
    )
    return visit.done(f"{visit.home}/referrals/{referral.id}", "Void: it counts for nothing until you restore it.")


async def restore(request: Request) -> Response:
    """Have a void referral count again."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    referral = await visit.services.db.read(_referral, visit.project_id, request.path_params["referral_id"])
    await Recorded(visit, "referral.restored", referral.id).write(
        verdicts.restore_referral,
        team_id=visit.team_id,
        project_id=visit.project_id,
        referral_id=referral.id,
        by=visit.actor.name,
        now=visit.now,
    )
    return visit.done(f"{visit.home}/referrals/{referral.id}", "It counts again.")


async def _void_page(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    referral = await visit.services.db.read(_referral, visit.project_id, visit.request.path_params["referral_id"])
    values = {
        "referral": referral,
        "form": form,
        "errors": errors,
        "reasons": REASONS_OFFERED,
    }
    return visit.show("referral_void.html", values, 400 if errors else 200)


async def _referral(tx: Reading, project_id: str, referral_id: str) -> ReferralLine:
    found = None
    if _may_be_id(referral_id):
        found = await referral_list.find_referral(tx, project_id, referral_id)
    if found is None:
        raise NotFound("There is no such referral.")
    return found


async def show_failed_rewards(request: Request) -> Response:
    """Show the credits that were earned and could not be given."""
    visit = await enter(request)
    listing = read_listing(request)
    found: list[Any] = await visit.services.db.read(
        reward_list.failed_rewards, visit.project_id, limit=listing.limit, offset=listing.offset
    )
    rows, pager = listing.cut(found)
    return visit.show("rewards.html", {"listing": listing, "rows": rows, "pager": pager})


def _may_be_id(text: str) -> bool:
    return text.startswith("ref_") and text.isascii() and text.isprintable()


def _earned_text(earned: list[Earned]) -> str:
    return ", ".join(unit_text(each.amount, each.unit) for each in earned)


def _status(value: str) -> statuses.Status:
    return statuses.status_of(statuses.REFERRAL, value)


ROUTES: Final = [
    Route(f"{_PROJECT}/referrals", show_list, methods=["GET"]),
    Route(f"{_PROJECT}/referrals/{{referral_id}}", show_one, methods=["GET"]),
    Route(f"{_PROJECT}/referrals/{{referral_id}}/void", ask_void, methods=["GET"]),
    Route(f"{_PROJECT}/referrals/{{referral_id}}/void", void, methods=["POST"]),
    Route(f"{_PROJECT}/referrals/{{referral_id}}/restoration", restore, methods=["POST"]),
    Route(f"{_PROJECT}/rewards", show_failed_rewards, methods=["GET"]),
]
