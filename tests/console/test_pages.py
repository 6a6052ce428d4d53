"""Every page of the console: for whom it opens (SCENARIOS F1, F5), what stands in its headers, what its markup may not hold."""

from __future__ import annotations

import html
import re
from typing import Final

import pytest
from starlette.routing import Route

from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console.pages import console_routes
from billfold.entrypoints.web.static_files import static_files
from tests.console.conftest import OWNER, Console, Person

_LARGEST_PAGE: Final = 120_000
# Page: the least role that opens it. All others open for everybody in the team.
_LEAST: Final = {
    "/customers/new": Role.MEMBER,
    "/customers/{customer_id}/edit": Role.MEMBER,
    "/customers/{customer_id}/deletion": Role.MEMBER,
    "/subscriptions/{subscription_id}/end": Role.MEMBER,
    "/catalog/new": Role.MEMBER,
    "/catalog/{product_id}/archiving": Role.MEMBER,
    "/catalog/{product_id}/prices/new": Role.MEMBER,
    "/codes/{code}/deactivation": Role.MEMBER,
    "/codes/{code}/limit": Role.MEMBER,
    "/customers/{customer_id}/attribution": Role.MEMBER,
    "/referrals/{referral_id}/void": Role.MEMBER,
    "/partners/{partner_id}/standing/{status}": Role.MEMBER,
    "/payouts/batches/{batch_id}/approval": Role.ADMIN,
    "/payouts/{payout_id}/reversal": Role.ADMIN,
    "/webhooks/new": Role.MEMBER,
    "/webhooks/{webhook_id}/edit": Role.MEMBER,
    "/webhooks/{webhook_id}/rotation": Role.MEMBER,
    "/webhooks/{webhook_id}/deletion": Role.MEMBER,
    "/settings/deletion": Role.ADMIN,
    "/api-keys": Role.ADMIN,
    "/api-keys/new": Role.ADMIN,
    "/api-keys/{key_id}/revocation": Role.ADMIN,
    "/stripe": Role.ADMIN,
    "/stripe/disconnection": Role.ADMIN,
    "/stripe/unassigned": Role.ADMIN,
    "/stripe/reconciliation": Role.ADMIN,
    "/projects/new": Role.ADMIN,
    "/mail": Role.ADMIN,
    "/mail/{mail_id}": Role.ADMIN,
    "/audit-log": Role.ADMIN,
}
# Everybody may make a team of his own.
_OWN_TEAM: Final = "/console/{team_id}/teams"
# These lead on.
_REDIRECTS: Final = {"/console", "/console/{team_id}", "/console/{team_id}/{project_id}/customers/{customer_id}/codes"}


def _all(method: str) -> list[str]:
    routes = [each for each in console_routes() if isinstance(each, Route)]
    return sorted({each.path for each in routes if method in (each.methods or ())} - _REDIRECTS)


def _least(path: str) -> Role:
    for prefix in ("/console/{team_id}/{project_id}", "/console/{team_id}"):
        if path.startswith(prefix):
            return _LEAST.get(path.removeprefix(prefix), Role.VIEWER)
    return Role.VIEWER


async def _addresses(filled: Console, owner: Person, method: str) -> dict[str, str]:
    """Return every address with ids of what is there; what the team has none of is made first."""
    await owner.get(f"{filled.team_home}/members")
    await owner.post(f"{filled.team_home}/members", {"email": "new@example.com", "role": "viewer"})
    letters = await owner.get(f"{filled.team_home}/mail")
    keys = await owner.get(f"{filled.team_home}/api-keys")
    events = await owner.get(f"{filled.home}/stripe-events")
    accounts = await owner.get(f"{filled.home}/ledger")
    members = await owner.get(f"{filled.team_home}/members")
    account = re.search(r"/ledger/([^/\"]+)/([^/\"]+)/([^/\"]+)\"", accounts.text)
    assert account is not None
    ids = {
        **filled.ids,
        "team_id": filled.app.team.team_id,
        "project_id": filled.app.team.project_id,
        "mail_id": _found(r"/mail/(mail_\w+)", letters.text),
        "key_id": _found(r"/api-keys/(key_\w+)/", keys.text),
        "event_id": _found(r"/stripe-events/(evt_\w+)", events.text),
        "public_event_id": await _public_event(filled, owner),
        "user_id": _found(r"/members/(user_\w+)", members.text),
        "invitation_id": _found(r"/invitations/(inv_\w+)/", members.text),
        "job_id": "job_unknown",
        "page_key_id": "pkey_unknown",
        "tie_id": "tie_unknown",
        "program_key": "partners",
        "status": "suspended",
        "program_id": account[1],
        "owner_id": account[2],
        "unit": account[3],
    }
    return {path: path.format(**ids) for path in _all(method)}


