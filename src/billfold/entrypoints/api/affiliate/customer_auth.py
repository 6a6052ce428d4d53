"""`/apps/{appId}/auth`: customers sign in by a mailed link (contract section 2)."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from starlette.responses import RedirectResponse

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.domain.billing import customer_sign_in, customers
from billfold.domain.billing.customer_sessions import revoke_customer_session
from billfold.domain.billing.customer_sign_in import SignInSettings
from billfold.domain.billing.customers import Customer
from billfold.entrypoints.api.affiliate.access import (
    CustomerAccess,
    CustomerAllowed,
    Everybody,
    KeyAllowed,
    MemberAllowed,
    path_id,
)
from billfold.entrypoints.api.affiliate.answers import Body, Timestamp, json_response
from billfold.entrypoints.api.affiliate.errors import Coded
from billfold.entrypoints.api.affiliate.fields import Email, text_of
from billfold.entrypoints.api.affiliate.operations import operation, query_text
from billfold.entrypoints.caller import Access
from billfold.entrypoints.customer_letters import link_address
from billfold.entrypoints.customer_sign_in import SignedInCustomer, mail_sign_in_link, plan_of, sign_in_customer
from billfold.entrypoints.json_bodies import ChangeBody, RequestBody, given_fields, read_body
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading, Writing

router = APIRouter(prefix="/apps/{appId}/auth", tags=["Customer sessions"])

_SEND: Final = KeyAllowed("customers:write")
_EVERYBODY: Final = Everybody()
_OWN: Final = CustomerAllowed()
_READ: Final = MemberAllowed("customers:read")
_CHANGE: Final = MemberAllowed("*")
_LONGEST_TOKEN: Final = 200
_SENT: Final = "If this email belongs to a customer, a sign-in link is on its way to it."

Url = Annotated[str, text_of(2_048), Field(description="an address that this app has configured for signing in")]


class MagicLinkBody(RequestBody):
    """Who wants to sign in."""

    email: Email
    redirect_url: Url | None = None


class VerifyBody(RequestBody):
    """The token of a mailed link."""

    token: Annotated[str, text_of(_LONGEST_TOKEN, shortest=1), Field(description="the token of a sign-in link")]


class SentAnswer(Body):
    """The request was taken; whether a mail goes out is not told."""

    success: bool
    message: str


class CustomerBody(Body):
    """A customer."""

    id: str
    email: str
    name: str | None
    metadata: dict[str, Any]


class EntitlementsBody(Body):
    """What the customer's subscription gives him."""

    plan_name: str | None
    features: dict[str, Any]


class VerifiedAnswer(Body, omit_defaults=True):
    """The session that a link began, in both documented shapes at once."""

    success: bool
    valid: bool
    customer_id: str
    email: str
    session_token: str
    tenant_id: str
    expires_at: Timestamp
    customer: CustomerBody
    entitlements: EntitlementsBody
    redirect_url: str | None = None


class SessionAnswer(Body):
    """Whose session it is."""

    customer: CustomerBody
    entitlements: EntitlementsBody


class SignInSettingsAnswer(Body):
    """How customers of the app sign in."""

    auto_create_customer: bool
    redirect_urls: list[str]


class ChangeSignInSettings(ChangeBody):
    """What to change."""

    auto_create_customer: Annotated[bool, Field(description="true or false")] = False
    redirect_urls: Annotated[
        list[str], Field(description="a list of up to 20 https addresses, the first of which is the usual one")
    ] = []  # noqa: RUF012 - pydantic copies a field's default for each body


@router.post("/magic-link", **operation(_SEND, answers={200: SentAnswer}, body=MagicLinkBody))
async def send_magic_link(request: Request, access: Annotated[Access, Depends(_SEND)]) -> Response:
    """Mail a customer a link to sign in.

    It works once, for 15 minutes. Nobody is told whether there is such a customer; with `autoCreateCustomer` one is made. At most
    five an hour for an address.
    """
    services: Services = request.app.state.services
    body = await read_body(request, MagicLinkBody)
    await mail_sign_in_link(
        services,
        team_id=access.team_id,
        project_id=access.project_id,
        email=body.email,
        redirect_url=body.redirect_url,
        at=access.time_at(services.clock.now()),
    )
    return json_response(SentAnswer(success=True, message=_SENT))


@router.post("/verify", **operation(_EVERYBODY, answers={200: VerifiedAnswer}, body=VerifyBody))
async def verify_magic_link(request: Request, access: Annotated[None, Depends(_EVERYBODY)]) -> Response:
    """Use a mailed token up and begin a session.

    401 with `TOKEN_ALREADY_USED`, `TOKEN_EXPIRED` or `TOKEN_INVALID`; the last for a token of another app too.
    """
    del access
    body = await read_body(request, VerifyBody)
    return await _verified(request, body.token)


