"""Control of a team's simulated Stripe account, for people and tests: `/simulator/{teamId}/…`.

Every call but the pages of checkouts and invoices needs a full-access key of the team (`Authorization: Bearer bs_…`).
Bodies and answers are JSON; an error is `{"error": "<what is wrong and what to do>"}`. Where Stripe would answer an object,
its object is answered.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.clock import iso
from billfold.base.errors import BillfoldError, Conflict, Forbidden, Invalid, NotFound, Unavailable
from billfold.domain.billing import subscriptions
from billfold.domain.tenancy.api_keys import KeyCaller
from billfold.domain.tenancy.audit_log import Actor, record
from billfold.domain.tenancy.projects import projects_of_team
from billfold.domain.tenancy.teams import move_clock
from billfold.entrypoints.caller import Unauthorized, full_access
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.checkout_page import checkout_routes
from billfold.entrypoints.web.invoice_page import invoice_routes
from billfold.entrypoints.web.onboarding_page import onboarding_routes
from billfold.entrypoints.web.simulator_bodies import (
    EARLIEST,
    LATEST,
    LONGEST_DAYS,
    AccountSettings,
    ChargeChoice,
    ClockMove,
    Completion,
    DeliveryPlan,
    DisputeEnd,
    Faults,
)
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.stripe_simulator import Simulator
from billfold.infrastructure.stripe_simulator.clock import Step
from billfold.infrastructure.stripe_simulator.errors import StripeError
from billfold.infrastructure.stripe_simulator.payment_methods import FAILS_LATER, PAYS, REFUSES

_log = structlog.get_logger(__name__)

_BODY_LIMIT: Final = 65_536
# One request moves the clock through at most so many moments at which something happens; the answer says if it got there.
_STEPS_LIMIT: Final = 20_000

Body = TypeVar("Body", bound=msgspec.Struct)


def create_simulator_app(services: Services, simulator: Simulator) -> Starlette:
    """Return the application that is mounted at `/simulator`."""
    control = _Control(services, simulator)
    routes = [
        Route("/{team_id}/checkout/{session_id}/complete", control.complete_checkout, methods=["POST"]),
        Route("/{team_id}/clock", control.show_clock, methods=["GET"]),
        Route("/{team_id}/clock", control.move_clock, methods=["POST"]),
        Route("/{team_id}/refunds", control.refund, methods=["POST"]),
        Route("/{team_id}/refunds/{refund_id}/fail", control.fail_refund, methods=["POST"]),
        Route("/{team_id}/disputes", control.open_dispute, methods=["POST"]),
        Route("/{team_id}/disputes/{dispute_id}/close", control.close_dispute, methods=["POST"]),
        Route("/{team_id}/delivery", control.set_delivery, methods=["POST"]),
        Route("/{team_id}/faults", control.set_faults, methods=["POST"]),
        Route("/{team_id}/settings", control.set_settings, methods=["POST"]),
        *checkout_routes(simulator),
        *invoice_routes(simulator),
        *onboarding_routes(simulator),
    ]
    app = Starlette(routes=routes)
    # An address with a slash too many is unknown; a redirect would lead to whatever host the request names.
    app.router.redirect_slashes = False
    app.state.services = services
    app.add_exception_handler(BillfoldError, _refused)
    app.add_exception_handler(StripeError, _refused)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_exception_handler(Exception, _failed)
    return app


class _Control:
    """The endpoints, with what they need."""

    def __init__(self, services: Services, simulator: Simulator) -> None:
        self._services = services
        self._simulator = simulator

    async def complete_checkout(self, request: Request) -> Response:
        """Pay an open checkout, or have its card refused: the session then stays open."""
        team_id = await self._team(request)
        body = await _read(request, Completion)
        bank = PAYS if body.renewals == "paid" else FAILS_LATER
        if body.outcome == "declined":
            bank = REFUSES
        session = await self._simulator.complete_checkout(
            team_id, request.path_params["session_id"], bank=bank, email=body.email
        )
        await self._record(request, "simulator.checkout_completed", session["id"], {"outcome": body.outcome})
        return _answer({"session": session})

    async def show_clock(self, request: Request) -> Response:
        """Tell the simulated time."""
        team_id = await self._team(request)
        offset = await self._services.db.read(self._simulator.read_clock, team_id)
        return _answer({"clock": _clock(self._services.clock.now() + offset, offset)})

    async def move_clock(self, request: Request) -> Response:
        """Move the simulated time, doing what becomes due on the way; Billfold's own due times follow step by step.

        Forward from anywhere; into the past only while the simulated account is empty. Answers the new time, how many events of
        which type happened, and `finished`: false if so much happened that the call should be repeated.
        """
        team_id = await self._team(request)
        body = await _read(request, ClockMove)
        if (body.advance_days is None) == (body.to is None):
            raise Invalid('Give either {"advance_days": 30} or {"to": "2026-12-01T00:00:00Z"}.')
        now = self._services.clock.now()
        present = now + await self._services.db.read(self._simulator.read_clock, team_id)
        target = body.to or present + timedelta(days=body.advance_days or 0)
        if target.tzinfo is None:
            target = target.replace(tzinfo=UTC)
        if not EARLIEST <= target <= LATEST:
            raise Invalid(f"The simulated time lies between {EARLIEST.year} and {LATEST.year}.")
        if target > present + timedelta(days=LONGEST_DAYS):
            raise Invalid(f"The clock moves by at most {LONGEST_DAYS} days at once.")
        if target < present - timedelta(seconds=1):
            await self._services.db.write(self._start_at, team_id, target)
        happened: Counter[str] = Counter()
        finished = False
        for _ in range(_STEPS_LIMIT):
            step = await self._services.db.write(self._step, team_id, target)
            happened.update(step.event_types)
            finished = step.finished
            if finished:
                break
        # The callers that are remembered carry their team's old time.
        self._services.known_keys.forget()
        offset = await self._services.db.read(self._simulator.read_clock, team_id)
        await self._record(request, "simulator.clock_moved", team_id, {"from": iso(present), "to": iso(target)})
        return _answer(
            {
                "clock": _clock(self._services.clock.now() + offset, offset),
                "events": dict(sorted(happened.items())),
                "finished": finished,
            }
        )

    async def refund(self, request: Request) -> Response:
        """Give a charge back, whole or in part."""
        team_id = await self._team(request)
        body = await _read(request, ChargeChoice)
        subscription = await self._subscription(team_id, body)
        refund = await self._simulator.refund(
            team_id, charge=body.charge, subscription=subscription, amount=body.amount
        )
        await self._record(request, "simulator.refunded", refund["id"])
        return _answer({"refund": refund})

    async def fail_refund(self, request: Request) -> Response:
        """Have the bank send a refund back."""
        team_id = await self._team(request)
        refund = await self._simulator.fail_refund(team_id, request.path_params["refund_id"])
        await self._record(request, "simulator.refund_failed", refund["id"])
        return _answer({"refund": refund})

    async def open_dispute(self, request: Request) -> Response:
        """Have the cardholder dispute a charge."""
        team_id = await self._team(request)
        body = await _read(request, ChargeChoice)
        if body.amount is not None:
            raise Invalid("A dispute is about the whole rest of a charge: leave amount out.")
        subscription = await self._subscription(team_id, body)
        dispute = await self._simulator.open_dispute(team_id, charge=body.charge, subscription=subscription)
        await self._record(request, "simulator.dispute_opened", dispute["id"])
        return _answer({"dispute": dispute})

    async def close_dispute(self, request: Request) -> Response:
        """Have the bank decide a dispute."""
        team_id = await self._team(request)
        body = await _read(request, DisputeEnd)
        outcome = body.outcome or body.status
        if outcome is None:
            raise Invalid('Give {"outcome": "won"} or {"outcome": "lost"}.')
        dispute = await self._simulator.close_dispute(team_id, request.path_params["dispute_id"], won=outcome == "won")
        details = {"outcome": outcome}
        await self._record(request, "simulator.dispute_closed", request.path_params["dispute_id"], details)
        return _answer({"dispute": dispute})

    async def set_delivery(self, request: Request) -> Response:
        """Say how badly webhooks are delivered from now on; an empty object makes it good again."""
        team_id = await self._team(request)
        plan = msgspec.to_builtins(await _read(request, DeliveryPlan))
        delivery = await self._simulator.configure(team_id, "delivery", plan)
        await self._record(request, "simulator.delivery_changed", team_id, plan)
        return _answer({"delivery": delivery})

    async def set_faults(self, request: Request) -> Response:
        """Say how many of the next API calls fail, and how; an empty object takes it back."""
        team_id = await self._team(request)
        faults = msgspec.to_builtins(await _read(request, Faults))
        made = await self._simulator.configure(team_id, "faults", faults)
        await self._record(request, "simulator.faults_changed", team_id, faults)
        return _answer({"faults": made})

    async def set_settings(self, request: Request) -> Response:
        """Say what becomes of subscriptions that are not paid."""
        team_id = await self._team(request)
        body = await _read(request, AccountSettings)
        value = {"failed_renewals_end_as": body.failed_renewals_end_as}
        await self._simulator.configure(team_id, "settings", value)
        await self._record(request, "simulator.settings_changed", team_id, value)
        return _answer({"settings": value})

    async def _team(self, request: Request) -> str:
        team_id: str = request.path_params["team_id"]
        request.state.caller = await full_access(self._services, request.headers.get("authorization"), team_id)
        return team_id

    async def _record(
        self, request: Request, action: str, subject: str, details: Mapping[str, object] | None = None
    ) -> None:
        """Write down what was done: the simulated account is Stripe's side, so its own unit comes before."""
        caller: KeyCaller = request.state.caller
        await self._services.db.write(
            record,
            team_id=caller.team_id,
            project_id=None,
            actor=Actor("key", caller.key_id, client_address(request, self._services.settings), caller.name),
            action=action,
            subject=subject,
            details=details,
            now=self._services.clock.now(),
        )

    async def _start_at(self, tx: Writing, team_id: str, target: datetime) -> None:
        offset = await self._simulator.start_at(tx, team_id, target, self._services.clock.now())
        await move_clock(tx, team_id, offset=offset)

    async def _step(self, tx: Writing, team_id: str, target: datetime) -> Step:
        # Both clocks in one unit: there is no moment at which Stripe and Billfold disagree about the time.
        step = await self._simulator.advance(tx, team_id, target, self._services.clock.now())
        await move_clock(tx, team_id, offset=timedelta(microseconds=step.offset_us))
        return step

    async def _subscription(self, team_id: str, body: ChargeChoice) -> str | None:
        if (body.charge is None) == (body.subscription_id is None):
            raise Invalid('Give either {"charge": "ch_…"} or {"subscriptionId": "ps_…"}.')
        given = body.subscription_id
        if given is None or given.startswith("sub_"):
            return given
        return await self._services.db.read(_stripe_subscription, team_id, given)


