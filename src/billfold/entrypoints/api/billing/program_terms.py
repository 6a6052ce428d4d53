"""`…/programs/{programKey}/terms`: what a program's payments earn, in versions, with a preview of an edit (DESIGN section 3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.base.errors import Invalid, NotFound
from billfold.domain.referrals import terms_dates
from billfold.domain.referrals.programs import Program, find
from billfold.domain.referrals.terms import (
    Terms,
    TermsVersion,
    get_version,
)
from billfold.domain.referrals.terms_dates import DatedVersion
from billfold.domain.referrals.terms_editing import edit_terms, preview_edit
from billfold.domain.referrals.terms_previews import Preview, PreviewSum
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.answers import Body, Timestamp, json_answer, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.idempotency import write_once
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.api.billing.program_rules import GivenRules, RuleBody, read_rules, rule_body
from billfold.entrypoints.api.billing.referrals import READ, WRITE
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading, Writing

router = APIRouter(tags=["Programs"])

_SHOWN: Final = 50
_APPLIES: Final = "new_referrals (only those made from now on) or from_date (everything that is paid from a date on)"


class TermsVersionBody(Body):
    """A version of a program's terms; `fromAt` is null for one that was for new referrals only."""

    version: int
    rules: list[RuleBody]
    from_at: Timestamp | None
    created_at: Timestamp


class TermsVersionsAnswer(Body):
    """The last fifty versions, newest first."""

    versions: list[TermsVersionBody]


class TermsVersionAnswer(Body):
    """The version in force."""

    version: TermsVersionBody


class PreviewSumBody(Body):
    """What one currency comes to, in minor units; `customerId` is null where it is everybody's."""

    customer_id: str | None
    currency: str
    before: int
    after: int
    difference: int


class PreviewBody(Body):
    """What an edit would have changed: of `payments`, `changed` would have earned another amount. Currencies are never summed.

    `earners` are those for whom it would have changed most; `isComplete` is false where there are more referrals than are read.
    """

    since: Timestamp
    until: Timestamp
    payments: int
    changed: int
    totals: list[PreviewSumBody]
    earners: list[PreviewSumBody]
    is_complete: bool


class PreviewAnswer(Body):
    """The preview."""

    preview: PreviewBody


class EditTerms(RequestBody):
    """The rules as they are to be, and for whom."""

    rules: GivenRules
    applies_to: Annotated[Literal["new_referrals", "from_date"], Field(description=_APPLIES)]
    from_at: Annotated[
        str | None,
        Field(
            max_length=40,
            description="a time in ISO 8601 with its offset, now or later; left out, now; only with from_date",
        ),
    ] = None


class PreviewTerms(RequestBody):
    """The rules as they might be, and for whom."""

    rules: GivenRules
    applies_to: Annotated[Literal["new_referrals", "from_date"], Field(description=_APPLIES)]


