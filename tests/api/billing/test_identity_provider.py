from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.billing.conftest import Api
from tests.logins import ISSUER, ec_key, ed_key, published, rsa_key

SECRET = "a shared secret of at least 32 bytes"


def _wanted(**changes: Any) -> dict[str, Any]:
    body = {"issuer": ISSUER, "audiences": ["app"], "kind": "secret", "secret": SECRET, **changes}
    return {name: value for name, value in body.items() if value is not None}


async def _put(api: Api, **changes: Any) -> Any:
    return await api.call("PUT", "/identity-provider", json=_wanted(**changes))


async def test_a_login_is_set_listed_changed_and_removed(api: Api) -> None:
    made = (await _put(api)).json()["identityProvider"]
    assert (made["issuer"], made["audiences"], made["algorithms"]) == (ISSUER, ["app"], ["HS256"])
    changed = (await _put(api, leewaySeconds=30, secret=None)).json()["identityProvider"]
    assert (changed["id"], changed["leewaySeconds"], changed["hasSecret"]) == (made["id"], 30, True)
    assert (await api.get("/identity-provider")).json() == {"identityProviders": [changed]}
    assert (await api.delete("/identity-provider")).json() == {"success": True}
    assert (await api.get("/identity-provider")).json() == {"identityProviders": []}
    assert (await api.delete("/identity-provider")).status_code == 404


async def test_a_secret_is_never_shown_again_and_stored_sealed(api: Api) -> None:
    answers = [await _put(api), await api.get("/identity-provider")]
    assert not any(SECRET in answer.text for answer in answers)


async def test_a_set_of_keys_is_kept_as_it_was_given(api: Api) -> None:
    keys = published(rsa=rsa_key(), ec=ec_key(), ed=ed_key())
    made = (await _put(api, kind="jwks", secret=None, jwks=keys)).json()["identityProvider"]
    assert made["jwks"] == keys
    assert made["algorithms"] == ["RS256", "ES256", "EdDSA"]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"secret": "too short"}, "32 bytes"),
        ({"secret": None}, "secret is required"),
        ({"secret": "-----BEGIN PUBLIC KEY-----" + "x" * 40}, "published key"),
        ({"kind": "jwks"}, "its own keys"),
        ({"kind": "jwks", "secret": None}, "jwks is required"),
        ({"kind": "jwks", "secret": None, "jwks": {"keys": []}}, "no usable key"),
        ({"kind": "jwks", "secret": None, "jwks": {"keys": "x"}}, "jwks is not usable"),
        ({"kind": "jwks_url", "secret": None}, "jwksUrl is required"),
        ({"kind": "jwks_url", "secret": None, "jwksUrl": "http://login.example.com/keys"}, "https"),
        ({"kind": "jwks_url", "secret": None, "jwksUrl": "https://a:b@login.example.com/keys"}, "user name"),
        ({"kind": "other"}, "kind"),
        ({"algorithms": ["RS256"]}, "HS256"),
        ({"algorithms": ["none"]}, "algorithms"),
        ({"kind": "jwks", "secret": None, "jwks": {"keys": []}, "algorithms": ["HS256"]}, "algorithms"),
        ({"audiences": []}, "audiences"),
        ({"audiences": ["app", "app"]}, "twice"),
        ({"issuer": ""}, "issuer"),
        ({"leewaySeconds": 301}, "leewaySeconds"),
        ({"leewaySeconds": -1}, "leewaySeconds"),
    ],
)
async def test_what_could_never_verify_a_token_is_refused_with_a_sentence(
    api: Api, changes: dict[str, Any], word: str
) -> None:
    answer = await _put(api, **changes)
    assert answer.status_code == 400, answer.text
    assert word in answer.json()["error"]


async def test_a_private_key_among_the_published_is_refused(api: Api) -> None:
    private = {"keys": [{**rsa_key().as_dict(private=True), "kid": "rsa"}]}
    answer = await _put(api, kind="jwks", secret=None, jwks=private)
    assert answer.status_code == 400
    assert "private" in answer.json()["error"]
    assert private["keys"][0]["d"] not in answer.text


async def test_small_rsa_keys_encryption_keys_and_foreign_curves_are_not_usable(api: Api) -> None:
    with pytest.warns(match="2048"):
        small = rsa_key(1024)
    key = rsa_key().as_dict(private=False)
    for unusable in (
        small.as_dict(private=False),
        {**key, "use": "enc"},
        {**key, "alg": "RS512"},
        {**key, "key_ops": ["encrypt"]},
        ec_key("P-384").as_dict(private=False),
        {"kty": "oct"},
        {"kty": "RSA", "n": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
    ):
        answer = await _put(api, kind="jwks", secret=None, jwks={"keys": [unusable]})
        assert answer.status_code == 400, unusable
        assert "no usable key" in answer.json()["error"]


async def test_two_projects_cannot_have_the_same_issuer_and_audience(api: Api) -> None:
    assert (await _put(api, audiences=["app", "shared"])).status_code == 200
    api.key = await api.make_key(api.foreign)
    path = api.path("/identity-provider", api.foreign)
    headers = {"Authorization": f"Bearer {api.key}"}
    answer = await api.client.put(path, json=_wanted(audiences=["shared"]), headers=headers)
    assert answer.status_code == 409
    assert api.house.project_id not in answer.text
    assert (await api.client.put(path, json=_wanted(audiences=["other"]), headers=headers)).status_code == 200
    assert (await api.client.delete(path, headers=headers)).status_code == 200


async def test_an_audience_that_is_given_up_may_be_taken_by_another_project(api: Api) -> None:
    await _put(api, audiences=["app", "shared"])
    await _put(api, audiences=["app"])
    headers = {"Authorization": f"Bearer {await api.make_key(api.foreign)}"}
    path = api.path("/identity-provider", api.foreign)
    assert (await api.client.put(path, json=_wanted(audiences=["shared"]), headers=headers)).status_code == 200


async def test_several_logins_are_told_apart_by_their_issuer(api: Api) -> None:
    other = "https://other.example.com"
    await _put(api)
    await _put(api, issuer=other)
    answer = await api.delete("/identity-provider")
    assert answer.status_code == 400
    assert "issuer" in answer.json()["error"]
    assert (await api.delete(f"/identity-provider?issuer={other}")).status_code == 200
    assert [each["issuer"] for each in (await api.get("/identity-provider")).json()["identityProviders"]] == [ISSUER]


async def test_a_key_with_a_list_of_scopes_has_no_access(api: Api) -> None:
    api.key = await api.make_key(scopes=["customers:read", "referrals:write"])
    for method in ("GET", "PUT", "DELETE"):
        answer = await api.call(method, "/identity-provider", content=json.dumps(_wanted()))
        assert answer.status_code == 403