async def _stripe_subscription(tx: Reading, team_id: str, subscription_id: str) -> str:
    for project in await projects_of_team(tx, team_id):
        try:
            found = await subscriptions.get(tx, project.id, subscription_id)
        except NotFound:
            continue
        return found.stripe_subscription_id
    raise NotFound("Subscription not found.")


class _TooLarge(BillfoldError):
    """A body beyond what any request of the control needs: answered with 413."""


async def _read(request: Request, shape: type[Body]) -> Body:
    body = await request.body() or b"{}"
    if len(body) > _BODY_LIMIT:
        raise _TooLarge(f"The body is too large: at most {_BODY_LIMIT} bytes.")
    try:
        value = msgspec.json.decode(body, type=shape)
        # msgspec keeps the last of two equal keys, where another reader keeps the first: such a body has no one meaning.
        json.loads(body, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The body is not valid: {error}.") from error
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has the same key twice")
    return found


_STATUS: Final = {
    Invalid: 400, Unauthorized: 401, Forbidden: 403, NotFound: 404, Conflict: 409, _TooLarge: 413, Unavailable: 503,
}  # fmt: skip


def _clock(moment: datetime, offset: timedelta) -> dict[str, Any]:
    return {"now": iso(moment), "offsetSeconds": round(offset.total_seconds())}


def _answer(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


async def _refused(request: Request, error: Exception) -> Response:
    del request
    if isinstance(error, StripeError):
        return _answer({"error": str(error.error["message"])}, error.status)
    assert isinstance(error, BillfoldError)  # noqa: S101 - registered for this type alone
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    answer = _answer({"error": error.message}, status)
    if isinstance(error, Unavailable):
        answer.headers["retry-after"] = str(error.retry_after_seconds)
    return answer


async def _no_route(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type alone
    return _answer(
        {"error": f"{error.detail}. See the documentation of the simulator for its addresses."}, error.status_code
    )


async def _failed(request: Request, error: Exception) -> Response:
    _log.error("simulator_control.failed", path=request.url.path, exc_info=error)
    return _answer({"error": "The simulator failed. Nothing is known to have been changed."}, 500)
