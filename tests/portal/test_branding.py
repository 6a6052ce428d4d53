"""`…/branding`: what a project may choose, and how it reaches the page."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from tests.portal.conftest import Portal

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
WEBP = b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


async def put(portal: Portal, *, expect: int = 200, **body: Any) -> Any:
    answer = await portal.call("PUT", "/branding", {"name": None, **body}, expect=expect)
    return answer.get("branding", answer)


async def test_a_project_without_branding_has_nothing_but_its_id(portal: Portal) -> None:
    assert (await portal.call("GET", "/branding"))["branding"] == {
        "projectId": portal.app.team.project_id,
        "name": None,
        "accentColor": None,
        "supportEmail": None,
        "returnUrl": None,
        "logoUrl": None,
        "updatedAt": None,
    }


async def test_what_is_chosen_is_on_the_page(portal: Portal) -> None:
    await put(
        portal,
        name="Fieldnote",
        accentColor="#A3441C",
        supportEmail="help@example.com",
        returnUrl="https://fieldnote.example.com/",
        logo=encoded(PNG),
    )
    page = (await portal.show()).text
    project = portal.app.team.project_id
    assert "Fieldnote</title>" in page
    assert f"/brand/{project}/style.css?v=a3441c" in page
    assert f"/brand/{project}/logo?v=" in page
    assert 'href="https://fieldnote.example.com/">Back to Fieldnote' in page
    assert 'href="mailto:help@example.com"' in page
    assert " data-branded" in page


async def test_the_accent_comes_as_one_line_of_a_sheet(portal: Portal) -> None:
    await put(portal, accentColor="#a3441c")
    answer = await portal.app.anonymous.get(f"/brand/{portal.app.team.project_id}/style.css?v=a3441c")
    assert answer.text == "@layer tokens { :root { --brand: #a3441c; } }\n"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")])
async def test_a_logo_is_served_as_what_it_is_and_may_do_nothing(portal: Portal, content: bytes, kind: str) -> None:
    url = (await put(portal, logo=encoded(content)))["logoUrl"]
    answer = await portal.app.anonymous.get(url)
    assert (answer.content, answer.headers["content-type"]) == (content, kind)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'; sandbox" in answer.headers["content-security-policy"]


def test_the_documents_pattern_knows_each_kind_of_image() -> None:
    from billfold.entrypoints.api.billing.branding import _LOGO  # noqa: PLC0415 - only this test needs it

    for content in (PNG, JPEG, WEBP):
        for length in range(12, len(content)):
            assert re.fullmatch(_LOGO, encoded(content[:length])), (content[:4], length)
    for content in (SVG, b"GIF89a", b"RIFF\0\0\0\0WAVE"):
        assert re.fullmatch(_LOGO, encoded(content)) is None


@pytest.mark.parametrize(
    "logo",
    [
        encoded(SVG),
        encoded(b"GIF89a" + b"\0" * 40),
        encoded(b"<html>"),
        encoded(PNG + b"\0" * 65_536),
        "not base64!",
        "data:image/png;base64," + encoded(PNG),
        "",
        7,
    ],
)
async def test_what_is_no_small_raster_image_is_refused(portal: Portal, logo: Any) -> None:
    refused = await put(portal, expect=400, logo=logo)
    assert refused["error"].startswith("logo must be") or refused["error"].startswith("logo must have")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accentColor", "red"),
        ("accentColor", "#12345"),
        ("accentColor", "#123456;} body{display:none"),
        ("supportEmail", "nobody"),
        ("returnUrl", "javascript:alert(1)"),
        ("name", ""),
        ("name", "x" * 81),
    ],
)
async def test_a_bad_value_is_refused_by_its_name(portal: Portal, field: str, value: str) -> None:
    refused = await put(portal, expect=400, **{field: value})
    assert field in refused["error"] or "email" in refused["error"]


async def test_what_is_left_out_is_cleared_but_a_logo_stays_until_it_is_null(portal: Portal) -> None:
    await put(portal, name="Fieldnote", logo=encoded(PNG))
    kept = await put(portal, accentColor="#112233")
    assert (kept["name"], kept["accentColor"], kept["logoUrl"] is not None) == (None, "#112233", True)
    assert (await put(portal, logo=None))["logoUrl"] is None


async def test_it_takes_full_access(portal: Portal) -> None:
    from billfold.domain.tenancy.api_keys import create_api_key  # noqa: PLC0415 - only this test needs it

    _, key = await portal.app.services.db.write(
        create_api_key,
        team_id=portal.app.team.team_id,
        project_id=None,
        name="limited",
        scopes=["subscriptions:write", "customers:write"],
        expires_at=None,
        now=portal.app.clock.now(),
    )
    for method in ("GET", "PUT"):
        answer = await portal.app.anonymous.request(
            method, portal.app.path + "/branding", json={}, headers={"Authorization": f"Bearer {key}"}
        )
        assert answer.status_code == 403
        bare = await portal.app.anonymous.request(method, portal.app.path + "/branding", json={})
        assert bare.status_code == 401


async def test_nothing_is_served_for_a_project_that_chose_nothing(portal: Portal) -> None:
    for project in (portal.app.team.project_id, "proj_unknown", "%00", "..%2f"):
        for name in ("style.css", "logo"):
            assert (await portal.app.anonymous.get(f"/brand/{project}/{name}")).status_code == 404
