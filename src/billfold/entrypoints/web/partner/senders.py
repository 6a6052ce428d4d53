"""`/partner/senders/{handle}`: whoever reads a mailbox says that a project may write to its partners from it.

A button is pressed, because programs that look into mails follow links.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from billfold.domain.partners.letter_settings import confirm_sender, find_letter_settings, sender_of
from billfold.domain.tenancy.audit_log import Actor, record
from billfold.domain.tenancy.projects import find_team_of_project
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.partner_senders import open_sender
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.forms import read_form
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.partner.visits import project_brand
from billfold.entrypoints.web.portal.brand import Brand
from billfold.infrastructure.db.database import Reading, Writing

_DEAD: Final = (
    "It is more than a week old, or another address was chosen since. Whoever chose this one can have it mailed again."
)


async def show(request: Request) -> Response:
    """Show who asks, and the button."""
    return await _page(request, is_done=False)


async def confirm(request: Request) -> Response:
    """Let the project write from the address; a second time changes nothing."""
    services: Services = request.app.state.services
    await read_form(request, None)
    found = _opened(request)
    is_done = found is not None and await services.db.write(_confirm, request, *found)
    return await _page(request, is_done=is_done)


def _opened(request: Request) -> tuple[str, str] | None:
    services: Services = request.app.state.services
    return open_sender(services.sealer, request.path_params["handle"], now=services.clock.now())


async def _page(request: Request, *, is_done: bool) -> Response:
    services: Services = request.app.state.services
    found = _opened(request)
    brand = None if found is None else await services.db.read(_read, *found)
    if found is None or brand is None:
        return render(request, "partner/dead.html", {"wait": None, "text": _DEAD}, 410)
    context = {"brand": brand, "address": found[1], "is_done": is_done, "action": request.url.path}
    return render(request, "partner/sender.html", context)


async def _read(tx: Reading, project_id: str, address: str) -> Brand | None:
    kept = await find_letter_settings(tx, project_id)
    if kept is None or kept.sender_address != address:
        return None
    return await project_brand(tx, project_id, (await sender_of(tx, project_id)).brand)


async def _confirm(tx: Writing, request: Request, project_id: str, address: str) -> bool:
    services: Services = request.app.state.services
    now = services.clock.now()
    team_id = await find_team_of_project(tx, project_id)
    if team_id is None or not await confirm_sender(tx, project_id, address, now=now):
        return False
    await record(
        tx,
        team_id=team_id,
        project_id=project_id,
        actor=Actor("system", None, client_address(request, services.settings), "Whoever reads the mailbox"),
        action="partner_sender.confirmed",
        subject=project_id,
        details={"sender_address": address},
        now=now,
    )
    return True
