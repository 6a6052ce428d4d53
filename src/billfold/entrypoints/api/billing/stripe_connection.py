"""`/teams/{teamId}/stripe/…`: the team's Stripe account and its import (contract section 4.1, G22 to G25)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.domain.billing import imports, stripe_account
from billfold.domain.billing.imports import Progress, checked_kinds
from billfold.domain.billing.raw_objects import KINDS
from billfold.domain.tenancy.audit_log import record
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.stripe_connections import StripeConnection
from billfold.domain.tenancy.stripe_keys import StripeKeys
from billfold.entrypoints.api.billing.access import TeamAllowed
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import TeamAccess
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services

router = APIRouter(prefix="/teams/{teamId}/stripe", tags=["Stripe connection"])
# So long a caller waits for an import that may be short; then the worker goes on with it (contract G25).
INLINE: Final = timedelta(seconds=4)
_LONGEST_KEY: Final = 300
_LATEST_YEAR: Final = 9000
_INSTRUCTIONS: Final = (
    "In Stripe's dashboard, add this address as a webhook endpoint with the events of Billfold's guide, then send its signing "
    "secret (whsec_…) with POST …/stripe/connect."
)

_Key = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_KEY)]


class ConnectStripe(RequestBody):
    """The keys of a Stripe account. They are tried before they are stored, sealed, and never told again."""

    secret_key: Annotated[_Key, Field(description="a secret or restricted key, sk_test_… or sk_live_…")]
    webhook_secret: Annotated[
        _Key, Field(description="the signing secret of the webhook endpoint, whsec_…; a placeholder will do at first")
    ]
    publishable_key: Annotated[
        _Key | None, Field(description="the publishable key of the same mode, pk_test_… or pk_live_…, or null")
    ] = None


class ConnectedAnswer(Body):
    """The account is connected."""

    success: bool
    webhook_url: str
    sync_status: str


class SimulatedAnswer(Body):
    """The team's account in the box is connected; its key is told this once only."""

    success: bool
    webhook_url: str
    sync_status: str
    simulator_secret_key: str


class LineBody(Body):
    """How far the import is with one kind of object; `expected` is what a complete import before found."""

    synced: int
    assigned: int
    unreadable: int
    expected: int | None
    finished: bool


class BackfillBody(Body):
    """The latest import: `running`, `finished`, `stopped` or `failed`."""

    status: str
    objects: dict[str, LineBody]
    created_after: Timestamp | None
    started_at: Timestamp
    finished_at: Timestamp | None
    last_error: str | None


class StatusAnswer(Body):
    """How the team stands with Stripe; `syncStatus` is `pending`, `syncing`, `ready` or `error`."""

    connected: bool
    is_active: bool
    sync_status: str
    schema_exists: bool
    account_name: str | None
    key_valid: bool
    backfill: BackfillBody | None


class WebhookUrlAnswer(Body):
    """Where Stripe's events go."""

    webhook_url: str
    instructions: str


class SyncedBody(Body):
    """How many objects were read."""

    synced: int


class BackfillAnswer(Body):
    """The import has begun, is already done, or was stopped; `result` counts what was read so far."""

    success: bool
    message: str
    sync_status: str
    result: dict[str, SyncedBody]