async def _public_event(filled: Console, owner: Person) -> str:
    await filled.app.feed()
    events = await owner.get(f"{filled.home}/events")
    return _found(r"/events/(evt_\w+)", events.text)


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, pattern
    return found[1]


async def test_every_page_opens_for_the_owner_under_the_strict_policy(filled: Console) -> None:
    owner = await filled.sign_in()
    shared = sum(
        len(each.content) for name, each in static_files().items() if name in {"ui.css", "page.js", "emblem.svg"}
    )
    for path, address in (await _addresses(filled, owner, "GET")).items():
        answer = await owner.get(address)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-frame-options"] == "DENY"
        assert not re.search(
            r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?! type=\"module\" src=\"/static/)", answer.text
        ), path
        origins = re.findall(r"(?:src|href|action)=\"(?:https?:)?//([^/\"]+)", answer.text)
        assert all(each in {"127.0.0.1:8000", "testserver"} for each in origins), (path, origins)
        assert len(answer.content) + shared <= _LARGEST_PAGE, path


async def test_a_page_opens_for_a_viewer_or_says_who_may(filled: Console) -> None:
    owner = await filled.sign_in()
    viewer = await filled.sign_in("viewer@example.com", Role.VIEWER)
    for path, address in (await _addresses(filled, owner, "GET")).items():
        answer = await viewer.get(address)
        if path.endswith("/members/{user_id}"):
            assert answer.status_code == 403  # of somebody else
            continue
        least = _least(path)
        assert answer.status_code == (200 if least is Role.VIEWER else 403), path
        if least is not Role.VIEWER:
            assert f"takes the role {least.value}" in answer.text
            assert "admin or owner" in answer.text


async def test_a_viewer_sees_no_form_that_changes_anything(filled: Console) -> None:
    owner = await filled.sign_in()
    viewer = await filled.sign_in("viewer@example.com", Role.VIEWER)
    for path, address in (await _addresses(filled, owner, "GET")).items():
        answer = await viewer.get(address)
        forms = re.findall(r'<form[^>]*method="post" action="([^"]+)"', answer.text)
        allowed = {"/console/theme"}
        if path.endswith("/program"):
            continue  # its fields are shown; there is nothing to press
        if path.endswith("/teams/new"):
            continue  # a team of his own, which changes nothing of this one
        assert set(forms) <= allowed or path.endswith(("/sign-up-bonus", "/members/{user_id}")), (path, forms)


async def test_every_change_is_refused_to_a_viewer_who_sends_it_anyway(filled: Console) -> None:
    owner = await filled.sign_in()
    viewer = await filled.sign_in("viewer@example.com", Role.VIEWER)
    await viewer.get(filled.home)
    for path, address in (await _addresses(filled, owner, "POST")).items():
        if path in {"/console/theme", _OWN_TEAM}:
            continue
        answer = await viewer.post(address, follow=False)
        assert answer.status_code == 403, f"{path}: {answer.status_code}"
        # These come with a file: `test_logo.py` and `test_console_deals.py` send it as a browser does.
        assert "takes the role" in answer.text or path.endswith(("/settings/logo", "/pictures")), path