@router.get("/programs/{programKey}/terms", **operation(scope=READ, answers={200: TermsVersionsAnswer}, is_read=True))
async def list_program_terms(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List the versions of a program's terms.

    A referral keeps the version that was in force when it was made; one with a date counts for everything that is paid from
    then on.
    """
    services: Services = request.app.state.services
    found = await services.db.read(_versions, access.project_id, request.path_params["programKey"])
    return json_response(TermsVersionsAnswer([_version_body(*each) for each in found]))


@router.post(
    "/programs/{programKey}/terms",
    **operation(scope=WRITE, answers={201: TermsVersionAnswer}, body=EditTerms, takes_idempotency_key=True),
)
async def edit_program_terms(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Edit a program's terms.

    Adds a version for new referrals only, or for everything that is paid from a date on. What was earned is never touched: a
    date in the past is refused. Everything but the rules stays as it is.
    """
    services: Services = request.app.state.services
    body = await read_body(request, EditTerms)
    if body.from_at is not None and body.applies_to != "from_date":
        raise Invalid("fromAt is for appliesTo from_date: leave it out.")
    key, at = request.path_params["programKey"], access.time_at(services.clock.now())
    program = await services.db.read(_program, access.project_id, key)
    return await write_once(
        request,
        access,
        _edit,
        project_id=access.project_id,
        key=key,
        content=_with_rules(program.content, body.rules),
        applies=body.applies_to,
        from_at=_moment(body.from_at),
        at=at,
        record=Record(
            "program.terms_edited",
            subject=lambda made: str(made[0].id),
            details=lambda made: {"key": key, "version": made[0].terms_version, "applies_to": body.applies_to},
        ),
        answer=lambda made: json_answer(201, TermsVersionAnswer(_version_body(*made[1]))),
    )


@router.post(
    "/programs/{programKey}/terms/preview",
    **operation(scope=READ, answers={200: PreviewAnswer}, body=PreviewTerms),
)
async def preview_program_terms(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Preview an edit of a program's terms.

    What it would have changed over the last 90 days, computed by the functions that pay. Changes nothing.
    """
    services: Services = request.app.state.services
    body = await read_body(request, PreviewTerms)
    key = request.path_params["programKey"]
    program = await services.db.read(_program, access.project_id, key)
    found = await services.db.snapshot(
        preview_edit,
        project_id=access.project_id,
        key=key,
        content=_with_rules(program.content, body.rules),
        applies=body.applies_to,
        at=access.time_at(services.clock.now()),
    )
    return json_response(PreviewAnswer(_preview_body(found)))


async def _program(tx: Reading, project_id: str, key: str) -> Program:
    program = await find(tx, project_id, key) if key.isascii() and key.isprintable() else None
    if program is None:
        raise NotFound("Program not found.")
    return program


async def _versions(tx: Reading, project_id: str, key: str) -> list[tuple[TermsVersion, DatedVersion]]:
    program = await _program(tx, project_id, key)
    listed = await terms_dates.list_versions(tx, project_id, program.id)
    newest = list(reversed(listed))[:_SHOWN]
    return [(await get_version(tx, project_id, each.terms_id), each) for each in newest]


async def _edit(tx: Writing, /, **edit: Any) -> tuple[Program, tuple[TermsVersion, DatedVersion]]:
    edited = await edit_terms(tx, **edit)
    return edited, await _version(tx, edit["project_id"], edited)


async def _version(tx: Reading, project_id: str, program: Program) -> tuple[TermsVersion, DatedVersion]:
    listed = await terms_dates.list_versions(tx, project_id, program.id)
    (dated,) = [each for each in listed if each.terms_id == program.terms_id]
    return await get_version(tx, project_id, program.terms_id), dated


def _with_rules(content: Terms, rules: list[Any]) -> Terms:
    return msgspec.structs.replace(content, rules=read_rules(rules))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise Invalid("fromAt must be a time in ISO 8601 with its offset, such as 2026-12-01T00:00:00Z.")
    try:
        return read.astimezone(UTC)
    except OverflowError:
        raise Invalid("fromAt must be a time between the years 1 and 9999.") from None


def _version_body(version: TermsVersion, dated: DatedVersion) -> TermsVersionBody:
    return TermsVersionBody(
        version=version.version,
        rules=[rule_body(rule) for rule in version.content.rules],
        from_at=None if dated.from_at is None else iso(dated.from_at),
        created_at=iso(version.created_at),
    )


def _preview_body(preview: Preview) -> PreviewBody:
    return PreviewBody(
        since=iso(preview.since),
        until=iso(preview.until),
        payments=preview.payments,
        changed=preview.changed,
        totals=[_sum_body(each) for each in preview.totals],
        earners=[_sum_body(each) for each in preview.earners],
        is_complete=preview.is_complete,
    )


def _sum_body(each: PreviewSum) -> PreviewSumBody:
    return PreviewSumBody(
        customer_id=each.earner_id,
        currency=each.unit,
        before=each.before,
        after=each.after,
        difference=each.difference,
    )
