"""The Python SDK's own part: what it sends, when it sends again, and what it raises."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from standardwebhooks import Webhook

from billfold_sdk import (
    AuthenticationError,
    Billfold,
    BillfoldError,
    ConflictError,
    ConnectionFailedError,
    InsufficientCreditsError,
    NotFoundError,
    RateLimitError,
    ServerError,
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

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        headers = {"Retry-After": "3"} if status == 429 else {}
        return httpx2.Response(status, json=body, headers=headers)

    def client(self, **options: Any) -> Billfold:
        return Billfold(
            base_url="https://billing.example.com/",
            team_id="team_1",
            project_id="proj_1",
            api_key="bs_key",
            http_client=httpx2.Client(transport=httpx2.MockTransport(self)),
            **options,
        )


def test_a_request_carries_the_key_and_the_body() -> None:
    server = Server((201, {"customer": CUSTOMER}))
    made = server.client().customers.create({"email": "ann@example.com"})
    (request,) = server.requests
    assert made["id"] == "pc_1"
    assert str(request.url) == "https://billing.example.com/api/billstack/teams/team_1/projects/proj_1/customers"
    assert request.headers["authorization"] == "Bearer bs_key"
    assert json.loads(request.content) == {"email": "ann@example.com"}


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
    assert no_waiting[0] <= 3


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
    with pytest.raises(WebhookVerificationError, match="secret"):
        verify_webhook(body, headers, "whsec_")
