"""`/console/…/webhooks`: the addresses that are told what happens: made, changed, rotated, switched off and on, deleted."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Invalid
from billfold.domain.tenancy.members import Role
from billfold.domain.webhooks import endpoints
from billfold.domain.webhooks.endpoints import ALL_TYPES, LONGEST_DESCRIPTION, Change, Endpoint
from billfold.domain.webhooks.public_types import PUBLIC_TYPES
from billfold.entrypoints.web.console import statuses
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.outbound import AddressRefused, Outbound

_HERE: Final = "/console/{team_id}/{project_id}/webhooks"
_ONE: Final = f"{_HERE}/{{webhook_id}}"
_BAD_URL: Final = "Address: {} It should look like https://app.example.com/webhooks."


def state_of(endpoint: Endpoint) -> statuses.Status:
    """Return the word for how an endpoint is doing."""
    if not endpoint.is_enabled:
        return statuses.WEBHOOK["off" if endpoint.off_reason == "person" else "failed"]
    return statuses.WEBHOOK["failing" if endpoint.failing_since is not None else "on"]


def short_address(url: str) -> str:
    """Return an address without its query, which often holds a token."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path.rstrip('/')}"


async def find(visit: Visit, request: Request) -> Endpoint:
    """Return the endpoint of the address, or raise `NotFound`."""
    wanted: str = request.path_params["webhook_id"]
    return await visit.services.db.read(endpoints.get_endpoint, visit.project_id, wanted)


async def show_list(request: Request) -> Response:
    """Show the project's webhooks."""
    visit = await enter(request)
    rows = await visit.services.db.read(endpoints.endpoints_of_project, visit.project_id)
    return visit.show("webhooks.html", {"rows": rows, "state_of": state_of, "short": short_address})


async def show_new(request: Request) -> Response:
    """Show the form of a new webhook."""
    visit = await enter(request, Role.MEMBER)
    return _form(visit, None, Form([]), {})


async def create(request: Request) -> Response:
    """Make a webhook and show its secret, this once."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    errors = _errors_in(visit, form)
    if errors:
        return _form(visit, None, form, errors)
    try:
        made, secret = await Recorded(visit, "webhook.created").write(
            endpoints.create_endpoint,
            visit.services.sealer,
            team_id=visit.team_id,
            project_id=visit.project_id,
            url=form.text("url"),
            types=_types_in(form),
            description=form.text("description") or None,
            now=visit.now,
        )
    except BillfoldError as error:
        return _form(visit, None, form, {"": error.message})
    # No redirect: the secret is in this answer only, and in no cookie and no address.
    return visit.show("webhook_secret.html", {"webhook": made, "secret": secret, "short": short_address}, 201)


async def show_edit(request: Request) -> Response:
    """Show the form of a webhook's details."""
    visit = await enter(request, Role.MEMBER)
    found = await find(visit, request)
    power = "all" if ALL_TYPES in found.types else "some"
    types = [("type", each) for each in found.types]
    return _form(
        visit,
        found,
        Form([("url", found.url), ("description", found.description or ""), ("power", power), *types]),
        {},
    )


async def change(request: Request) -> Response:
    """Change a webhook's details."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    found = await find(visit, request)
    errors = _errors_in(visit, form)
    if errors:
        return _form(visit, found, form, errors)
    wanted = Change(url=form.text("url"), types=_types_in(form), description=form.text("description"))
    try:
        await _change(visit, found, "webhook.updated", wanted)
    except Invalid as error:
        return _form(visit, found, form, {"": error.message})
    return visit.done(f"{visit.home}/webhooks/{found.id}", "The webhook is changed.")


async def switch(request: Request) -> Response:
    """Switch a webhook off, or on again."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    found = await find(visit, request)
    is_on = form.text("switch") == "on"
    await _change(visit, found, "webhook.updated", Change(is_enabled=is_on))
    text = "It is switched on: what waited goes out now." if is_on else "It is switched off, and goes on collecting."
    return visit.done(f"{visit.home}/webhooks/{found.id}", text)


