"""`/console/…/partner-assets` and `…/partner-mails`: what partners get to use, and under which name they are written to."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import BillfoldError, Invalid
from billfold.domain.partners import assets
from billfold.domain.partners.assets import LARGEST_IMAGE, Asset
from billfold.domain.partners.letter_settings import (
    LetterSettings,
    Sender,
    find_letter_settings,
    sender_of,
)
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.partner_senders import choose_sender, with_changes
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.entrypoints.web.partner.assets import picture_answer
from billfold.infrastructure.db.database import Reading, Writing

_HERE: Final = "/console/{team_id}/{project_id}/partner-assets"
_MAILS: Final = "/console/{team_id}/{project_id}/partner-mails"
# Field and label by what a refusal begins with.
_LABELS: Final = {
    "title": "Title",
    "picture": "Picture",
    "text": "Text",
    "sender_name": "Name",
    "reply_to": "Answers go to",
    "sender_address": "Address",
}


async def show(request: Request) -> Response:
    """Show the assets and the forms that add one."""
    visit = await enter(request)
    return await _page(visit, Form([]), {})


async def add_picture(request: Request) -> Response:
    """Keep an uploaded picture; what it is, its first bytes say."""
    visit = await enter(request)
    try:
        upload = await visit.upload(Role.MEMBER, largest=LARGEST_IMAGE)
    except Invalid as error:
        return await _page(visit, Form([]), {"p-picture": error.message})
    try:
        await Recorded(visit, "partner_asset.added", None, {"kind": "image"}).write(
            assets.add_picture,
            project_id=visit.project_id,
            title=upload.form.text("title"),
            content=upload.files.get("picture", b""),
            at=visit.at,
        )
    except BillfoldError as error:
        return await _page(visit, upload.form, _errors(error.message, "p-"))
    return visit.done(f"{visit.home}/partner-assets", "Your partners can use the picture now.")


async def add_text(request: Request) -> Response:
    """Keep a text."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    try:
        await Recorded(visit, "partner_asset.added", None, {"kind": "text"}).write(
            assets.add_text,
            project_id=visit.project_id,
            title=form.text("title"),
            text=form.get("text", ""),
            at=visit.at,
        )
    except BillfoldError as error:
        return await _page(visit, form, _errors(error.message, "t-"))
    return visit.done(f"{visit.home}/partner-assets", "Your partners can use the text now.")


async def remove(request: Request) -> Response:
    """Take an asset away."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    asset_id = _asset_id(request)
    await Recorded(visit, "partner_asset.removed", asset_id).write(assets.remove_asset, visit.project_id, asset_id)
    return visit.done(f"{visit.home}/partner-assets", "Taken away.")


async def send_picture(request: Request) -> Response:
    """Send one picture."""
    visit = await enter(request)
    asset_id = _asset_id(request)
    asset = await visit.services.db.read(assets.get_asset, visit.project_id, asset_id)
    picture = await visit.services.db.read(assets.get_picture, visit.project_id, asset_id)
    return picture_answer(asset, picture, is_kept=False)


async def show_mails(request: Request) -> Response:
    """Show as whom the project writes to its partners."""
    visit = await enter(request)
    kept = await visit.services.db.read(find_letter_settings, visit.project_id)
    names = ("sender_name", "reply_to", "sender_address")
    form = Form([(name, (kept and getattr(kept, name)) or "") for name in names])
    return await _mails_page(visit, form, {})


async def change_mails(request: Request) -> Response:
    """Choose the name, where answers go and the address that sends, which is asked by mail."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    given = {name: form.text(name) for name in ("sender_name", "reply_to", "sender_address")}
    try:
        kept = await Recorded(visit, "partner_mails.changed", visit.project_id).write(_change_mails, visit, given)
    except BillfoldError as error:
        return await _mails_page(visit, form, _errors(error.message, ""))
    text = "Mails to partners go out like this from now on."
    if kept.sender_address is not None and kept.sender_confirmed_at is None:
        text = f"Saved. Whoever reads {kept.sender_address} confirms it by the link that is in that mailbox."
    return visit.done(f"{visit.home}/partner-mails", text)


async def ask_sender_again(request: Request) -> Response:
    """Mail the link that confirms the address once more."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    try:
        await Recorded(visit, "partner_sender.asked", visit.project_id).write(_change_mails, visit, {}, asks_again=True)
    except BillfoldError as error:
        return await _mails_page(visit, form, _errors(error.message, ""))
    return visit.done(f"{visit.home}/partner-mails", "The link is on its way once more.")


async def _change_mails(
    tx: Writing, visit: Visit, given: dict[str, str], *, asks_again: bool = False
) -> LetterSettings:
    kept = await find_letter_settings(tx, visit.project_id)
    wanted = with_changes(kept, visit.project_id, given, at=visit.at)
    return await choose_sender(tx, visit.services, wanted, asks_again=asks_again, now=visit.now)


async def _page(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    found: list[Asset] = await visit.services.db.read(assets.list_assets, visit.project_id)
    values = {
        "assets": found,
        "form": form,
        "errors": errors,
        "largest": LARGEST_IMAGE // 1024,
        "longest": assets.LONGEST_TEXT,
    }
    return visit.show("partner_assets.html", values, 400 if errors else 200)


async def _mails_page(visit: Visit, form: Form, errors: dict[str, str]) -> Response:
    sender, kept = await visit.services.db.read(_sender, visit)
    values = {
        "kept": kept,
        "domains": sorted(visit.services.settings.sender_domains),
        "can_mail": visit.services.mail.is_sending,
        "form": form,
        "errors": errors,
        "sender": sender,
        "mail_from": parseaddr(visit.services.settings.mail_from)[1],
    }
    return visit.show("partner_mails.html", values, 400 if errors else 200)


async def _sender(tx: Reading, visit: Visit) -> tuple[Sender, LetterSettings | None]:
    sender = await sender_of(tx, visit.project_id, visit.services.settings.sender_domains)
    return sender, await find_letter_settings(tx, visit.project_id)


def _asset_id(request: Request) -> str:
    asset_id: str = request.path_params["asset_id"]
    return asset_id if asset_id.isascii() and asset_id.isprintable() else ""


def _errors(message: str, prefix: str) -> dict[str, str]:
    first, _, rest = message.partition(" ")
    if first in _LABELS:
        return {prefix + first: f"{_LABELS[first]} {rest}"}
    return {"": message}


ROUTES: Final = [
    Route(_HERE, show, methods=["GET"]),
    Route(f"{_HERE}/pictures", add_picture, methods=["POST"]),
    Route(f"{_HERE}/texts", add_text, methods=["POST"]),
    Route(f"{_HERE}/{{asset_id}}", send_picture, methods=["GET"]),
    Route(f"{_HERE}/{{asset_id}}/removal", remove, methods=["POST"]),
    Route(_MAILS, show_mails, methods=["GET"]),
    Route(_MAILS, change_mails, methods=["POST"]),
    Route(f"{_MAILS}/confirmation", ask_sender_again, methods=["POST"]),
]
