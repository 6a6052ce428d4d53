"""`…/links`: where partners' links lead, publishable keys, and promotion codes that belong to somebody."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.domain.referrals import links, promotion_codes, publishable_keys
from billfold.domain.referrals.codes import LONGEST_CODE
from billfold.domain.referrals.destinations import LONGEST_ADDRESS, MOST_HOSTS
from billfold.domain.referrals.links import LinkSettings
from billfold.domain.referrals.promotion_codes import PromotionCode
from billfold.domain.referrals.publishable_keys import MOST_ORIGINS, PublishableKey
from billfold.entrypoints.api.billing.access import Allowed, path_id
from billfold.entrypoints.api.billing.answers import Body, Success, Timestamp, json_answer, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.idempotency import answer_once, write_once
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import Access
from billfold.entrypoints.recording import Record, write_recorded
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Write

router = APIRouter(tags=["Links and tracking"])
READ = "referrals:read"
WRITE = "referrals:write"
_LONGEST_HOST = 253
_Host = Annotated[str, Field(max_length=_LONGEST_HOST)]


class LinksBody(Body):
    """Where links lead: `/r/{project}/{code}`, or `/{code}` on `linkHost`."""

    landing_url: str | None
    own_hosts: list[str]
    link_host: str | None
    cookie_domain: str | None
    sets_cookies: bool


class LinksAnswer(Body):
    """The settings."""

    links: LinksBody


class SetLinks(RequestBody):
    """All of the settings; what is left out is cleared."""

    landing_url: Annotated[
        Annotated[str, Field(max_length=LONGEST_ADDRESS)] | None,
        Field(description="the page that links lead to, such as https://www.example.com/start, or null"),
    ] = None
    own_hosts: Annotated[
        list[_Host], Field(max_length=MOST_HOSTS, description=f"a list of up to {MOST_HOSTS} hosts of yours")
    ] = Field(default_factory=list)
    link_host: Annotated[_Host | None, Field(description="a host that leads to this server, or null")] = None
    cookie_domain: Annotated[_Host | None, Field(description="the domain above linkHost, or null")] = None
    sets_cookies: Annotated[bool, Field(description="true or false: whether links set a cookie")] = True


class PublishableKeyBody(Body):
    """A key for web pages: it tells of clicks on its origins and can do nothing else."""

    id: str
    key: str
    origins: list[str]
    created_at: Timestamp


class PublishableKeyAnswer(Body):
    """The key."""

    publishable_key: PublishableKeyBody


class PublishableKeysAnswer(Body):
    """Every key that is not revoked, newest first."""

    publishable_keys: list[PublishableKeyBody]


class CreatePublishableKey(RequestBody):
    """A new key."""

    origins: Annotated[
        list[_Host],
        Field(min_length=1, max_length=MOST_ORIGINS, description="a list of origins such as https://www.example.com"),
    ]


class PromotionCodeBody(Body):
    """A promotion code of Stripe's with the referral code that it stands for."""

    id: str
    stripe_promotion_code_id: str
    promotion_code: str
    referral_code: str
    created_at: Timestamp


class PromotionCodeAnswer(Body):
    """The promotion code."""

    promotion_code: PromotionCodeBody


class PromotionCodesAnswer(Body):
    """Every promotion code that belongs to somebody."""

    promotion_codes: list[PromotionCodeBody]


class TiePromotionCode(RequestBody):
    """Whose promotion code it is."""

    promotion_code: Annotated[
        str, Field(min_length=1, max_length=255, description="Stripe's id, promo_…, or the text that buyers type")
    ]
    referral_code: Annotated[
        str, Field(min_length=1, max_length=LONGEST_CODE, description="a referral code of the project")
    ]


