"""`/partner/mails/{handle}`: refusing the summaries without signing in, from a link in each of them.

The link only ever switches these mails off or on; it shows nothing of the partner. A button is pressed, because programs that
look into mails follow links. The same address stands in each summary's `List-Unsubscribe`: a mail program that offers a button of
its own sends one POST there, from no page (RFC 8058).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from billfold.domain.partners.letter_settings import choose_digests, sender_of, wants_digests
from billfold.domain.partners.partners import find_partner
from billfold.domain.tenancy.teams import get_team
from billfold.entrypoints.partner_letters import open_choice
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.forms import read_form, require_own_origin
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.partner.visits import project_brand
from billfold.entrypoints.web.portal.brand import Brand
from billfold.infrastructure.db.database import Reading, Writing

_ONE_CLICK: Final = b"One-Click"
_ONE_CLICK_TYPES: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_LARGEST_ONE_CLICK: Final = 4_096


async def show(request: Request) -> Response:
    """Show the button."""
    return await _page(request, is_done=False)


async def choose(request: Request) -> Response:
    """Switch the summaries off, or on again."""
    services: Services = request.app.state.services
    if await _is_one_click(request):
        return await _refuse_at_once(request)
    form = await read_form(request, None)
    found = open_choice(services.sealer, request.path_params["handle"])
    if found is not None:
        await services.db.write(_choose, *found, wanted=form.text("wanted") == "yes", now=services.clock.now())
    return await _page(request, is_done=True)


async def _is_one_click(request: Request) -> bool:
    """Tell whether a mail program sent this, which says no page that it came from."""
    require_own_origin(request.app.state.services.settings, request.headers, may_be_missing=True)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in _ONE_CLICK_TYPES and _ONE_CLICK in (await request.body())[:_LARGEST_ONE_CLICK]


async def _refuse_at_once(request: Request) -> Response:
    services: Services = request.app.state.services
    found = open_choice(services.sealer, request.path_params["handle"])
    if found is None:
        return PlainTextResponse("This address is not one of ours.\n", 404)
    await services.db.write(_choose, *found, wanted=False, now=services.clock.now())
    return PlainTextResponse("You get no more summaries.\n")


async def _page(request: Request, *, is_done: bool) -> Response:
    services: Services = request.app.state.services
    found = open_choice(services.sealer, request.path_params["handle"])
    shown = None if found is None else await services.db.read(_read, *found)
    if shown is None:
        text = "The address is not whole. Take it from the mail once more."
        return render(request, "partner/dead.html", {"wait": None, "text": text}, 410)
    brand, wanted = shown
    context = {"brand": brand, "wanted": wanted, "is_done": is_done, "action": request.url.path}
    return render(request, "partner/mails.html", context)


async def _read(tx: Reading, project_id: str, partner_id: str) -> tuple[Brand, bool] | None:
    if await find_partner(tx, project_id, partner_id) is None:
        return None
    name = (await sender_of(tx, project_id)).brand
    return await project_brand(tx, project_id, name), await wants_digests(tx, project_id, partner_id)


async def _choose(tx: Writing, project_id: str, partner_id: str, *, wanted: bool, now: datetime) -> None:
    partner = await find_partner(tx, project_id, partner_id)
    if partner is not None:
        team = await get_team(tx, partner.team_id)
        await choose_digests(tx, project_id, partner_id, wanted=wanted, at=team.time_at(now))