async def test_every_change_is_refused_without_the_token_and_from_a_foreign_page(filled: Console) -> None:
    owner = await filled.sign_in()
    for path, address in (await _addresses(filled, owner, "POST")).items():
        answer = await owner.client.post(address, data={}, headers={"Origin": "http://127.0.0.1:8000"})
        assert answer.status_code == 403, path
        foreign = {"Origin": "https://evil.example.com", "Sec-Fetch-Site": "cross-site"}
        answer = await owner.client.post(address, data={"csrf": owner.csrf}, headers=foreign)
        assert answer.status_code == 403, path


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_another_team_finds_nothing(filled: Console, method: str) -> None:
    owner = await filled.sign_in()
    addresses = await _addresses(filled, owner, method)
    await filled.app.install(team="Other", email="stranger@example.com")
    stranger = await filled.sign_in("stranger@example.com")
    for path, address in addresses.items():
        if path == "/console/theme":
            continue
        answer = await (stranger.get(address) if method == "GET" else stranger.post(address, follow=False))
        assert answer.status_code == 404, f"{path}: {answer.status_code}"


async def test_ids_of_another_team_are_not_found_below_the_own_address(filled: Console) -> None:
    owner = await filled.sign_in()
    addresses = await _addresses(filled, owner, "GET")
    other = await filled.app.install(team="Other", email="stranger@example.com")
    stranger = await filled.sign_in("stranger@example.com")
    mine, theirs = filled.app.team, other
    for path, address in addresses.items():
        if path.count("{") <= 2 or "{code}" in path:
            continue
        moved = address.replace(mine.team_id, theirs.team_id).replace(mine.project_id, theirs.project_id)
        answer = await stranger.get(moved)
        assert answer.status_code == 404, f"{path}: {answer.status_code}"


async def test_who_is_not_signed_in_goes_to_the_sign_in_page_and_comes_back(filled: Console) -> None:
    answer = await filled.app.anonymous.get(f"{filled.home}/customers?q=jane")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2Fconsole%2F")
    posted = await filled.app.anonymous.post(f"{filled.home}/customers")
    assert (posted.status_code, posted.headers["location"]) == (303, "/sign-in")


async def test_the_console_begins_at_the_first_project(filled: Console) -> None:
    owner = await filled.sign_in()
    for path in ("/", "/console", filled.team_home):
        answer = await owner.client.get(path, follow_redirects=True)
        assert answer.url.path == filled.home


async def test_somebody_without_a_team_is_told_how_to_get_one(console: Console) -> None:
    loner = await console.sign_in("loner@example.com")
    answer = await loner.client.get("/console", follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (403, "/account/team")
    assert "Ask an admin or owner" in answer.text


async def test_a_chosen_theme_is_kept_and_leads_back_into_the_console_only(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(console.home)
    answer = await owner.post("/console/theme", {"theme": "dark", "back": f"{console.home}/customers"}, follow=False)
    assert answer.headers["location"] == f"{console.home}/customers"
    assert 'data-theme="dark"' in (await owner.get(console.home)).text
    for elsewhere in ("https://evil.example.com/", "//evil.example.com/", "/\\evil.example.com", "/console/\\evil"):
        answer = await owner.post("/console/theme", {"theme": "system", "back": elsewhere}, follow=False)
        assert answer.headers["location"] == "/console"


@pytest.mark.parametrize("is_filled", [False, True])
async def test_every_link_of_the_console_leads_somewhere(console: Console, *, is_filled: bool) -> None:
    if is_filled:
        await console.fill()
    owner = await console.sign_in()
    seen: set[str] = set()
    waiting = [console.home]
    while waiting:
        path = waiting.pop()
        answer = await owner.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        links = re.findall(r'href="([^"#]+)"', answer.text) if "text/html" in answer.headers["content-type"] else []
        found = {html.unescape(each) for each in links if each.startswith(("/console", "/account"))} - seen
        seen |= found
        waiting.extend(found)
    assert len(seen) > 40


async def test_an_empty_project_says_on_each_list_what_to_do_first(console: Console) -> None:
    owner = await console.sign_in()
    for page, words in {
        "": "Nothing has been sold yet",
        "/customers": "No customers yet",
        "/subscriptions": "No subscriptions yet",
        "/catalog": "Nothing for sale yet",
        "/referrals": "No one has been referred yet",
        "/codes": "No codes yet",
        "/stripe-events": "No events yet",
        "/jobs": "Nothing is stuck",
        "/ledger": "Nothing has been earned yet",
        "/rewards": "None",
        "/wallets": "No allowance yet",
    }.items():
        assert words in (await owner.get(f"{console.home}{page}")).text, page
    assert OWNER in (await owner.get(f"{console.team_home}/members")).text
