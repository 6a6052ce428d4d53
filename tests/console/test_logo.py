"""The logo: uploaded in the settings, told by its first bytes, and shown on the customers' pages."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.base.errors import BillfoldError
from billfold.domain.tenancy.branding import LARGEST_LOGO, find_logo
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web import uploads
from tests.console.conftest import ORIGIN, Console, Person, texts
from tests.portal.test_branding import JPEG, PNG, SVG, WEBP


async def send(console: Console, person: Person, content: bytes, **headers: str) -> httpx.Response:
    return await person.client.post(
        f"{console.home}/settings/logo",
        data={"csrf": person.csrf},
        files={"logo": ("lögo.png", content, "image/png")},
        headers={**ORIGIN, **headers},
        follow_redirects=True,
    )


@pytest.mark.parametrize(("content", "media_type"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")])
async def test_an_uploaded_image_is_the_logo(console: Console, content: bytes, media_type: str) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.home}/settings")
    page = await send(console, owner, content)
    assert "Your customers’ pages begin with this logo." in texts(page)  # noqa: RUF001 - as it is printed
    stored = await console.app.services.db.read(find_logo, console.app.team.project_id)
    assert stored is not None
    assert (stored.content, stored.media_type) == (content, media_type)
    assert f'src="/brand/{console.app.team.project_id}/logo?v={stored.version}"' in page.text
    gone = await owner.post(f"{console.home}/settings/logo/removal")
    assert "no logo any more" in texts(gone)
    assert await console.app.services.db.read(find_logo, console.app.team.project_id) is None


async def test_the_rest_of_the_look_stays(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.home}/settings")
    await owner.post(f"{console.home}/settings/look", {"brand_name": "Fieldnote", "accent": "#a3441c"})
    await send(console, owner, PNG)
    await owner.post(f"{console.home}/settings/look", {"brand_name": "Fieldnotes", "accent": "#a3441c"})
    branding = (await console.call("GET", "/branding"))["branding"]
    assert (branding["name"], branding["accentColor"]) == ("Fieldnotes", "#a3441c")
    assert branding["logoUrl"] is not None


@pytest.mark.parametrize("content", [SVG, b"", b"GIF89a" + b"\0" * 40, PNG + b"\0" * LARGEST_LOGO])
async def test_what_is_no_small_image_is_refused_with_a_reason(console: Console, content: bytes) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.home}/settings")
    answer = await send(console, owner, content)
    assert answer.status_code == 400
    assert "PNG, JPEG or WebP image of at most 64 KiB. An SVG is not taken" in texts(answer)
    assert await console.app.services.db.read(find_logo, console.app.team.project_id) is None


async def test_a_file_beyond_all_bounds_is_refused(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.home}/settings")
    answer = await send(console, owner, PNG + b"\0" * (LARGEST_LOGO + 20_000))
    assert answer.status_code == 400
    assert "too large" in texts(answer)


async def test_a_form_with_a_file_is_guarded_as_every_form(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.home}/settings")
    foreign = {"Origin": "https://evil.example.com", "Sec-Fetch-Site": "cross-site"}
    assert (await send(console, owner, PNG, **foreign)).status_code == 403
    owner.csrf = "0" * 64
    assert (await send(console, owner, PNG)).status_code == 403
    member = await console.sign_in("mara@example.com", Role.MEMBER)
    await member.get(f"{console.home}/customers/new")
    assert (await send(console, member, PNG)).status_code == 403
    assert await console.app.services.db.read(find_logo, console.app.team.project_id) is None


async def test_no_other_form_takes_a_file(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.home}/settings")
    answer = await owner.client.post(
        f"{console.home}/settings/name", data={"csrf": owner.csrf}, files={"name": b"x"}, headers=ORIGIN
    )
    assert answer.status_code == 403


def parts(body: bytes, content_type: str) -> list[Any]:
    """The names and contents of a form's parts."""
    cut = uploads._parts(body, uploads._boundary(content_type))
    return [(*uploads._names(head), content) for head, content in cut]


_names = st.text(st.characters(codec="utf-8", min_codepoint=32, exclude_characters='"\\;'), max_size=20)


@given(
    st.lists(
        st.tuples(st.text("abc_", min_size=1, max_size=8), _names, st.binary(max_size=400)), min_size=1, max_size=4
    )
)
def test_a_file_comes_out_exactly_as_it_went_in(sent: list[tuple[str, str, bytes]]) -> None:
    files = [(name, (f"{filename}.png", content)) for name, filename, content in sent]
    request = httpx.Request("POST", "https://billfold.example.com/", files=files)
    found = parts(request.read(), request.headers["content-type"])
    assert [(name, content) for name, _, content in found] == [(name, content) for name, _, content in sent]
    assert all(filename is not None for _, filename, _ in found)


@given(st.binary(max_size=300), st.text(max_size=60))
def test_whatever_is_sent_is_read_or_refused(body: bytes, content_type: str) -> None:
    for given_type in (
        content_type,
        f"multipart/form-data; boundary={content_type}",
        "multipart/form-data; boundary=x",
    ):
        for given_body in (body, b"--x\r\n" + body + b"\r\n--x--\r\n"):
            try:
                parts(given_body, given_type)
            except BillfoldError as error:
                assert error.message  # noqa: PT017 - any other error fails the test
