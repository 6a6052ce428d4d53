"""`/console/{teamId}/api-keys`: the keys with which programs call: made, shown once, revoked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import Invalid, NotFound
from billfold.domain.tenancy import api_keys
from billfold.domain.tenancy.api_keys import SCOPES, ApiKey
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form

_HERE: Final = "/console/{team_id}/api-keys"
_LONGEST_NAME: Final = 200


async def show_list(request: Request) -> Response:
    """Show the team's keys."""
    visit = await enter(request, Role.ADMIN)
    rows = await visit.services.db.read(api_keys.api_keys_of_team, visit.team_id)
    names = {each.project_id: each.project_name for each in visit.places}
    return visit.show("api_keys.html", {"rows": rows, "project_names": names, "now": visit.now})


async def show_new(request: Request) -> Response:
    """Show the form of a new key."""
    visit = await enter(request, Role.ADMIN)
    return _new_form(visit, Form([]), {})


async def create(request: Request) -> Response:
    """Create a key and show it, this once."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    errors: dict[str, str] = {}
    if not form.text("name") or len(form.text("name")) > _LONGEST_NAME:
        errors["name"] = "Name: say which program uses it, such as Web server."
    scopes = [each for each in form.every("scope") if each in SCOPES]
    if form.text("power") == "some" and not scopes:
        errors["scope"] = "Choose what the key may do, or give it full access."
    expires_at = _end_of(form.text("expires"), visit.now, errors)
    project_id = form.text("project") or None
    if project_id is not None and not any(each.project_id == project_id for each in visit.places):
        errors["project"] = "Project: choose one of the list."
    if errors:
        return _new_form(visit, form, errors)
    recorded = Recorded(visit, "api_key.created", details={"name": form.text("name"), "scopes": scopes}, of_team=True)
    try:
        key, raw_key = await recorded.write(
            api_keys.create_api_key,
            team_id=visit.team_id,
            project_id=project_id,
            name=form.text("name"),
            scopes=scopes if form.text("power") == "some" else (),
            expires_at=expires_at,
            now=visit.now,
        )
    except Invalid as error:
        return _new_form(visit, form, {"": error.message})
    # No redirect: the key is in this answer only, and in no cookie and no address.
    return visit.show("api_key_made.html", {"key": key, "raw_key": raw_key}, 201)


async def ask_revocation(request: Request) -> Response:
    """Ask before a key is revoked."""
    visit = await enter(request, Role.ADMIN)
    key = await _found(visit, request)
    return visit.show(
        "confirm.html",
        {
            "question": f"Revoke the key {key.name}?",
            "consequences": (
                "Whatever uses it is refused from now on. It cannot be taken back: make a new key instead.",
            ),
            "act": "Revoke the key",
            "action": f"{visit.team_home}/api-keys/{key.id}/revocation",
            "back": f"{visit.team_home}/api-keys",
            "back_words": "API keys",
        },
    )


async def revoke(request: Request) -> Response:
    """Revoke a key for good."""
    visit = await enter(request)
    await visit.form(Role.ADMIN)
    key = await _found(visit, request)
    await Recorded(visit, "api_key.revoked", key.id, {"name": key.name}, of_team=True).write(
        api_keys.revoke_api_key, team_id=visit.team_id, key_id=key.id, now=visit.now
    )
    visit.services.known_keys.forget()
    return visit.done(f"{visit.team_home}/api-keys", f"The key {key.name} is revoked.")


async def _found(visit: Visit, request: Request) -> ApiKey:
    rows = await visit.services.db.read(api_keys.api_keys_of_team, visit.team_id)
    found = next((each for each in rows if each.id == request.path_params["key_id"]), None)
    if found is None:
        raise NotFound("There is no such key, or it was revoked before.")
    return found


def _end_of(text: str, now: datetime, errors: dict[str, str]) -> datetime | None:
    """Return the end of the named day in UTC, None if none was named."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors["expires"] = "Last day: give a date. It should look like 2027-12-31."
        return None
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1 if day < date.max else 0)
    if end <= now:
        errors["expires"] = "Last day: it lies in the past."
    return end


def _new_form(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    projects = {each.project_id: each.project_name for each in visit.places if each.team_id == visit.team_id}
    values = {
        "form": form,
        "errors": errors,
        "scopes": SCOPES,
        "chosen": form.every("scope"),
        "projects": {"": "All projects", **{key: name for key, name in projects.items() if key}},
    }
    return visit.show("api_key_new.html", values, 400 if errors else 200)


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(_HERE, create, methods=["POST"]),
    Route(f"{_HERE}/new", show_new, methods=["GET"]),
    Route(f"{_HERE}/{{key_id}}/revocation", ask_revocation, methods=["GET"]),
    Route(f"{_HERE}/{{key_id}}/revocation", revoke, methods=["POST"]),
]
