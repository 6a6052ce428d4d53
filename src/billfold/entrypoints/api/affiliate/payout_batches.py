"""`/apps/{appId}/affiliates/payouts/…`: the preview, batches, files for whoever pays by hand, and the settings."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.errors import Invalid
from billfold.domain.partners.partners import program_of
from billfold.domain.payouts import batches, exports
from billfold.domain.payouts.dues import Cursor
from billfold.domain.payouts.methods import KINDS
from billfold.domain.payouts.preparation import Preview, preview
from billfold.domain.payouts.settings import PayoutSettings, checked_currency, put_settings, settings_of
from billfold.entrypoints.api.affiliate.access import MemberAllowed, path_id
from billfold.entrypoints.api.affiliate.amounts import Dollars, cents, dollars
from billfold.entrypoints.api.affiliate.answers import Body, json_response, read_page
from billfold.entrypoints.api.affiliate.operations import PAGE, operation, query_text
from billfold.entrypoints.api.affiliate.payout_shapes import (
    BatchBody,
    CandidateBody,
    batch_body,
    candidate_body,
    partner_ids,
)
from billfold.entrypoints.caller import FULL_ACCESS, Access
from billfold.entrypoints.json_bodies import ChangeBody, given_fields, read_body
from billfold.entrypoints.recording import Record, changes, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading, Writing

router = APIRouter(prefix="/apps/{appId}/affiliates/payouts", tags=["Payouts"])

_READ: Final = MemberAllowed("referrals:read")
# What lets money leave, and what shows account numbers, takes an admin.
_ADMINISTER: Final = MemberAllowed(FULL_ACCESS)
_CURSOR_PARTS: Final = 2


class PreviewAnswer(Body):
    """Who would be paid, and who is left out and why; `next` is the cursor of the following page, null at the end."""

    candidates: list[CandidateBody]
    next: str | None


class BatchesAnswer(Body):
    """Batches, newest first."""

    batches: list[BatchBody]


class BatchAnswer(Body):
    """One batch."""

    batch: BatchBody


class FileAnswer(Body):
    """A file of comma-separated values; `parts` is how many such files hold the whole batch."""

    name: str
    content: str
    payouts: int
    parts: int


class PayoutSettingsBody(Body):
    """What the program asks before it pays; `minimums` is by currency, in that currency's own unit."""

    currency: str
    minimums: dict[str, Decimal]
    methods: list[str]
    tax_profile_required: bool


class PayoutSettingsAnswer(Body):
    """The settings."""

    settings: PayoutSettingsBody


class ChangePayoutSettings(ChangeBody):
    """What to change of the settings."""

    minimums: Annotated[
        dict[str, Dollars], Field(description='an object of amounts by currency, such as {"eur": 50}', max_length=40)
    ] = {}  # noqa: RUF012 - pydantic copies a field's default for each body
    methods: Annotated[list[str], Field(description=f"an array of {', '.join(KINDS)}", max_length=10)] = []  # noqa: RUF012 - as above
    tax_profile_required: Annotated[bool, Field(description="true or false")] = False


