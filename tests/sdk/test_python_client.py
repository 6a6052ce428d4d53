"""The Python SDK's own part: what it sends, when it sends again, and what it raises."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from standardwebhooks import Webhook

from billfold_sdk import (
    AsyncBillfold,
    AuthenticationError,
    Billfold,
    BillfoldError,
    ConflictError,
    ConnectionFailedError,
    InsufficientCreditsError,
    NotFoundError,
    RateLimitError,
    ServerError,
    StackBE,
    WebhookVerificationError,
    verify_webhook,
)

CUSTOMER = {"id": "pc_1", "email": "ann@example.com"}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Have nobody wait before the next try; returns what would have been waited."""
    waited: list[float] = []
    monkeypatch.setattr("billfold_sdk.synchronous.transport.time.sleep", waited.append)
    return waited


class Server:
    """Answers in turn what it was told to, and keeps the requests."""

    def __init__(self, *answers: tuple[int, Any] | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []
        self.headers: dict[str, str] = {}
        self.wait = 3

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        headers = {"Retry-After": str(self.wait)} if status == 429 else {}
        return httpx2.Response(status, json=body, headers={**headers, **self.headers})

    def client(self, **options: Any) -> Billfold:
        given = {"base_url": "https://billing.example.com/", "api_key": "bs_key", **options}
        http_client = httpx2.Client(transport=httpx2.MockTransport(self))
        return Billfold(team_id="team_1", project_id="proj_1", http_client=http_client, **given)


def test_a_request_carries_the_key_and_the_body() -> None:
    server = Server((201, {"customer": CUSTOMER}))
    made = server.client().customers.create({"email": "ann@example.com"})
    (request,) = server.requests
    assert made["id"] == "pc_1"
    assert str(request.url) == "https://billing.example.com/api/billstack/teams/team_1/projects/proj_1/customers"
    assert request.headers["authorization"] == "Bearer bs_key"
    assert json.loads(request.content) == {"email": "ann@example.com"}


@pytest.mark.parametrize("address", ["https://example.com/billing", "https://example.com/billing//"])
def test_the_address_may_end_in_a_slash_and_have_a_path_of_its_own(address: str) -> None:
    server = Server((200, {"customers": []}))
    assert server.client(base_url=address, api_key="bs_key\n").customers.list().page() == []
    wanted = "https://example.com/billing/api/billstack/teams/team_1/projects/proj_1/customers"
    assert str(server.requests[0].url) == wanted
    # Read from a file, a key ends in a line break, which no header may hold.
    assert server.requests[0].headers["authorization"] == "Bearer bs_key"


def test_an_identifier_stays_one_segment_of_the_path() -> None:
    server = Server((404, {"error": "Customer not found"}))
    with pytest.raises(NotFoundError):
        server.client().customers.get("../products?x=1#y")
    assert server.requests[0].url.raw_path.endswith(b"/customers/..%2Fproducts%3Fx%3D1%23y")


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_an_identifier_that_would_change_the_path_is_refused_before_anything_is_sent(identifier: str) -> None:
    server = Server()
    with pytest.raises(ValueError, match="identifier"):
        server.client().customers.delete(identifier)
    assert server.requests == []


@pytest.mark.parametrize("failure", [(503, {"error": "no"}), (429, {"error": "slow"}), httpx2.ConnectError("no")])
def test_a_get_is_sent_again(failure: Any, no_waiting: list[float]) -> None:
    server = Server(failure, (200, {"customer": CUSTOMER}))
    assert server.client().customers.get("pc_1")["id"] == "pc_1"
    assert len(no_waiting) == 1
    # As long as was asked for, and a little more, so that not all come back at once.
    asked = 3 if failure == (429, {"error": "slow"}) else 0
    assert asked <= no_waiting[0] <= asked + 0.25


def test_who_is_told_to_stay_away_for_long_hears_of_it_at_once(no_waiting: list[float]) -> None:
    server = Server((429, {"error": "slow"}))
    server.wait = 60
    with pytest.raises(RateLimitError) as raised:
        server.client().customers.get("pc_1")
    assert (raised.value.retry_after_seconds, no_waiting) == (60, [])


def test_a_redirect_is_followed_nowhere_and_said_to_be_one() -> None:
    server = Server((308, {}))
    server.headers = {"Location": "https://elsewhere.example.com"}
    with pytest.raises(BillfoldError, match="redirects") as raised:
        server.client().customers.get("pc_1")
    assert (raised.value.code, len(server.requests)) == ("REDIRECTED", 1)


def test_a_post_is_sent_again_under_the_same_idempotency_key() -> None:
    server = Server(httpx2.ReadTimeout("late"), (500, {"error": "no"}), (201, {"customer": CUSTOMER}))
    server.client().customers.create({"email": "ann@example.com"})
    keys = [request.headers["idempotency-key"] for request in server.requests]
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_two_posts_have_two_keys_and_a_given_one_is_kept() -> None:
    server = Server(*[(201, {"customer": CUSTOMER})] * 3)
    client = server.client()
    for key in (None, None, "mine"):
        client.customers.create({"email": "ann@example.com"}, idempotency_key=key)
    first, second, third = (request.headers["idempotency-key"] for request in server.requests)
    assert first != second
    assert third == "mine"


@pytest.mark.parametrize(
    "change",
    [
        lambda client: client.customers.update("pc_1", {"name": "Ann"}),
        lambda client: client.customers.delete("pc_1"),
        lambda client: client.branding.update({"name": "Acme"}),
        lambda client: client.portal.create({"customerId": "pc_1"}),
    ],
    ids=["PATCH", "DELETE", "PUT", "a POST that the server does not remember"],
)
def test_what_changes_something_without_a_key_is_sent_once(change: Callable[[Billfold], Any]) -> None:
    server = Server((503, {"error": "no"}))
    with pytest.raises(ServerError):
        change(server.client())
    assert len(server.requests) == 1


def test_it_gives_up_after_the_retries_that_were_asked_for() -> None:
    server = Server(*[httpx2.ConnectError("no")] * 4)
    with pytest.raises(ConnectionFailedError) as raised:
        server.client(max_retries=3).customers.get("pc_1")
    assert raised.value.code == "NETWORK_ERROR"
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (401, AuthenticationError, "UNAUTHORIZED"),
        (402, InsufficientCreditsError, "INSUFFICIENT_CREDITS"),
        (409, ConflictError, "CONFLICT"),
        (429, RateLimitError, "RATE_LIMITED"),
        (400, BillfoldError, "VALIDATION_ERROR"),
    ],
)
def test_a_refusal_is_an_error_of_its_class_with_the_servers_words(
    status: int, kind: type[BillfoldError], code: str
) -> None:
    server = Server((status, {"error": "It is like this."}))
    with pytest.raises(kind, match="It is like this") as raised:
        server.client(max_retries=0).customers.get("pc_1")
    assert (raised.value.status, raised.value.code) == (status, code)