@router.get("/links", **operation(scope=READ, answers={200: LinksAnswer}, is_read=True))
async def get_links(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """Get the settings of links."""
    services: Services = request.app.state.services
    found = await services.db.read(links.get_settings, access.project_id)
    return json_response(LinksAnswer(_links(found)))


@router.put("/links", **operation(scope=WRITE, answers={200: LinksAnswer}, body=SetLinks))
async def set_links(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Set where links lead."""
    services: Services = request.app.state.services
    body = await read_body(request, SetLinks)
    wanted = LinkSettings(
        body.landing_url, tuple(body.own_hosts), body.link_host, body.cookie_domain, body.sets_cookies
    )
    kept = await write_recorded(
        services,
        access,
        Record("links.changed", subject=lambda _: access.project_id, details=lambda _: {"landing": body.landing_url}),
        links.set_settings,
        project_id=access.project_id,
        settings=wanted,
        reserved=reserved_hosts(services),
        at=access.time_at(services.clock.now()),
    )
    return json_response(LinksAnswer(_links(kept)))


@router.get("/publishable-keys", **operation(scope=READ, answers={200: PublishableKeysAnswer}, is_read=True))
async def list_publishable_keys(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List publishable keys."""
    services: Services = request.app.state.services
    found = await services.db.read(publishable_keys.keys_of_project, access.project_id)
    return json_response(PublishableKeysAnswer([_key(each) for each in found]))


@router.post(
    "/publishable-keys",
    **operation(
        scope=WRITE, answers={201: PublishableKeyAnswer}, body=CreatePublishableKey, takes_idempotency_key=True
    ),
)
async def create_publishable_key(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Create a publishable key."""
    services: Services = request.app.state.services
    body = await read_body(request, CreatePublishableKey)
    return await write_once(
        request,
        access,
        publishable_keys.add_key,
        project_id=access.project_id,
        origins=body.origins,
        now=services.clock.now(),
        record=Record("publishable_key.created", subject=lambda key: key.id),
        answer=lambda key: json_answer(201, PublishableKeyAnswer(_key(key))),
    )


@router.delete("/publishable-keys/{publishableKeyId}", **operation(scope=WRITE, answers={200: Success}))
async def revoke_publishable_key(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Revoke a publishable key."""
    services: Services = request.app.state.services
    await write_recorded(
        services,
        access,
        Record("publishable_key.revoked", subject=lambda key: key.id),
        publishable_keys.revoke_key,
        project_id=access.project_id,
        key_id=path_id(request, "publishableKeyId", "pkey_", "Publishable key"),
        now=services.clock.now(),
    )
    return json_response(Success(success=True))


@router.get("/promotion-codes", **operation(scope=READ, answers={200: PromotionCodesAnswer}, is_read=True))
async def list_promotion_codes(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List promotion codes that belong to somebody."""
    services: Services = request.app.state.services
    found = await services.db.read(promotion_codes.tied_codes, access.project_id)
    return json_response(PromotionCodesAnswer([_promotion(each) for each in found]))


@router.post(
    "/promotion-codes",
    **operation(scope=WRITE, answers={201: PromotionCodeAnswer}, body=TiePromotionCode, takes_idempotency_key=True),
)
async def tie_promotion_code(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Tie a promotion code to a referral code.

    Whoever pays with it from now on was brought by the code's owner, as the terms' precedence says.
    """
    services: Services = request.app.state.services
    body = await read_body(request, TiePromotionCode)
    stripe = await services.stripe.gateway(access.team_id)

    async def work(write: Write, stripe_key: str) -> PromotionCode:
        del stripe_key
        return await promotion_codes.tie_promotion_code(
            services.db,
            stripe,
            project_id=access.project_id,
            code=body.referral_code,
            promotion=body.promotion_code,
            write=write,
            at=access.time_at(services.clock.now()),
        )

    return await answer_once(
        request,
        access,
        work,
        record=Record("promotion_code.tied", subject=lambda tied: tied.id, details=lambda tied: {"code": tied.code}),
        answer=lambda tied: json_answer(201, PromotionCodeAnswer(_promotion(tied))),
    )


@router.delete("/promotion-codes/{promotionCodeId}", **operation(scope=WRITE, answers={200: Success}))
async def untie_promotion_code(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Untie a promotion code.

    It goes on working in Stripe; it brings nobody any more.
    """
    services: Services = request.app.state.services
    tie_id = path_id(request, "promotionCodeId", "tie_", "Promotion code")
    await write_recorded(
        services,
        access,
        Record("promotion_code.untied", subject=lambda _: tie_id),
        promotion_codes.untie_promotion_code,
        project_id=access.project_id,
        tie_id=tie_id,
    )
    return json_response(Success(success=True))


def reserved_hosts(services: Services) -> tuple[str, ...]:
    """Return the hosts that are this server's own, which no project may have its links on."""
    return (urlsplit(services.settings.public_url).hostname or "", "localhost", "127.0.0.1")


def _links(found: LinkSettings) -> LinksBody:
    return LinksBody(found.landing_url, list(found.own_hosts), found.link_host, found.cookie_domain, found.sets_cookies)


def _key(key: PublishableKey) -> PublishableKeyBody:
    return PublishableKeyBody(key.id, key.key, key.origins, iso(key.created_at))


def _promotion(tied: PromotionCode) -> PromotionCodeBody:
    return PromotionCodeBody(tied.id, tied.stripe_promotion_code_id, tied.text, tied.code, iso(tied.created_at))