@router.get(
    "/preview",
    **operation(
        _READ,
        answers={200: PreviewAnswer},
        parameters=[query_text("after", "The `next` of the page before."), PAGE[0]],
    ),
)
async def preview_payouts(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Show whom a batch would pay what, and whom it would leave out and why; nothing changes."""
    services: Services = request.app.state.services
    after = _read_cursor(request.query_params.get("after", ""))
    shown, ids = await services.db.read(_preview, access.project_id, after, read_page(request).limit)
    following = None if shown.next is None else f"{shown.next.owner_id}:{shown.next.unit}"
    return json_response(PreviewAnswer([candidate_body(each, ids) for each in shown.candidates], following))


@router.get("/batches", **operation(_READ, answers={200: BatchesAnswer}, parameters=[*PAGE]))
async def list_payout_batches(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """List batches."""
    services: Services = request.app.state.services
    found = await services.db.read(batches.list_batches, access.project_id, read_page(request))
    return json_response(BatchesAnswer([batch_body(each) for each in found]))


@router.get("/batches/{batchId}", **operation(_READ, answers={200: BatchAnswer}))
async def get_payout_batch(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Return one batch."""
    services: Services = request.app.state.services
    batch_id = path_id(request, "batchId", "Batch")
    found = await services.db.read(batches.get_batch, access.project_id, batch_id)
    return json_response(BatchAnswer(batch_body(found)))


@router.post("/batches/{batchId}/approve", **operation(_ADMINISTER, answers={200: BatchAnswer}))
async def approve_payout_batch(request: Request, access: Annotated[Access, Depends(_ADMINISTER)]) -> Response:
    """Say that what a batch prepared may be sent; 409 while it is being prepared."""
    services: Services = request.app.state.services
    now = services.clock.now()
    approved = await write_recorded(
        services,
        access,
        Record("payout_batch.approved", subject=lambda batch: batch.id),
        batches.approve,
        access.project_id,
        path_id(request, "batchId", "Batch"),
        by=access.actor.name,
        at=access.time_at(now),
    )
    return json_response(BatchAnswer(batch_body(approved)))


@router.post("/batches/{batchId}/send", **operation(_ADMINISTER, answers={200: BatchAnswer}))
async def send_payout_batch(request: Request, access: Annotated[Access, Depends(_ADMINISTER)]) -> Response:
    """Send an approved batch: Stripe's transfers are made one by one, what is paid by hand waits for its references."""
    services: Services = request.app.state.services
    now = services.clock.now()
    sent = await write_recorded(
        services,
        access,
        Record("payout_batch.sent", subject=lambda batch: batch.id),
        batches.send,
        access.project_id,
        path_id(request, "batchId", "Batch"),
        at=access.time_at(now),
        now=now,
    )
    return json_response(BatchAnswer(batch_body(sent)))


@router.get(
    "/batches/{batchId}/export",
    **operation(
        _ADMINISTER,
        answers={200: FileAnswer},
        parameters=[
            query_text("format", "Who reads the file.", is_required=True, enum=list(exports.FORMATS)),
            query_text("currency", "One currency a file, such as usd.", is_required=True),
            query_text("part", "Which part, from 1; a file holds as many rows as its reader takes."),
        ],
    ),
)
async def export_payout_batch(request: Request, access: Annotated[Access, Depends(_ADMINISTER)]) -> Response:
    """Return the file with which somebody pays a batch by hand: account numbers in clear, so its reading is recorded."""
    services: Services = request.app.state.services
    query = request.query_params
    batch_id = path_id(request, "batchId", "Batch")
    kind, currency, part = query.get("format", ""), checked_currency(query.get("currency", "")), query.get("part", "1")
    if not (part.isascii() and part.isdigit() and len(part) < 5):  # noqa: PLR2004 - digits
        raise Invalid("part must be a whole number from 1.")
    made = await exports.export_batch(
        services.db,
        services.sealer,
        team_id=access.team_id,
        project_id=access.project_id,
        batch_id=batch_id,
        kind=kind,
        currency=currency,
        part=int(part),
    )
    record = Record("payout_batch.exported", subject=lambda batch: batch.id, details=lambda _: {"format": kind})
    await write_recorded(services, access, record, batches.get_batch, access.project_id, batch_id)
    name = f"{batch_id}-{kind}-{currency}-{part}.csv"
    return json_response(FileAnswer(name, csv_text(made.rows), made.payouts, made.parts))


@router.get("/settings", **operation(_READ, answers={200: PayoutSettingsAnswer}))
async def get_payout_settings(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Return what the program asks before it pays."""
    services: Services = request.app.state.services
    return json_response(PayoutSettingsAnswer(_settings(await services.db.read(_read_settings, access.project_id))))


@router.patch("/settings", **operation(_ADMINISTER, answers={200: PayoutSettingsAnswer}, body=ChangePayoutSettings))
async def change_payout_settings(request: Request, access: Annotated[Access, Depends(_ADMINISTER)]) -> Response:
    """Change what the program asks before it pays, from the next batch on."""
    services: Services = request.app.state.services
    body = await read_body(request, ChangePayoutSettings)
    given: dict[str, Any] = {name: getattr(body, name) for name in given_fields(body)}
    if "minimums" in given:
        given["minimums"] = {name: _minor(amount, name) for name, amount in given["minimums"].items()}
    at = access.time_at(services.clock.now())
    record = replace(changes("payout_settings.changed", given), subject=lambda settings: settings.program_id)
    changed = await write_recorded(services, access, record, _change_settings, access.project_id, given, at)
    return json_response(PayoutSettingsAnswer(_settings(changed)))


def csv_text(rows: list[tuple[str, ...]]) -> str:
    """Return rows as comma-separated values, lines ended as RFC 4180 has it."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _minor(amount: Decimal, currency: str) -> int:
    try:
        return cents(amount, checked_currency(currency))
    except ValueError:
        raise Invalid(f"minimums: {currency.upper()} has fewer decimals than this amount.") from None


def _settings(settings: PayoutSettings) -> PayoutSettingsBody:
    return PayoutSettingsBody(
        currency=settings.currency,
        minimums={name: dollars(amount, name) for name, amount in settings.minimums.items()},
        methods=settings.methods,
        tax_profile_required=settings.tax_profile_required,
    )


def _read_cursor(text: str) -> Cursor:
    if not text:
        return Cursor()
    parts = text.split(":")
    if len(parts) != _CURSOR_PARTS or not (text.isascii() and text.isprintable()):
        raise Invalid("after must be the `next` of another page.")
    return Cursor(*parts)


async def _preview(tx: Reading, project_id: str, after: Cursor, limit: int) -> tuple[Preview, dict[str, str]]:
    program = await program_of(tx, project_id)
    shown = await preview(tx, program, after=after, limit=limit)
    return shown, await partner_ids(tx, project_id, [each.due.customer_id for each in shown.candidates])


async def _read_settings(tx: Reading, project_id: str) -> PayoutSettings:
    return await settings_of(tx, project_id, (await program_of(tx, project_id)).id)


async def _change_settings(tx: Writing, project_id: str, given: Mapping[str, Any], at: Any) -> PayoutSettings:
    return await put_settings(tx, replace(await _read_settings(tx, project_id), **given), at=at)
