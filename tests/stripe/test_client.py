from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import stripe
from aiohttp import web
from aiohttp.test_utils import TestServer

from billfold.infrastructure.stripe.client import connect
from billfold.infrastructure.stripe.port import StripeKeyInvalid, StripeRejected, StripeUnavailable
from billfold.infrastructure.stripe.requests import StripeRequests
from billfold.infrastructure.stripe.translate import BadObject
from billfold.infrastructure.stripe.transport import InMemoryClient
from tests.stripe import payloads
from tests.stripe.payloads import Json

SECRET: Final = "sk_test_verysecret"
SINCE: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Answers:
    """An ASGI application that gives one prepared answer after the other, the last one for ever."""

    def __init__(self, *prepared: tuple[int, object] | Exception | None) -> None:
        self.prepared = list(prepared)
        self.keys: list[str | None] = []
        self.queries: list[str] = []

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        await receive()
        headers = dict(scope["headers"])
        self.keys.append(headers.get(b"idempotency-key", b"").decode() or None)
        self.queries.append(scope["query_string"].decode())
        answer = self.prepared.pop(0) if len(self.prepared) > 1 else self.prepared[0]
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            return
        status, content = answer
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        await send({"type": "http.response.start", "status": status, "headers": [(b"Retry-After", b"7")]})
        await send({"type": "http.response.body", "body": body[:5], "more_body": True})
        await send({"type": "http.response.body", "body": body[5:]})


def error(kind: str = "invalid_request_error", code: str | None = None, message: str = "No.") -> Json:
    return {"error": {"type": kind, "code": code, "message": message}}


MISSING: Final = (404, error(code="resource_missing", message="No such customer: 'cus_0'"))
GETTERS: Final = [
    "get_customer",
    "get_product",
    "get_price",
    "get_checkout_session",
    "get_subscription",
    "get_invoice",
    "get_payment_intent",
    "get_charge",
]


@pytest.mark.parametrize("verb", GETTERS)
async def test_what_does_not_exist_is_none(verb: str) -> None:
    assert await getattr(connect(SECRET, transport=Answers(MISSING)), verb)("x_0") is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((400, error(message="Bad parameter.")), StripeRejected),
        ((402, error("card_error", "card_declined")), StripeRejected),
        ((400, error("idempotency_error")), StripeRejected),
        ((404, error(message="Unrecognized request URL")), StripeRejected),
        ((413, error()), StripeRejected),
        ((401, error(message=f"Invalid API Key provided: {SECRET}")), StripeKeyInvalid),
        ((403, error(message=f"The key {SECRET} may not")), StripeKeyInvalid),
        ((409, error(code="idempotency_key_in_use")), StripeUnavailable),
        ((424, error()), StripeUnavailable),
        ((429, error("rate_limit_error", "rate_limit")), StripeUnavailable),
        ((500, error("api_error")), StripeUnavailable),
        ((503, b"<html>down</html>"), StripeUnavailable),
        ((200, b"<html>a proxy's page</html>"), StripeUnavailable),
        ((200, b"[" * 5000 + b"]" * 5000), StripeUnavailable),
        ((200, []), StripeUnavailable),
        ((302, {}), StripeUnavailable),
        (ConnectionResetError(), StripeUnavailable),
        (TimeoutError(), StripeUnavailable),
        (None, StripeUnavailable),
    ],
    ids=str,
)
async def test_an_answer_becomes_the_error_it_means(
    answer: tuple[int, object] | Exception | None, expected: type[Exception]
) -> None:
    gateway = connect(SECRET, transport=Answers(answer), retries=0)
    with pytest.raises(expected) as caught:
        await gateway.get_customer("cus_1")
    whole = "".join(_chain(caught.value))
    assert SECRET not in whole
    assert "verysecret" not in whole


def _chain(failure: BaseException | None) -> list[str]:
    if failure is None:
        return []
    shown = failure.__cause__ or (None if failure.__suppress_context__ else failure.__context__)
    return [str(failure), repr(failure), *_chain(shown)]


async def test_a_refusal_carries_stripes_message_and_code_without_keys() -> None:
    refused = (400, error(code="url_invalid", message=f"Not a URL, says {SECRET} and whsec_abc"))
    with pytest.raises(StripeRejected) as caught:
        await connect(SECRET, transport=Answers(refused)).get_customer("cus_1")
    assert caught.value.code == "url_invalid"
    assert caught.value.message == "Stripe: Not a URL, says sk_… and whsec_…"