async def ask_rotation(request: Request) -> Response:
    """Ask before the secret is replaced."""
    visit = await enter(request, Role.MEMBER)
    found = await find(visit, request)
    return _ask(
        visit,
        found,
        "Make a new signing secret?",
        ("rotation", "Make a new secret"),
        (
            "The new one is shown once. For 24 hours the present one signs beside it, so your receiver may check either.",
            "A secret that was replaced less than a day ago stops signing at once.",
        ),
    )


async def rotate(request: Request) -> Response:
    """Replace the secret and show the new one, this once."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    found = await find(visit, request)
    rotated, secret = await Recorded(visit, "webhook.secret_rotated").write(
        endpoints.rotate_secret,
        visit.services.sealer,
        project_id=visit.project_id,
        endpoint_id=found.id,
        now=visit.now,
    )
    return visit.show("webhook_secret.html", {"webhook": rotated, "secret": secret, "short": short_address})


async def ask_deletion(request: Request) -> Response:
    """Ask before a webhook is deleted."""
    visit = await enter(request, Role.MEMBER)
    found = await find(visit, request)
    return _ask(
        visit,
        found,
        f"Delete the webhook at {short_address(found.url)}?",
        ("deletion", "Delete the webhook"),
        ("What waits for it is not sent any more, and the record of what it was sent is gone.",),
    )


async def delete(request: Request) -> Response:
    """Delete a webhook."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    found = await find(visit, request)
    await Recorded(visit, "webhook.deleted").write(
        endpoints.delete_endpoint, project_id=visit.project_id, endpoint_id=found.id, now=visit.now
    )
    return visit.done(f"{visit.home}/webhooks", "The webhook is deleted.")


async def _change(visit: Visit, found: Endpoint, action: str, wanted: Change) -> None:
    await Recorded(visit, action).write(
        endpoints.change_endpoint, project_id=visit.project_id, endpoint_id=found.id, change=wanted, now=visit.now
    )


def _ask(visit: Visit, found: Endpoint, question: str, act: tuple[str, str], consequences: tuple[str, ...]) -> Response:
    """Ask before `act`: the end of its address, and its words."""
    home = f"{visit.home}/webhooks/{found.id}"
    return visit.show(
        "confirm.html",
        {
            "question": question,
            "consequences": consequences,
            "act": act[1],
            "action": f"{home}/{act[0]}",
            "back": home,
            "back_words": "Webhook",
        },
    )


def _types_in(form: Form) -> list[str]:
    return (
        [ALL_TYPES] if form.text("power") != "some" else [each for each in form.every("type") if each in PUBLIC_TYPES]
    )


def _errors_in(visit: Visit, form: Form) -> dict[str, str]:
    errors: dict[str, str] = {}
    try:
        Outbound(allow_private=visit.services.settings.outbound_private).check_url(form.text("url"))
    except AddressRefused as refused:
        errors["url"] = _BAD_URL.format(refused)
    description = form.text("description")
    if len(description) > LONGEST_DESCRIPTION or not description.isprintable():
        errors["description"] = f"Description: one line of at most {LONGEST_DESCRIPTION} characters."
    if not _types_in(form):
        errors["type"] = "Events: choose at least one, or all of them."
    return errors


def _form(visit: Visit, found: Endpoint | None, form: Form, errors: dict[str, str]) -> Response:
    sections: dict[str, list[str]] = {}
    for each in PUBLIC_TYPES.values():
        sections.setdefault(each.section, []).append(each.name)
    values = {"webhook": found, "form": form, "errors": errors, "sections": sections, "chosen": form.every("type")}
    return visit.show("webhook_form.html", values, 400 if errors else 200)


ROUTES: Final = [
    Route(_HERE, show_list, methods=["GET"]),
    Route(_HERE, create, methods=["POST"]),
    Route(f"{_HERE}/new", show_new, methods=["GET"]),
    Route(f"{_ONE}/edit", show_edit, methods=["GET"]),
    Route(f"{_ONE}/edit", change, methods=["POST"]),
    Route(f"{_ONE}/switch", switch, methods=["POST"]),
    Route(f"{_ONE}/rotation", ask_rotation, methods=["GET"]),
    Route(f"{_ONE}/rotation", rotate, methods=["POST"]),
    Route(f"{_ONE}/deletion", ask_deletion, methods=["GET"]),
    Route(f"{_ONE}/deletion", delete, methods=["POST"]),
]
