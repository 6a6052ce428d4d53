"""The code of the guide to sign-up bonuses runs as it stands there."""

from __future__ import annotations

from tests.app_fixtures import RunningBillfold
from tests.house.test_documents_guide import code_of
from tests.logins import published, rsa_key, token


async def test_the_code_of_the_sign_up_guide_brings_a_friend(billfold_app: RunningBillfold) -> None:
    guide = code_of("sign-up-bonus.md")
    app, call = billfold_app.anonymous, (billfold_app.client, billfold_app.path)
    await guide["set_up"](*call, published(rsa=rsa_key()))
    link = await guide["link_of"](app, token())
    address, _, code = link.partition("?ref=")
    assert address == "https://app.example.com/register"

    assert await guide["register"](app, "robin@example.com", code) is True
    assert await guide["register"](app, "robin@example.com", code) is False
    assert await guide["register"](app, "finch@example.com", None) is False
    assert await guide["register"](app, "finch@example.com", "NOSUCH22") is False
    await billfold_app.drain()
    friends = await guide["friends_of"](app, token())
    assert (friends["convertedReferrals"], friends["totalRewards"]) == (1, 5)

    (customer,) = (await call[0].get(f"{call[1]}/customers")).json()["customers"]
    spent = [await guide["spend"](*call, customer["id"], f"picture-{number}") for number in range(6)]
    assert spent == [True] * 5 + [False]
    assert await guide["spend"](*call, customer["id"], "picture-0") is True