async def test_a_rate_limit_says_how_long_to_wait() -> None:
    limited = (429, error("rate_limit_error"))
    with pytest.raises(StripeUnavailable) as caught:
        await connect(SECRET, transport=Answers(limited)).get_customer("cus_1")
    assert caught.value.retry_after_seconds == 7


async def test_a_failing_create_is_tried_again_under_one_key() -> None:
    answers = Answers(ConnectionResetError(), (500, error("api_error")), (200, payloads.CUSTOMER))
    made = await connect(SECRET, transport=answers).create_customer(
        email="ada@example.com", name=None, metadata={}, idempotency_key="reward-1"
    )
    assert made.id == "cus_1"
    assert answers.keys == ["reward-1"] * 3


async def test_after_two_retries_it_gives_up() -> None:
    answers = Answers((500, error("api_error")))
    with pytest.raises(StripeUnavailable):
        await connect(SECRET, transport=answers).get_customer("cus_1")
    assert len(answers.keys) == 3


async def test_a_change_that_took_effect_before_the_answer_was_lost_has_one_key() -> None:
    answers = Answers(TimeoutError(), (200, payloads.SUBSCRIPTION))
    await connect(SECRET, transport=answers).set_cancel_at_period_end("sub_1", cancel=True)
    assert answers.keys[0] is not None
    assert len(set(answers.keys)) == 1


async def test_a_subscription_that_was_cancelled_before_is_returned() -> None:
    ended = {**payloads.SUBSCRIPTION, "status": "canceled"}
    gateway = connect(SECRET, transport=Answers(MISSING, (200, ended)))
    assert (await gateway.cancel_subscription("sub_1")).status == "canceled"
    with pytest.raises(StripeRejected):
        await connect(SECRET, transport=Answers(MISSING, (200, payloads.SUBSCRIPTION))).cancel_subscription("sub_1")
    with pytest.raises(StripeRejected):
        await connect(SECRET, transport=Answers(MISSING)).cancel_subscription("sub_1")


async def test_deleting_a_customer_that_is_gone_succeeds() -> None:
    await connect(SECRET, transport=Answers(MISSING)).delete_customer("cus_0")


async def test_customers_come_oldest_first() -> None:
    listed = {"object": "list", "data": [{**payloads.CUSTOMER, "id": "cus_2"}, payloads.CUSTOMER], "has_more": False}
    found = await connect(SECRET, transport=Answers((200, listed))).find_customers("ada@example.com")
    assert [each.id for each in found] == ["cus_1", "cus_2"]


async def test_a_long_list_is_fetched_page_by_page() -> None:
    first = {"data": [{**payloads.SUBSCRIPTION, "id": "sub_2"}], "has_more": True}
    answers = Answers((200, first), (200, {"data": [payloads.SUBSCRIPTION], "has_more": False}))
    found = await connect(SECRET, transport=answers).list_subscriptions("cus_1")
    assert [each.id for each in found] == ["sub_2", "sub_1"]
    assert "starting_after=sub_2" in answers.queries[1]


async def test_a_server_that_always_has_more_is_left_at_some_point() -> None:
    endless = Answers((200, {"data": [payloads.SUBSCRIPTION], "has_more": True}))
    await connect(SECRET, transport=endless).list_subscriptions("cus_1")
    assert len(endless.queries) == 100


async def test_events_come_with_the_bytes_of_their_json() -> None:
    body = payloads.event("invoice.paid", payloads.INVOICE)
    page = b'{"object":"list","data":[' + body + b',{"id":"no event"}],"has_more":true}'
    events, more = await connect(SECRET, transport=Answers((200, page))).list_events(since=SINCE)
    ((found, raw),) = events
    assert (found.subject_type, found.subject_id) == ("invoice", "in_1")
    assert raw == body
    assert more


async def test_a_page_without_a_readable_event_is_the_last() -> None:
    answers = Answers((200, {"object": "list", "data": [{"id": "no event"}], "has_more": True}))
    assert await connect(SECRET, transport=answers).list_events(since=SINCE) == ([], False)


async def test_a_page_of_events_that_is_no_list_is_unavailable() -> None:
    with pytest.raises(StripeUnavailable):
        await connect(SECRET, transport=Answers((200, {"data": 5}))).list_events(since=SINCE)


async def test_an_object_of_another_shape_is_refused_by_name() -> None:
    with pytest.raises(BadObject, match="customer cus_1"):
        await connect(SECRET, transport=Answers((200, {**payloads.CUSTOMER, "created": "soon"}))).get_customer("cus_1")
    with pytest.raises(BadObject):
        await connect(SECRET, transport=Answers((200, {"data": "x"}))).list_invoices("cus_1")