def test_a_list_is_walked_to_its_end_and_a_page_is_a_page() -> None:
    page = [{"id": f"pc_{number}"} for number in range(3)]
    server = Server((200, {"customers": page}), (200, {"customers": page[:1]}), (200, {"customers": page[:2]}))
    client = server.client()
    assert len(list(client.customers.list(limit=3))) == 4
    assert [dict(request.url.params) for request in server.requests] == [
        {"limit": "3", "offset": "0"},
        {"limit": "3", "offset": "3"},
    ]
    assert len(client.customers.list(limit=2).page()) == 2


def test_the_feed_is_followed_from_cursor_to_cursor() -> None:
    page = {"events": [{"id": "evt_1"}, {"id": "evt_2"}], "cursor": "c2", "hasMore": False}
    later = {"events": [{"id": "evt_3"}], "cursor": "c3", "hasMore": False}
    server = Server((200, page), (200, {"events": [], "cursor": "c2", "hasMore": False}), (200, later))
    following = server.client().events.follow(after="c0", types=["customer.created", "reward.earned"])
    seen = [next(following) for _ in range(3)]
    # Inside a page the cursor is the one before it: nothing of the page is lost by stopping there.
    assert [(event["id"], cursor) for event, cursor in seen] == [("evt_1", "c0"), ("evt_2", "c2"), ("evt_3", "c3")]
    asked = [dict(request.url.params) for request in server.requests]
    assert [each["after"] for each in asked] == ["c0", "c2", "c2"]
    assert asked[0]["types"] == "customer.created,reward.earned"


async def test_the_feed_goes_on_after_the_server_was_away_and_ends_with_a_refusal(
    no_waiting: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(number: int) -> tuple[int, Any]:
        return 200, {"events": [{"id": f"evt_{number}"}], "cursor": f"c{number}", "hasMore": False}

    def answers() -> list[Any]:
        return [page(1), (503, {}), (503, {}), httpx2.ConnectError("refused"), page(2), (401, {"error": "no"})]

    async def no_pause(seconds: float) -> None:
        no_waiting.append(seconds)

    server = Server(*answers())
    following = server.client(max_retries=0).events.follow(after="c0")
    assert [next(following)[0]["id"] for _ in range(2)] == ["evt_1", "evt_2"]
    with pytest.raises(AuthenticationError):
        next(following)
    assert [request.url.params["after"] for request in server.requests] == ["c0", *["c1"] * 4, "c2"]
    assert len(no_waiting) == 3
    with pytest.raises(ConnectionFailedError):
        next(Server(httpx2.ConnectError("refused")).client(max_retries=0).events.follow())

    monkeypatch.setattr("billfold_sdk.asynchronous.events.asyncio.sleep", no_pause)
    other = Server(*answers())
    http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(other))
    names: Any = {"team_id": "team_1", "project_id": "proj_1", "api_key": "bs_key"}
    awaiting = AsyncBillfold(base_url="https://x.example.com", max_retries=0, http_client=http_client, **names)
    reading = awaiting.events.follow(after="c0")
    told = [await anext(reading) for _ in range(2)]
    assert [(event["id"], cursor) for event, cursor in told] == [("evt_1", "c1"), ("evt_2", "c2")]
    with pytest.raises(AuthenticationError):
        await anext(reading)