def _moment(text: str) -> str:
    """Check a moment; raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not 1970 <= moment.year <= _LATEST_YEAR:  # noqa: PLR2004 - Unix time begins then
        raise ValueError
    return text


class StartBackfill(RequestBody):
    """Which objects to import, everything if nothing is sent."""

    objects: Annotated[
        list[str] | None,
        WithJsonSchema({"type": ["array", "null"], "maxItems": 20, "items": {"type": "string", "enum": list(KINDS)}}),
        Field(max_length=20, description=f"a list of {', '.join(KINDS)}, or null for all"),
    ] = None
    created_after: Annotated[
        Annotated[str, AfterValidator(_moment)] | None,
        WithJsonSchema({"type": ["string", "null"], "format": "date-time"}),
        Field(description="a moment such as 2026-01-31T00:00:00Z: only what Stripe made since then, or null for all"),
    ] = None


def shape(progress: Progress | None) -> BackfillBody | None:
    """Return an import as this surface shows it."""
    if progress is None:
        return None
    run = progress.run
    return BackfillBody(
        status=run.status,
        objects={
            line.kind: LineBody(line.read, line.assigned, line.unreadable, line.expected, line.finished_at is not None)
            for line in progress.lines
        },
        created_after=None if run.created_since is None else iso(run.created_since),
        started_at=iso(run.started_at),
        finished_at=None if run.finished_at is None else iso(run.finished_at),
        last_error=run.last_error,
    )


def _connected(connection: StripeConnection) -> dict[str, object]:
    return {
        "account": connection.account_id,
        "mode": "live" if connection.livemode else "test",
        "simulated": connection.kind == "simulated",
    }


@router.post("/connect", **operation(role=Role.ADMIN, answers={200: ConnectedAnswer}, body=ConnectStripe))
async def connect_stripe(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """Connect a Stripe account, or give the connection new keys.

    The secret key is tried first: 400 and nothing stored if Stripe refuses it. 409: the team has data of another account. A
    signing secret that is replaced stays good for 24 hours. No answer repeats a key.
    """
    services: Services = request.app.state.services
    body = await read_body(request, ConnectStripe)
    keys = StripeKeys(body.secret_key, body.publishable_key, body.webhook_secret)
    source, account = await services.stripe.try_keys(access.team_id, keys)
    connection = await write_recorded(
        services,
        access,
        Record("stripe.connected", subject=lambda made: made.account_id, details=_connected),
        stripe_account.connect,
        services.sealer,
        team_id=access.team_id,
        source=source,
        account=account,
        keys=keys,
        now=services.clock.now(),
    )
    services.stripe.forget(access.team_id)
    url = services.settings.webhook_url(access.team_id)
    return json_response(ConnectedAnswer(success=True, webhook_url=url, sync_status=connection.sync_status))


@router.post("/simulate", **operation(role=Role.ADMIN, answers={200: SimulatedAnswer}))
async def simulate_stripe(
    request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]
) -> Response:
    """Connect the Stripe account in the box.

    It is made for the team, or taken up again with new keys. 409: Stripe is connected, or the team has data of another account.
    """
    services: Services = request.app.state.services
    if services.simulator is None:
        raise Invalid("The Stripe simulator is switched off on this server.")
    connection, keys = await write_recorded(
        services,
        access,
        Record("stripe.connected", subject=lambda made: made[0].account_id, details=lambda made: _connected(made[0])),
        stripe_account.simulate,
        services.sealer,
        services.simulator,
        team_id=access.team_id,
        now=services.clock.now(),
    )
    services.stripe.forget(access.team_id)
    return json_response(
        SimulatedAnswer(
            success=True,
            webhook_url=services.settings.webhook_url(access.team_id),
            sync_status=connection.sync_status,
            simulator_secret_key=keys.secret_key,
        )
    )


@router.delete("/connect", **operation(role=Role.ADMIN, answers={200: Success}))
async def disconnect_stripe(
    request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]
) -> Response:
    """Disconnect Stripe.

    The keys are wiped, the data stays. Stripe's events are answered 404 from then on.
    """
    services: Services = request.app.state.services
    await write_recorded(
        services,
        access,
        Record("stripe.disconnected", subject=lambda _: None),
        stripe_account.disconnect,
        team_id=access.team_id,
        now=services.clock.now(),
    )
    services.stripe.forget(access.team_id)
    return json_response(Success(success=True))


@router.get("/status", **operation(role=Role.ADMIN, answers={200: StatusAnswer}, is_read=True))
async def get_stripe_status(
    request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]
) -> Response:
    """Tell how the team stands with Stripe.

    Stripe is asked whether the key is still good. `backfill` is the latest import, null if there never was one.
    """
    services: Services = request.app.state.services
    found = await stripe_account.standing(services.db, services.stripe, access.team_id)
    progress = await services.db.read(imports.find_progress, access.team_id)
    return json_response(
        StatusAnswer(
            connected=found.connected,
            is_active=found.is_active,
            sync_status=found.sync_status,
            schema_exists=found.schema_exists,
            account_name=found.account_name,
            key_valid=found.key_valid,
            backfill=shape(progress),
        )
    )


@router.get("/webhook-url", **operation(role=Role.ADMIN, answers={200: WebhookUrlAnswer}, is_read=True))
async def get_webhook_url(
    request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]
) -> Response:
    """Tell where Stripe shall send the team's events."""
    services: Services = request.app.state.services
    return json_response(WebhookUrlAnswer(services.settings.webhook_url(access.team_id), _INSTRUCTIONS))


@router.post("/backfill", **operation(role=Role.ADMIN, answers={200: BackfillAnswer}, body=StartBackfill))
async def start_backfill(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """Import what the Stripe account holds.

    The body may be left out: everything is imported. A short import is done when this is answered (`ready`), a long one goes on
    by itself (`syncing`, see the status). 409 while one is running. Done again, everything is brought up to date.
    """
    services: Services = request.app.state.services
    body = await read_body(request, StartBackfill) if (await request.body()).strip() else StartBackfill()
    kinds = checked_kinds(body.objects)
    since = None if body.created_after is None else datetime.fromisoformat(body.created_after).astimezone(UTC)
    now = services.clock.now()
    holder = await services.backfill.start(access.team_id, kinds=kinds, created_since=since)
    await services.db.write(
        record,
        team_id=access.team_id,
        project_id=None,
        actor=access.actor,
        action="stripe.import_started",
        subject=None,
        details={"objects": list(kinds), "createdAfter": body.created_after},
        now=now,
    )
    await services.backfill.go_on_or_give_up(access.team_id, holder, until=now + INLINE)
    progress = await services.db.read(imports.find_progress, access.team_id)
    is_done = progress is not None and progress.run.status == "finished"
    if is_done:
        return _answer("Backfill finished", "ready", progress)
    return _answer("Backfill started", "syncing", progress)


@router.delete("/backfill", **operation(role=Role.ADMIN, answers={200: BackfillAnswer}))
async def stop_backfill(request: Request, access: Annotated[TeamAccess, Depends(TeamAllowed(Role.ADMIN))]) -> Response:
    """Stop an import where it is.

    What was read stays. Started again with the same body, the import goes on behind the last stored page. 409 if none is running.
    """
    services: Services = request.app.state.services
    await write_recorded(
        services,
        access,
        Record("stripe.import_stopped", subject=lambda _: None),
        imports.stop,
        access.team_id,
        now=services.clock.now(),
    )
    progress = await services.db.read(imports.find_progress, access.team_id)
    return _answer("Backfill stopped", "pending", progress)


def _answer(message: str, sync_status: str, progress: Progress | None) -> Response:
    lines = () if progress is None else progress.lines
    result = {line.kind: SyncedBody(line.read) for line in lines}
    return json_response(BackfillAnswer(success=True, message=message, sync_status=sync_status, result=result))
