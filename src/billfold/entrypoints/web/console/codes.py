"""`/console/…/codes`: the codes that customers and partners pass on, whom each brought, and how many it may bring."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.base.paging import Page
from billfold.domain.analytics import code_list, customer_list
from billfold.domain.referrals import code_limits, codes
from billfold.domain.referrals.code_limits import MOST_USES
from billfold.domain.referrals.codes import Code
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console.lists import (
    Filter,
    Listing,
    csv_answer,
    read_listing,
    wants_csv,
)
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form, whole_number
from billfold.infrastructure.db.database import Reading

_PROJECT: Final = "/console/{team_id}/{project_id}"
_EXPORTED_AT_ONCE: Final = 500
_CODE_FILTERS: Final = (Filter("show", "Show", {"all": "inactive too"}, "Active codes", speaks=True),)
_LIMIT_ANSWER: Final = f"Most referrals: a whole number from 1 to {MOST_USES:,}, or nothing for no limit."


async def show_codes(request: Request) -> Response:
    """Show a page of codes; a search names one exactly."""
    visit = await enter(request)
    listing = read_listing(request, filters=_CODE_FILTERS, search_label="A whole code")
    if wants_csv(request):
        header = ("code", "customer_id", "customer", "is_active", "created_at", "max_uses")
        return csv_answer("codes", header, _exported_codes(visit, listing))
    found, names = await visit.services.db.read(_read_codes, visit.project_id, listing)
    rows, pager = listing.cut(found)
    return visit.show("codes.html", {"listing": listing, "rows": rows, "pager": pager, "names": names})


async def _read_codes(tx: Reading, project_id: str, listing: Listing) -> tuple[list[Code], dict[str, str]]:
    found = await _find_codes(tx, project_id, listing)
    return found, await customer_list.names_of(tx, project_id, [each.customer_id for each in found])


async def _find_codes(tx: Reading, project_id: str, listing: Listing) -> list[Code]:
    if listing.q:
        try:
            return [await codes.get(tx, project_id, listing.q)]
        except NotFound:
            return []
    page = Page(limit=listing.limit, offset=listing.offset)
    return await codes.list_codes(tx, project_id, page, active_only="show" not in listing.chosen)


async def _exported_codes(visit: Visit, listing: Listing) -> AsyncIterator[Sequence[Sequence[object]]]:
    after: tuple[datetime, str] | None = None
    while True:
        rows, names = await visit.services.db.read(_read_codes_export, visit.project_id, listing, after)
        yield [
            (
                each.code,
                each.customer_id,
                names.get(each.customer_id),
                each.is_active,
                each.created_at.isoformat(),
                each.max_uses,
            )
            for each in rows
            if each.is_active or listing.chosen or listing.q
        ]
        if listing.q or len(rows) < _EXPORTED_AT_ONCE:
            return
        after = (rows[-1].created_at, rows[-1].id)


async def _read_codes_export(
    tx: Reading, project_id: str, listing: Listing, after: tuple[datetime, str] | None
) -> tuple[list[Code], dict[str, str]]:
    if listing.q:
        return await _read_codes(tx, project_id, listing)
    rows = await code_list.export_codes(tx, project_id, after=after, limit=_EXPORTED_AT_ONCE)
    return rows, await customer_list.names_of(tx, project_id, [each.customer_id for each in rows])


async def deactivate_code(request: Request) -> Response:
    """Have a code bring nobody any more."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    code: str = request.path_params["code"]
    await Recorded(visit, "referral_code.deactivated", code).write(
        codes.deactivate, visit.project_id, code, at=visit.at
    )
    return visit.done(f"{visit.home}/codes", f"The code {code.upper()} brings nobody any more. What it brought stays.")


async def ask_deactivation(request: Request) -> Response:
    """Ask before a code is switched off."""
    visit = await enter(request, Role.MEMBER)
    found = await visit.services.db.read(codes.get, visit.project_id, request.path_params["code"])
    return visit.show(
        "confirm.html",
        {
            "question": f"Switch the code {found.code} off?",
            "consequences": (
                "Nobody can be referred with it any more. Referrals that it made go on, and convert as before.",
                "The customer gets the same code back when a new one is asked for.",
            ),
            "act": "Switch the code off",
            "action": f"{visit.home}/codes/{found.code}/deactivation",
            "back": f"{visit.home}/codes",
            "back_words": "Codes",
        },
    )


async def show_limit(request: Request) -> Response:
    """Show how often a code was used and how often it may be, with the form that changes it."""
    visit = await enter(request, Role.MEMBER)
    return await _limit_page(visit, None, {})


async def change_limit(request: Request) -> Response:
    """Say how many referrals a code may make in all, or that it may make any number."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    text = form.text("max_uses").replace(",", "").replace("\N{NO-BREAK SPACE}", "")
    limit = whole_number(text, least=1, most=MOST_USES)
    if text and limit is None:
        return await _limit_page(visit, form, {"max_uses": _LIMIT_ANSWER})
    code = codes.normalised_code(request.path_params["code"])
    await Recorded(visit, "referral_code.limited", code, {"max_uses": limit}).write(
        code_limits.set_limit, visit.project_id, code, max_uses=limit, at=visit.at
    )
    told = "any number of referrals" if limit is None else f"{limit:,} in all" if limit > 1 else "one referral"
    return visit.done(f"{visit.home}/codes", f"The code {code} may make {told}.")


async def _limit_page(visit: Visit, form: Form | None, errors: dict[str, str]) -> Response:
    found, uses = await visit.services.db.read(_read_uses, visit.project_id, visit.request.path_params["code"])
    shown = form or Form([("max_uses", "" if found.max_uses is None else str(found.max_uses))])
    return visit.show(
        "code_limit.html", {"code": found, "uses": uses, "form": shown, "errors": errors}, 400 if errors else 200
    )


async def _read_uses(tx: Reading, project_id: str, code: str) -> tuple[Code, int]:
    found = await codes.get(tx, project_id, code)
    return found, await code_limits.uses_of(tx, project_id, found.id)


ROUTES: Final = [
    Route(f"{_PROJECT}/codes", show_codes, methods=["GET"]),
    Route(f"{_PROJECT}/codes/{{code}}/deactivation", ask_deactivation, methods=["GET"]),
    Route(f"{_PROJECT}/codes/{{code}}/deactivation", deactivate_code, methods=["POST"]),
    Route(f"{_PROJECT}/codes/{{code}}/limit", show_limit, methods=["GET"]),
    Route(f"{_PROJECT}/codes/{{code}}/limit", change_limit, methods=["POST"]),
]