def test_the_feed_is_waited_for_longer_than_the_server_waits() -> None:
    server = Server((200, {"events": [], "cursor": "c1", "hasMore": False}))
    server.client(timeout=1).events.list(wait=30)
    assert server.requests[0].extensions["timeout"]["read"] == 45


def test_the_token_of_a_link_is_sent_once_although_it_is_a_get() -> None:
    server = Server((503, {"message": "no"}))
    with pytest.raises(ServerError):
        _app(server).auth.verify_link("token")
    assert len(server.requests) == 1


def test_no_user_gets_anothers_session_not_even_by_a_cookie_or_an_empty_token() -> None:
    app = _app(Server())
    with pytest.raises(BillfoldError, match="session"):
        app.affiliates.get_dashboard()
    with pytest.raises(BillfoldError, match="session"):
        app.with_session("own").affiliates.get_dashboard(session_token="")
    answer = httpx2.Response(
        200, headers={"Set-Cookie": "session=ann"}, request=httpx2.Request("GET", "https://x.example.com")
    )
    with StackBE(app_id="proj_1", base_url="https://x.example.com") as plain:
        jar = plain._transport.client.cookies
        jar.extract_cookies(answer)
        assert len(jar) == 0


def test_threads_share_a_client_and_each_gets_its_own_answer() -> None:
    def echo(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"customerId": request.headers["authorization"].removeprefix("Bearer ")})

    http_client = httpx2.Client(transport=httpx2.MockTransport(echo))
    app = StackBE(app_id="proj_1", base_url="https://x.example.com", http_client=http_client)
    users = [f"user-{number % 8}" for number in range(80)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(app.auth.get_session, users))
    assert [answer["customerId"] for answer in answers] == users  # type: ignore[typeddict-item]  # the echo's own field


def _app(server: Server) -> StackBE:
    http_client = httpx2.Client(transport=httpx2.MockTransport(server))
    return StackBE(app_id="proj_1", api_key="bs_key", base_url="https://x.example.com", http_client=http_client)


def test_a_key_and_a_session_together_are_refused() -> None:
    with pytest.raises(ValueError, match="either"):
        Billfold(base_url="https://x.example.com", team_id="t", project_id="p", api_key="a", session="b")


def test_a_webhook_signed_by_the_published_package_is_believed() -> None:
    now = datetime.now(UTC)
    body = json.dumps({"id": "evt_1", "type": "customer.created", "data": {}})
    signature = Webhook(SECRET).sign("evt_1", now, body)
    headers = {
        "Webhook-Id": "evt_1",
        "Webhook-Timestamp": str(int(now.timestamp())),
        "Webhook-Signature": f"v1,AAAA {signature}",
    }
    assert verify_webhook(body, headers, SECRET)["id"] == "evt_1"
    for changed in (
        {**headers, "Webhook-Id": "evt_2"},
        {**headers, "Webhook-Signature": signature[:-4] + "AAA="},
        {**headers, "Webhook-Timestamp": "x"},
        {name: value for name, value in headers.items() if name != "Webhook-Id"},
    ):
        with pytest.raises(WebhookVerificationError):
            verify_webhook(body, changed, SECRET)
    with pytest.raises(WebhookVerificationError, match="old"):
        verify_webhook(body, headers, SECRET, now=now.timestamp() + 301)
    assert verify_webhook(bytearray(body.encode()), headers, f"{SECRET}\n")["id"] == "evt_1"
    for secret in ("", "whsec_", "whsec_é"):
        with pytest.raises(WebhookVerificationError, match="secret"):
            verify_webhook(body, headers, secret)
    # What a parser made of a body, and letters of no signature.
    with pytest.raises(WebhookVerificationError, match="as they came"):
        verify_webhook(json.loads(body), headers, SECRET)
    with pytest.raises(WebhookVerificationError, match="signature"):
        verify_webhook(body, {**headers, "Webhook-Signature": "v1,é v1 ,, v2,AAAA"}, SECRET)
