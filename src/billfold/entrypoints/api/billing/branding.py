"""`…/branding`: how the pages that a project's customers see look: the portal and what follows it."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AfterValidator, Field, WithJsonSchema

from billfold.base.clock import iso
from billfold.base.errors import Invalid
from billfold.domain.billing.customers import EMAIL_PATTERN, LONGEST_EMAIL, checked_email
from billfold.domain.tenancy.audit_log import record
from billfold.domain.tenancy.branding import (
    LARGEST_LOGO,
    LONGEST_NAME,
    Branding,
    Logo,
    checked_accent,
    checked_logo,
    find_branding,
    set_branding,
)
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.answers import Body, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import WebAddress, text_of
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.caller import FULL_ACCESS, Access
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Writing

router = APIRouter(tags=["Branding"])
# Base64 writes four characters for three bytes.
_LONGEST_LOGO: Final = (LARGEST_LOGO + 2) // 3 * 4
_SIGN: Final = "[A-Za-z0-9+/]"
_REST: Final = f"(?:{_SIGN}{{4}})*(?:{_SIGN}{{2}}==|{_SIGN}{{3}}=)?"
# How the first bytes of the three kinds of image read in base64; `checked_logo` looks at the bytes themselves.
_PNG: Final = f"iVBORw0KGg[o-r](?:=|{_SIGN}{_REST})"
_JPEG: Final = f"/9j/{_REST}"
_WEBP: Final = f"UklGR[g-v]{_SIGN}{{4}}[BFJNRVZdhlptx159]XRUJQ{_REST}"
_LOGO: Final = f"^(?:{_PNG}|{_JPEG}|{_WEBP})$"

Accent = Annotated[
    str,
    AfterValidator(checked_accent),
    WithJsonSchema({"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}),
]
SupportEmail = Annotated[
    str,
    AfterValidator(checked_email),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_EMAIL, "pattern": EMAIL_PATTERN}),
]

LogoText = Annotated[
    str,
    Field(max_length=_LONGEST_LOGO),
    WithJsonSchema({"type": "string", "maxLength": _LONGEST_LOGO, "pattern": _LOGO}),
]


class BrandingBody(Body):
    """A project's look; null is what nobody chose: then the project's own name, no logo, Billfold's own colour."""

    project_id: str
    name: str | None
    accent_color: str | None
    support_email: str | None
    return_url: str | None
    logo_url: str | None
    updated_at: Timestamp | None


class BrandingAnswer(Body):
    """The branding."""

    branding: BrandingBody


class SetBranding(RequestBody):
    """The whole look: of what may be left out, what is or is null is cleared, but a logo that is left out stays."""

    name: Annotated[
        Annotated[str, text_of(LONGEST_NAME)] | None,
        Field(description=f"a text of 1 to {LONGEST_NAME} characters, or null for the project's own name"),
    ]
    accent_color: Annotated[Accent | None, Field(description="a colour such as #a3441c")] = None
    support_email: Annotated[SupportEmail | None, Field(description="an e-mail address such as help@example.com")] = (
        None
    )
    return_url: Annotated[
        WebAddress | None, Field(description="an absolute http or https address such as https://app.example.com/")
    ] = None
    logo: Annotated[
        LogoText | None,
        Field(description=f"a PNG, JPEG or WebP image of at most {LARGEST_LOGO // 1024} KiB in base64, or null"),
    ] = None


def shape(project_id: str, branding: Branding | None, public_url: str) -> BrandingBody:
    """Return a project's look as this surface shows it."""
    if branding is None:
        return BrandingBody(project_id, None, None, None, None, None, None)
    version = branding.logo_version
    return BrandingBody(
        project_id=project_id,
        name=branding.name,
        accent_color=branding.accent_color,
        support_email=branding.support_email,
        return_url=branding.return_url,
        logo_url=None if version is None else f"{public_url}/brand/{project_id}/logo?v={version}",
        updated_at=iso(branding.updated_at),
    )


@router.get("/branding", **operation(scope=FULL_ACCESS, answers={200: BrandingAnswer}, is_read=True))
async def get_branding(request: Request, access: Annotated[Access, Depends(Allowed(FULL_ACCESS))]) -> Response:
    """Get a project's branding.

    It takes a key without a list of scopes, or an admin.
    """
    services: Services = request.app.state.services
    found = await services.db.read(find_branding, access.project_id)
    return json_response(BrandingAnswer(shape(access.project_id, found, services.settings.public_url)))


@router.put("/branding", **operation(scope=FULL_ACCESS, answers={200: BrandingAnswer}, body=SetBranding))
async def put_branding(request: Request, access: Annotated[Access, Depends(Allowed(FULL_ACCESS))]) -> Response:
    """Set a project's branding.

    It takes a key without a list of scopes, or an admin. Of the accent colour only the hue is used, so no choice makes a text
    unreadable. An SVG is no logo, because it can hold a script.
    """
    services: Services = request.app.state.services
    body = await read_body(request, SetBranding)
    logo = None if body.logo is None else _decoded(body.logo)
    stored = await services.db.write(
        _set, access, body, logo, keep_logo="logo" not in body.model_fields_set, now=services.clock.now()
    )
    return json_response(BrandingAnswer(shape(access.project_id, stored, services.settings.public_url)))


def _decoded(text: str) -> Logo:
    try:
        content = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise Invalid("logo must be base64, without a data: prefix.") from None
    return checked_logo(content)


async def _set(
    tx: Writing, access: Access, body: SetBranding, logo: Logo | None, *, keep_logo: bool, now: datetime
) -> Branding:
    wanted = Branding(
        project_id=access.project_id,
        team_id=access.team_id,
        name=body.name,
        accent_color=body.accent_color,
        support_email=body.support_email,
        return_url=body.return_url,
        logo_type=None,
        logo_version=None,
        updated_at=access.time_at(now),
    )
    stored = await set_branding(tx, wanted, logo=logo, keep_logo=keep_logo)
    await record(
        tx,
        team_id=access.team_id,
        project_id=access.project_id,
        actor=access.actor,
        action="branding.changed",
        subject=access.project_id,
        details={"name": stored.name, "accent_color": stored.accent_color, "return_url": stored.return_url},
        now=now,
    )
    return stored
