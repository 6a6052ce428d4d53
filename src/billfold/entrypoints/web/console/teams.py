"""`/console/{teamId}/teams`: a team of one's own beside the others, with a Stripe account of its own.

A team that has tried everything in the simulator sells for real in a new one: what was made in the simulator belongs to it.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import Conflict, Invalid
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.registration import found_team
from billfold.entrypoints.web.console.visits import enter
from billfold.entrypoints.web.forms import Form

_HERE: Final = "/console/{team_id}/teams"


async def show_new(request: Request) -> Response:
    """Show the form of a new team; whoever is signed in may make one, as through the API."""
    visit = await enter(request)
    return visit.show("team_new.html", {"form": Form([]), "errors": {}})


async def create(request: Request) -> Response:
    """Create a team whose owner is the visitor, and lead to its first project."""
    visit = await enter(request)
    form = await visit.form(Role.VIEWER)
    try:
        made = await visit.services.db.write(
            found_team, visit.actor, user_id=visit.session.user_id, name=form.text("name"), now=visit.now
        )
    except Invalid:
        errors = {"name": "Name: one line of up to 200 characters, such as Fieldnote."}
        return visit.show("team_new.html", {"form": form, "errors": errors}, 400)
    except Conflict as error:
        return visit.show("team_new.html", {"form": form, "errors": {"": error.message}}, 409)
    return visit.done(f"/console/{made.id}/projects/new", f"The team {made.name} is ready. Give it a project.")


ROUTES: Final = [
    Route(f"{_HERE}/new", show_new, methods=["GET"]),
    Route(_HERE, create, methods=["POST"]),
]
