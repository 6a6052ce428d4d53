"""Webhooks in the console: made, tried, rotated, switched off and on, sent again, deleted."""

from __future__ import annotations

import re
from datetime import timedelta

from billfold.domain.webhooks.endpoints import get_endpoint
from billfold.infrastructure.outbound import Response
from tests.console.conftest import Console, Person, texts

_URL = "https://app.example.com/webhooks?token=hidden"


async def _make(console: Console, owner: Person, **form: object) -> str:
    await owner.get(f"{console.home}/webhooks/new")
    made = await owner.post(f"{console.home}/webhooks", {"url": _URL, "power": "all", **form})
    assert made.status_code == 201, made.text
    assert re.search(r">whsec_[A-Za-z0-9+/=]+<", made.text)
    found = re.search(r"/webhooks/(we_\w+)", made.text)
    assert found is not None
    return found[1]


async def _deliver(console: Console, status: int) -> None:
    async def post(method: str, url: str, headers: object, body: bytes, limits: object) -> Response:
        del method, url, headers, body, limits
        return Response(status, {}, b"<b>heard</b>")

    dispatcher = console.app.application.installation.dispatcher
    dispatcher._post = post
    await dispatcher.drain()


async def test_the_secret_is_on_the_page_that_answers_the_form_and_on_no_other(console: Console) -> None:
    owner = await console.sign_in()
    assert "No webhooks yet" in (await owner.get(f"{console.home}/webhooks")).text
    webhook_id = await _make(console, owner, description="Production")
    for page in ("/webhooks", f"/webhooks/{webhook_id}", f"/webhooks/{webhook_id}/edit"):
        answer = await owner.get(f"{console.home}{page}")
        assert answer.status_code == 200
        assert "whsec_" not in answer.text
    listed = await owner.get(f"{console.home}/webhooks")
    assert "app.example.com/webhooks" in listed.text
    assert "token=" not in listed.text
    await owner.get(f"{console.home}/webhooks/{webhook_id}/rotation")
    rotated = await owner.post(f"{console.home}/webhooks/{webhook_id}/rotation")
    assert "whsec_" in rotated.text
    assert "The one before it signs too" in rotated.text


async def test_a_form_that_makes_no_webhook_says_what_to_change_and_keeps_what_was_typed(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.home}/webhooks/new")
    wrong = {"url": "http://127.0.0.1/", "power": "some", "description": "Mine"}
    answer = await owner.post(f"{console.home}/webhooks", wrong)
    assert answer.status_code == 400
    assert "must begin with https://" in answer.text
    assert "choose at least one" in answer.text
    assert 'value="Mine"' in answer.text


async def test_it_is_changed_switched_off_and_on_and_deleted(console: Console) -> None:
    owner = await console.sign_in()
    webhook_id = await _make(console, owner)
    page = f"{console.home}/webhooks/{webhook_id}"
    await owner.get(f"{page}/edit")
    changed = {"url": "https://app.example.com/two", "power": "some", "type": "payment.failed", "description": "Two"}
    assert "The webhook is changed" in (await owner.post(f"{page}/edit", changed)).text
    assert "Switched off" in (await owner.post(f"{page}/switch", {"switch": "off"})).text
    assert "Active" in (await owner.post(f"{page}/switch", {"switch": "on"})).text
    found = await console.app.services.db.read(get_endpoint, console.app.team.project_id, webhook_id)
    assert (found.url, found.types, found.description) == ("https://app.example.com/two", ["payment.failed"], "Two")
    await owner.get(f"{page}/deletion")
    assert "No webhooks yet" in (await owner.post(f"{page}/deletion")).text
    assert (await owner.get(page)).status_code == 404


async def test_a_test_event_its_tries_and_sending_again(console: Console) -> None:
    owner = await console.sign_in()
    webhook_id = await _make(console, owner)
    page = f"{console.home}/webhooks/{webhook_id}"
    sent = await owner.post(f"{page}/test", {"type": "payment.succeeded"})
    assert "None yet." in sent.text
    assert "&#34;test&#34;: true" in sent.text
    await _deliver(console, 500)
    failed = await owner.get(str(sent.url))
    assert "&lt;b&gt;heard&lt;/b&gt;" in failed.text
    assert "Try it now" in failed.text
    again = await owner.post(f"{sent.url.path}/resending")
    assert again.status_code == 200
    await _deliver(console, 200)
    text = texts(await owner.get(page))
    assert "Delivered" in text
    assert "payment" in text
    assert "No delivery fits" in (await owner.get(f"{page}?status=failed")).text


async def test_a_stretch_of_time_is_sent_again(console: Console) -> None:
    owner = await console.sign_in()
    webhook_id = await _make(console, owner)
    page = f"{console.home}/webhooks/{webhook_id}"
    await owner.post(f"{page}/test")
    await _deliver(console, 204)
    now = console.app.clock.now()
    day = {"since": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}", "until": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}"}
    await owner.get(page)
    assert "0 events go out again" in (await owner.post(f"{page}/resending", {**day, "which": "failed"})).text
    assert "1 event goes out again" in (await owner.post(f"{page}/resending", {**day, "which": "all"})).text
    backwards = {"since": day["until"], "until": day["since"]}
    assert (await owner.post(f"{page}/resending", backwards)).status_code == 400
    assert (await owner.post(f"{page}/resending", {"since": "soon", "until": ""})).status_code == 400


async def test_deliveries_are_shown_fifty_at_a_time(console: Console) -> None:
    owner = await console.sign_in()
    webhook_id = await _make(console, owner)
    page = f"{console.home}/webhooks/{webhook_id}"
    for _ in range(51):
        await console.call("POST", f"/webhooks/{webhook_id}/test", {})
    first = await owner.get(page)
    older = re.search(r'href="([^"]+before=del_\w+)"', first.text)
    assert older is not None
    second = await owner.get(older[1].replace("&amp;", "&"))
    assert len(re.findall(r"/deliveries/del_\w+", second.text)) == 1
    assert ">Newest<" in second.text


async def test_one_that_was_switched_off_by_itself_stands_on_the_overview(console: Console) -> None:
    owner = await console.sign_in()
    await console.call("POST", "/customers", {"email": "jane@example.com"})
    webhook_id = await _make(console, owner)
    await console.call("POST", f"/webhooks/{webhook_id}/test", {})
    for _ in range(3):
        await _deliver(console, 410)
        console.app.clock.advance(timedelta(minutes=6))
    page = await owner.get(f"{console.home}/webhooks/{webhook_id}")
    assert "It answered 410 Gone" in page.text
    assert "Switch it on" in page.text
    assert "was switched off" in (await owner.get(console.home)).text
    await owner.post(f"{console.home}/webhooks/{webhook_id}/switch", {"switch": "on"})
    assert "was switched off" not in (await owner.get(console.home)).text
