from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from billfold.base.errors import Unavailable
from billfold.infrastructure.key_sets import AGAIN_SECONDS, FRESH_SECONDS, STALE_SECONDS, KeySets
from billfold.infrastructure.outbound import Limits, Outbound, Response, Unreachable
from tests.logins import ec_key, ed_key, published, rsa_key

URL = "https://login.example.com/keys"


class Login(Outbound):
    """A login at the port: what it publishes now, whether it answers, and how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.document: Any = published(rsa=rsa_key())
        self.status = 200
        self.is_down = False
        self.asked = 0
        self.answers = asyncio.Event()
        self.answers.set()

    async def fetch(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limits: Limits = Limits(),  # noqa: B008 - the port's own signature
    ) -> Response:
        assert (method, url, body) == ("GET", URL, None)
        assert headers is not None
        assert limits.largest_answer < 1024 * 1024
        self.asked += 1
        await self.answers.wait()
        if self.is_down:
            raise Unreachable("The host did not answer.")
        return Response(self.status, {}, json.dumps(self.document).encode())


class Watch:
    """Monotonic seconds that a test moves."""

    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def login() -> Login:
    return Login()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def sets(login: Login, watch: Watch) -> AsyncIterator[KeySets]:
    made = KeySets(login, monotonic=watch)
    yield made
    await made.close()


async def _names(sets: KeySets) -> list[str | None]:
    return [key.key_id for key in await sets.keys("idp_1", URL)]


async def test_keys_are_fetched_once_and_remembered(sets: KeySets, login: Login) -> None:
    assert [await _names(sets) for _ in range(5)] == [["rsa"]] * 5
    assert login.asked == 1


async def test_many_callers_at_once_share_one_fetch(sets: KeySets, login: Login) -> None:
    login.answers.clear()
    callers = [asyncio.create_task(_names(sets)) for _ in range(20)]
    await asyncio.sleep(0)
    callers[0].cancel()
    await asyncio.sleep(0)
    login.answers.set()
    assert await asyncio.gather(*callers[1:]) == [["rsa"]] * 19
    assert login.asked == 1


async def test_a_rotated_key_is_found_by_looking_again(sets: KeySets, login: Login, watch: Watch) -> None:
    await _names(sets)
    login.document = published(rsa=rsa_key(), next=ec_key())
    watch.seconds += AGAIN_SECONDS
    assert [key.key_id for key in await sets.newer_keys("idp_1", URL)] == ["rsa", "next"]
    assert login.asked == 2


async def test_unknown_keys_make_us_ask_at_most_once_a_minute(sets: KeySets, login: Login, watch: Watch) -> None:
    await _names(sets)
    for _ in range(50):
        await sets.newer_keys("idp_1", URL)
    assert login.asked == 1
    watch.seconds += AGAIN_SECONDS
    for _ in range(50):
        await sets.newer_keys("idp_1", URL)
    assert login.asked == 2


async def test_another_owner_of_the_same_address_has_patience_of_its_own(sets: KeySets, login: Login) -> None:
    await sets.keys("idp_1", URL)
    await sets.keys("idp_2", URL)
    assert login.asked == 2


async def test_old_keys_are_renewed_beside_the_requests(sets: KeySets, login: Login, watch: Watch) -> None:
    await _names(sets)
    login.document = published(ed=ed_key())
    watch.seconds += FRESH_SECONDS
    assert await _names(sets) == ["rsa"]
    await sets.newer_keys("idp_1", URL)
    assert await _names(sets) == ["ed"]
    assert login.asked == 2


async def test_a_login_that_is_down_is_believed_for_a_day_and_no_longer(
    sets: KeySets, login: Login, watch: Watch
) -> None:
    await _names(sets)
    login.is_down = True
    watch.seconds += STALE_SECONDS - 1
    assert await _names(sets) == ["rsa"]
    await sets.newer_keys("idp_1", URL)
    watch.seconds += AGAIN_SECONDS
    with pytest.raises(Unavailable):
        await _names(sets)
    login.is_down = False
    watch.seconds += AGAIN_SECONDS
    assert await _names(sets) == ["rsa"]


@pytest.mark.parametrize("bad", [{"keys": "x"}, [], {"keys": [1]}, "text", {"keys": [{}] * 101}])
async def test_what_is_no_key_set_is_no_answer(sets: KeySets, login: Login, bad: Any) -> None:
    login.document = bad
    with pytest.raises(Unavailable):
        await _names(sets)


@pytest.mark.parametrize("status", [204, 301, 404, 500])
async def test_another_status_than_200_is_no_answer(sets: KeySets, login: Login, status: int) -> None:
    login.status = status
    with pytest.raises(Unavailable):
        await _names(sets)


async def test_a_login_that_never_answered_is_asked_once_a_minute(sets: KeySets, login: Login, watch: Watch) -> None:
    login.is_down = True
    for _ in range(10):
        with pytest.raises(Unavailable):
            await _names(sets)
    assert login.asked == 1
    watch.seconds += AGAIN_SECONDS
    with pytest.raises(Unavailable):
        await _names(sets)
    assert login.asked == 2


async def test_keys_that_may_not_sign_are_left_out(sets: KeySets, login: Login) -> None:
    login.document = {
        "keys": [
            *published(rsa=rsa_key())["keys"],
            {**ec_key().as_dict(private=False), "kid": "enc", "use": "enc"},
            {"kty": "AKP", "kid": "of tomorrow"},
        ]
    }
    assert await _names(sets) == ["rsa"]