@router.get(
    "/verify",
    **operation(
        _EVERYBODY,
        answers={200: VerifiedAnswer},
        parameters=[
            query_text("token", "The token of a mailed link.", is_required=True),
            query_text(
                "redirect",
                "`true`: do not use the token up, but send the browser on to the app's configured address with it.",
                enum=["true", "false"],
            ),
        ],
    ),
)
async def verify_by_link(request: Request, access: Annotated[None, Depends(_EVERYBODY)]) -> Response:
    """Use a mailed token up, or send the browser on with it.

    A browser is only ever sent to an address that the app has configured.
    """
    del access
    token = request.query_params.get("token", "")
    if not 0 < len(token) <= _LONGEST_TOKEN:
        raise Invalid("token is required: the token of a sign-in link.")
    if request.query_params.get("redirect") != "true":
        return await _verified(request, token)
    services: Services = request.app.state.services
    project_id = path_id(request, "appId", "App")
    url = await services.db.read(customer_sign_in.check_token, project_id, token, now=services.clock.now())
    if url is None:
        raise Coded(400, "This app has configured no address for signing in.", "VALIDATION_ERROR")
    leads_to = link_address(services.settings.public_url, redirect_url=url, project_id=project_id, token=token)
    return RedirectResponse(leads_to, 303, headers={"cache-control": "no-store", "referrer-policy": "no-referrer"})


@router.get("/session", **operation(_OWN, answers={200: SessionAnswer}))
async def read_session(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """Tell whose session a token is."""
    services: Services = request.app.state.services
    customer, plan = await services.db.read(_customer_and_plan, access)
    return json_response(SessionAnswer(_customer(customer), EntitlementsBody(plan, {})))


@router.delete("/session", **operation(_OWN, answers={200: SentAnswer}))
async def end_session(request: Request, access: Annotated[CustomerAccess, Depends(_OWN)]) -> Response:
    """End a session: its token is worth nothing from here on."""
    services: Services = request.app.state.services
    await services.db.write(
        revoke_customer_session,
        project_id=access.project_id,
        session_id=access.session_id,
        now=services.clock.now(),
    )
    return json_response(SentAnswer(success=True, message="You are signed out."))


@router.get("/settings", **operation(_READ, answers={200: SignInSettingsAnswer}))
async def read_sign_in_settings(request: Request, access: Annotated[Access, Depends(_READ)]) -> Response:
    """Tell how customers of the app sign in."""
    services: Services = request.app.state.services
    settings = await services.db.read(
        customer_sign_in.get_settings,
        team_id=access.team_id,
        project_id=access.project_id,
        at=access.time_at(services.clock.now()),
    )
    return json_response(_settings(settings))


@router.patch("/settings", **operation(_CHANGE, answers={200: SignInSettingsAnswer}, body=ChangeSignInSettings))
async def change_sign_in_settings(request: Request, access: Annotated[Access, Depends(_CHANGE)]) -> Response:
    """Change how customers of the app sign in.

    `redirectUrls` are the only addresses to which a link may lead.
    """
    services: Services = request.app.state.services
    body = await read_body(request, ChangeSignInSettings)
    fields = given_fields(body)
    record = Record(
        "customer_sign_in.changed", subject=lambda _: access.project_id, details=lambda _: {"fields": sorted(fields)}
    )
    settings = await write_recorded(services, access, record, _change_settings, access, body, services)
    return json_response(_settings(settings))


async def _change_settings(
    tx: Writing, access: Access, body: ChangeSignInSettings, services: Services
) -> SignInSettings:
    at = access.time_at(services.clock.now())
    present = await customer_sign_in.get_settings(tx, team_id=access.team_id, project_id=access.project_id, at=at)
    given = body.model_fields_set
    return await customer_sign_in.put_settings(
        tx,
        SignInSettings(
            project_id=access.project_id,
            team_id=access.team_id,
            auto_create_customer=(
                body.auto_create_customer if "auto_create_customer" in given else present.auto_create_customer
            ),
            redirect_urls=body.redirect_urls if "redirect_urls" in given else present.redirect_urls,
            updated_at=at,
        ),
    )


async def _verified(request: Request, token: str) -> Response:
    services: Services = request.app.state.services
    project_id = path_id(request, "appId", "App")
    signed_in = await sign_in_customer(services, request.app.state.tokens, project_id=project_id, token=token)
    return json_response(_verified_answer(signed_in))


async def _customer_and_plan(tx: Reading, access: CustomerAccess) -> tuple[Customer, str | None]:
    customer = await customers.get(tx, access.project_id, access.customer_id)
    return customer, await plan_of(tx, access.project_id, access.customer_id)


def _verified_answer(signed_in: SignedInCustomer) -> VerifiedAnswer:
    customer = signed_in.customer
    return VerifiedAnswer(
        success=True,
        valid=True,
        customer_id=customer.id,
        email=customer.email,
        session_token=signed_in.session_token,
        tenant_id=signed_in.team_id,
        expires_at=iso(signed_in.expires_at),
        customer=_customer(customer),
        entitlements=EntitlementsBody(signed_in.plan_name, {}),
        redirect_url=signed_in.redirect_url,
    )


def _customer(customer: Customer) -> CustomerBody:
    return CustomerBody(customer.id, customer.email, customer.name, dict(customer.metadata))


def _settings(settings: SignInSettings) -> SignInSettingsAnswer:
    return SignInSettingsAnswer(settings.auto_create_customer, settings.redirect_urls)