@pytest.mark.parametrize(("key", "livemode"), [("sk_test_1", False), ("sk_live_1", True), ("rk_live_1", True)])
async def test_the_key_tells_the_mode(key: str, livemode: bool) -> None:  # noqa: FBT001 - a table of examples
    account = await connect(key, transport=Answers((200, payloads.ACCOUNT))).get_account()
    assert account.livemode is livemode


async def test_d6_a_disputed_payment_tells_what_the_bank_took() -> None:
    intent = {**payloads.PAYMENT_INTENT, "latest_charge": {**payloads.CHARGE, "disputed": True}}
    won = {**payloads.DISPUTE, "status": "won"}
    answers = Answers((200, intent), (200, {"object": "list", "data": [won], "has_more": False}))
    found = await connect(SECRET, transport=answers).get_payment_intent("pi_1")
    assert found is not None
    assert not found.disputed
    assert "payment_intent=pi_1" in answers.queries[1]


async def test_an_id_cannot_leave_its_place_in_the_path() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del receive
        seen.append(scope["raw_path"].decode())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(payloads.CUSTOMER).encode()})

    await connect(SECRET, transport=app).get_customer("../account?x=1#y")
    assert seen == ["/v1/customers/..%2Faccount%3Fx%3D1%23y"]


async def test_closing_waits_for_the_calls_under_way() -> None:
    go = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        await go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(payloads.CUSTOMER).encode()})

    gateway = connect(SECRET, transport=app)
    call = asyncio.create_task(gateway.get_customer("cus_1"))
    await asyncio.sleep(0)
    closing = asyncio.create_task(gateway.close())
    await asyncio.sleep(0)
    assert not closing.done()
    go.set()
    assert await call is not None
    await closing


async def test_an_application_that_hangs_is_a_timeout() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive, send
        await asyncio.Event().wait()

    client = InMemoryClient(app, total_seconds=0.01)
    with pytest.raises(stripe.APIConnectionError, match="TimeoutError"):
        await client.request_async("get", "https://api.example.com/v1/customers", {})


async def test_no_address_and_no_key_gets_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    gateway = connect(SECRET, transport=Answers((200, {"data": []})))
    await gateway.find_customers("ada@example.com")
    assert "ada" not in caplog.text
    assert SECRET not in caplog.text


def test_nothing_is_sent_about_this_machine() -> None:
    assert stripe.enable_telemetry is False
    assert stripe.api_key is None


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("cus_moved"):
            raise web.HTTPFound("/elsewhere/v1/customers/cus_1")
        if request.path.endswith("cus_cut"):
            cut = web.StreamResponse(headers={"Content-Length": "1000"})
            await cut.prepare(request)
            await cut.write(b'{"id":')
            assert request.transport is not None
            request.transport.close()
            return cut
        key = request.headers["Authorization"]
        return web.json_response({**payloads.CUSTOMER, "name": key, "email": request.query.get("email")})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    made = TestServer(app)
    await made.start_server()
    yield made
    await made.close()


async def test_over_the_network_it_reaches_a_compatible_server_under_a_path(server: TestServer) -> None:
    gateway = connect(SECRET, api_base=str(server.make_url("/simulator/stripe/")))
    found = await gateway.get_customer("cus_1")
    assert found is not None
    assert found.name == f"Bearer {SECRET}"
    await gateway.close()


@pytest.mark.parametrize("customer_id", ["cus_moved", "cus_cut"])
async def test_over_the_network_a_redirect_or_a_cut_answer_is_unavailable(server: TestServer, customer_id: str) -> None:
    gateway = connect(SECRET, api_base=str(server.make_url("")), retries=0)
    with pytest.raises(StripeUnavailable):
        await gateway.get_customer(customer_id)
    await gateway.close()


async def test_a_server_that_is_not_there_is_unavailable(unused_tcp_port: int) -> None:
    gateway = connect(SECRET, api_base=f"http://127.0.0.1:{unused_tcp_port}", retries=0)
    with pytest.raises(StripeUnavailable, match=re.escape("Stripe does not answer")):
        await gateway.get_customer("cus_1")
    await gateway.close()


async def test_a_call_that_hangs_is_given_up_before_a_jobs_lease_ends() -> None:
    async def hangs(
        _scope: MutableMapping[str, Any],
        _receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        _send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        await asyncio.Event().wait()

    requests = StripeRequests(SECRET, api_base=None, http=InMemoryClient(hangs), retries=2, patience=0.01)
    with pytest.raises(StripeUnavailable):
        await requests.get("account")
    await requests.close()
