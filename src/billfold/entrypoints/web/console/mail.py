"""`/console/{teamId}/mail`: the drawer: every letter of the team, and where each one is."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import NotFound
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.infrastructure.mail.mailbox import mails_of_team

_HERE: Final = "/console/{team_id}/mail"


async def show_list(request: Request) -> Response:
    """Show the letters, the newest one open."""
    visit = await enter(request, Role.ADMIN)
    return await _drawer(visit, None)


async def show_one(request: Request) -> Response:
    """Show one letter."""
    visit = await enter(request, Role.ADMIN)
    return await _drawer(visit, request.path_params["mail_id"])


async def _drawer(visit: Visit, wanted: str | None) -> Response:
    rows = await visit.services.db.read(mails_of_team, visit.team_id)
    # Only what the team's list holds: a letter of somebody else is not found, whatever its id.
    chosen = next((each for each in rows if wanted in {None, each.id}), None)
    if chosen is None and wanted is not None:
        raise NotFound("There is no such letter: letters are kept for 30 days.")
    mail = None if chosen is None else await visit.services.db.read(visit.services.mail.find, chosen.id)
    content = None if mail is None else mail.content
    if chosen is not None and chosen.is_private and visit.role is not Role.OWNER:
        # It holds an invitation's link: an admin who read an owner's could take that place.
        content = None
    return visit.show(
        "mail.html",
        {
            "rows": rows,
            "chosen": chosen,
            "text": None if content is None else content.text,
            # Our own composition, which escapes every text in it.
            "article": None if content is None else Markup(content.article),  # noqa: S704 - see above
            "is_sending": visit.services.mail.is_sending,
        },
    )


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(f"{_HERE}/{{mail_id}}", show_one, methods=["GET"]),
]
