"""`/console/…/settings` and `/console/{teamId}/projects/new`: a project's name and look; a new project; its end."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Conflict, Invalid
from billfold.domain.billing.currencies import CURRENCIES
from billfold.domain.billing.customers import checked_email
from billfold.domain.billing.deletions import delete_project
from billfold.domain.tenancy.branding import (
    LARGEST_LOGO,
    LONGEST_NAME,
    Branding,
    Logo,
    checked_accent,
    checked_logo,
    find_branding,
    set_branding,
    set_logo,
)
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.projects import create_project, rename_project
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.entrypoints.web.portal.brand import brand_of

_HERE: Final = "/console/{team_id}/{project_id}/settings"
_NEW: Final = "/console/{team_id}/projects"
_LONGEST_URL: Final = 2_000


async def show(request: Request) -> Response:
    """Show the settings."""
    visit = await enter(request)
    return await _page(visit, await _stored(visit), {})


async def _stored(visit: Visit) -> Form:
    found = await visit.services.db.read(find_branding, visit.project_id)
    form = Form([("name", visit.place.project_name or "")])
    if found is not None:
        form.update(
            brand_name=found.name or "",
            accent=found.accent_color or "",
            support=found.support_email or "",
            return_url=found.return_url or "",
        )
    return form


async def rename(request: Request) -> Response:
    """Give the project another name."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    try:
        project = await Recorded(visit, "project.renamed").write(
            rename_project, team_id=visit.team_id, project_id=visit.project_id, name=form.text("name")
        )
    except Invalid:
        return await _page(visit, form, {"name": "Name: one line of up to 200 characters, such as Fieldnote."})
    return visit.done(f"{visit.home}/settings", f"The project is called {project.name} now.")


async def change_look(request: Request) -> Response:
    """Change how the project's portal looks; the logo stays as it is."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    errors: dict[str, str] = {}
    accent = support = None
    if form.text("accent"):
        try:
            accent = checked_accent(form.text("accent"))
        except Invalid:
            errors["accent"] = "Accent colour: a hash and six digits. It should look like #a3441c"
    if form.text("support"):
        try:
            support = checked_email(form.text("support"))
        except Invalid:
            errors["support"] = "Support address: give the whole address. It should look like help@example.com."
    return_url = form.text("return_url")
    if return_url and not _is_web_address(return_url):
        errors["return_url"] = "Way back: give the whole address. It should look like https://app.example.com/"
    if len(form.text("brand_name")) > LONGEST_NAME:
        errors["brand_name"] = f"Name on pages: at most {LONGEST_NAME} characters."
    if errors:
        return await _page(visit, form, errors)
    wanted = Branding(
        project_id=visit.project_id,
        team_id=visit.team_id,
        name=form.text("brand_name") or None,
        accent_color=accent,
        support_email=support,
        return_url=return_url or None,
        logo_type=None,
        logo_version=None,
        updated_at=visit.at,
    )
    recorded = Recorded(visit, "branding.changed", visit.project_id)
    await recorded.write(set_branding, wanted, logo=None, keep_logo=True)
    return visit.done(f"{visit.home}/settings", "Your customers’ pages look like this from now on.")  # noqa: RUF001


async def change_logo(request: Request) -> Response:
    """Show an uploaded image on the project's pages; what it is, its first bytes say."""
    visit = await enter(request)
    upload = await visit.upload(Role.ADMIN, largest=LARGEST_LOGO)
    try:
        logo = checked_logo(upload.files.get("logo", b""))
    except Invalid:
        size = LARGEST_LOGO // 1024
        text = (
            f"Logo: choose a PNG, JPEG or WebP image of at most {size} KiB. An SVG is not taken: it can hold a script."
        )
        return await _page(visit, await _stored(visit), {"logo": text})
    await _set_logo(visit, logo)
    return visit.done(f"{visit.home}/settings", "Your customers’ pages begin with this logo.")  # noqa: RUF001


async def remove_logo(request: Request) -> Response:
    """Show no logo any more."""
    visit = await enter(request)
    await visit.form(Role.ADMIN)
    await _set_logo(visit, None)
    return visit.done(f"{visit.home}/settings", "Your customers’ pages show no logo any more.")  # noqa: RUF001


async def _set_logo(visit: Visit, logo: Logo | None) -> None:
    details = {"logo": "removed" if logo is None else logo.media_type}
    await Recorded(visit, "branding.changed", visit.project_id, details).write(
        set_logo, project_id=visit.project_id, team_id=visit.team_id, logo=logo, at=visit.at
    )


async def show_new(request: Request) -> Response:
    """Show the form of a new project."""
    visit = await enter(request, Role.ADMIN)
    return visit.show("project_new.html", {"form": Form([("currency", "usd")]), "errors": {}})


async def create(request: Request) -> Response:
    """Create a project."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    errors: dict[str, str] = {}
    currency = form.text("currency").lower()
    if currency not in CURRENCIES:
        errors["currency"] = "Currency: give its three letters. It should look like usd."
    if not errors:
        try:
            made = await Recorded(visit, "project.created", of_team=True).write(
                create_project, team_id=visit.team_id, name=form.text("name"), currency=currency, now=visit.now
            )
        except BillfoldError:
            errors["name"] = "Name: one line of up to 200 characters, such as Fieldnote."
        else:
            return visit.done(f"{visit.team_home}/{made.id}", f"{made.name} is ready.")
    return visit.show("project_new.html", {"form": form, "errors": errors}, 400)


async def ask_deletion(request: Request) -> Response:
    """Ask before the project is deleted."""
    visit = await enter(request, Role.ADMIN)
    return visit.show(
        "confirm.html",
        {
            "question": f"Delete {visit.place.project_name}?",
            "consequences": (
                "Its pages and its API are gone, and its API keys are revoked. What was paid stays in the database.",
                "It is refused as long as a subscription runs: Stripe would go on charging, and nobody would see it.",
            ),
            "act": "Delete the project",
            "action": f"{visit.home}/settings/deletion",
            "back": f"{visit.home}/settings",
            "back_words": "Settings",
        },
    )


async def delete(request: Request) -> Response:
    """Delete the project, if nothing runs in it."""
    visit = await enter(request)
    await visit.form(Role.ADMIN)
    try:
        await Recorded(visit, "project.deleted").write(
            delete_project, team_id=visit.team_id, project_id=visit.project_id, now=visit.now
        )
    except Conflict as error:
        return visit.done(f"{visit.home}/settings", error.message, "bad")
    visit.services.known_keys.forget()
    return visit.done(visit.team_home, f"{visit.place.project_name} is deleted.")


async def _page(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    found = await visit.services.db.read(find_branding, visit.project_id)
    brand = brand_of("", found, project_id=visit.project_id, return_url=None)
    values = {"form": form, "errors": errors, "logo": brand.logo}
    return visit.show("settings.html", values, 400 if errors else 200)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(text) <= _LONGEST_URL


ROUTES: Final = [
    Route(_HERE, show, methods=["GET"]),
    Route(f"{_HERE}/name", rename, methods=["POST"]),
    Route(f"{_HERE}/look", change_look, methods=["POST"]),
    Route(f"{_HERE}/logo", change_logo, methods=["POST"]),
    Route(f"{_HERE}/logo/removal", remove_logo, methods=["POST"]),
    Route(f"{_HERE}/deletion", ask_deletion, methods=["GET"]),
    Route(f"{_HERE}/deletion", delete, methods=["POST"]),
]
TEAM_ROUTES: Final = [
    Route(f"{_NEW}/new", show_new, methods=["GET"]),
    Route(_NEW, create, methods=["POST"]),
]
