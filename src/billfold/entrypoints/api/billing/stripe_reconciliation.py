"""`/teams/{teamId}/stripe/reconciliation`: where our rows and Stripe do not agree."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.domain.billing import comparisons
from billfold.domain.billing.comparisons import Comparison
from billfold.domain.tenancy.audit_log import record
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.api.billing.access import TeamAllowed
from billfold.entrypoints.api.billing.answers import Body, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import TeamAccess
from billfold.entrypoints.services import Services

router = APIRouter(prefix="/teams/{teamId}/stripe", tags=["Stripe connection"])
_LARGEST_SAMPLE: Final = 10_000
_SAMPLE: Final = 100


class DifferenceBody(Body):
    """A field of an object that is one thing here and another in Stripe; `field` is `object` if one side lacks it whole."""

    type: str
    stripe_id: str
    field: str
    ours: str | None
    theirs: str | None


class ReportBody(Body):
    """A comparison: `running`, `finished` or `failed`. `differences` holds the first 500 of `differenceCount`."""

    status: str
    sample: int | None
    compared: dict[str, int]
    difference_count: int
    differences: list[DifferenceBody]
    started_at: Timestamp
    finished_at: Timestamp | None
    last_error: str | None


class ReportAnswer(Body):
    """The latest comparison, null if there never was one."""

    report: ReportBody | None


class CompareStripe(RequestBody):
    """How much to compare."""

    sample: Annotated[
        int | None,
        Field(
            ge=1,
            le=_LARGEST_SAMPLE,
            description=f"a whole number from 1 to {_LARGEST_SAMPLE}: so many rows of each kind, or null for all",
        ),
    ] = _SAMPLE


def shape(found: Comparison) -> ReportBody:
    """Return a report as this surface shows it."""
    return ReportBody(
        status=found.status,
        sample=found.sample,
        compared=found.compared,
        difference_count=found.difference_count,
        differences=[
            DifferenceBody(each["kind"], each["stripe_id"], each["field"], each["ours"], each["theirs"])
            for each in found.differences
        ],
        started_at=iso(found.started_at),
        finished_at=None if found.finished_at is None else iso(found.finished_at),
        last_error=found.last_error,
    )


@router.get("/reconciliation", **operation(role=Role.ADMIN, answers={200: ReportAnswer}, is_read=True))
async def get_reconciliation(
    request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]
) -> Response:
    """Get the latest comparison with Stripe."""
    services: Services = request.app.state.services
    found = await services.db.read(comparisons.find, access.team_id)
    return json_response(ReportAnswer(None if found is None else shape(found)))


@router.post("/reconciliation", **operation(role=Role.ADMIN, answers={202: ReportAnswer}, body=CompareStripe))
async def start_reconciliation(
    request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]
) -> Response:
    """Compare our rows with Stripe.

    Products, prices, subscriptions, invoices and payments are asked of Stripe again, by default 100 of each; with
    `{"sample": null}` everything is, and what Stripe has and we lack is found too. Nothing is changed. Read the report with GET;
    409 while a comparison runs.
    """
    services: Services = request.app.state.services
    body = await read_body(request, CompareStripe) if (await request.body()).strip() else CompareStripe()
    begun = await services.reconciliation.start(access.team_id, sample=body.sample)
    await services.db.write(
        record,
        team_id=access.team_id,
        project_id=None,
        actor=access.actor,
        action="stripe.compared",
        subject=None,
        details={"sample": body.sample},
        now=services.clock.now(),
    )
    return json_response(ReportAnswer(shape(begun)), 202)
