"""Teams and projects through the API, and what hangs on them when they are deleted (contract G38)."""

from __future__ import annotations

import pytest

from billfold.domain.tenancy.members import Role
from tests.organisation.conftest import Browser, Organisation
from tests.security.neighbours import URLS, make_key


@pytest.fixture
async def owner(organisation: Organisation) -> Browser:
    """The owner's browser."""
    return await organisation.owner()


async def subscribe(organisation: Organisation) -> str:
    """Have somebody subscribe in the project and return the subscription's id."""
    app, path = organisation.app, organisation.app.path
    customer = (await app.client.post(f"{path}/customers", json={"email": "p@example.com"})).json()["customer"]["id"]
    product = (await app.client.post(f"{path}/products", json={"name": "Pro"})).json()["product"]["id"]
    terms = {"unitAmount": 4900, "interval": "month"}
    price = (await app.client.post(f"{path}/products/{product}/prices", json=terms)).json()["price"]["id"]
    body = {"customerId": customer, "priceId": price, **URLS}
    session = (await app.client.post(f"{path}/checkout", json=body)).json()["sessionId"]
    await app.application.installation.simulator.complete_checkout(app.team.team_id, session, bank="pays")
    await app.drain()
    [subscription] = (await app.client.get(f"{path}/subscriptions")).json()["subscriptions"]
    return str(subscription["id"])


async def test_a_project_is_created_read_renamed_and_listed(organisation: Organisation, owner: Browser) -> None:
    path = f"{organisation.team_path}/projects"
    made = await owner.call("POST", path, json={"name": "  Blog ", "currency": "eur"})
    assert made.status_code == 201
    project = made.json()["project"]
    assert (project["name"], project["currency"], project["teamId"]) == ("Blog", "eur", organisation.team.team_id)
    renamed = await owner.call("PATCH", f"{path}/{project['id']}", json={"name": "Journal"})
    assert renamed.json()["project"] == {**project, "name": "Journal"}
    assert (await owner.call("GET", f"{path}/{project['id']}")).json() == renamed.json()
    listed = (await owner.call("GET", path)).json()["projects"]
    assert [each["id"] for each in listed] == [organisation.team.project_id, project["id"]]


async def test_a_new_project_is_open_to_the_teams_keys(organisation: Organisation, owner: Browser) -> None:
    made = await owner.call("POST", f"{organisation.team_path}/projects", json={"name": "Blog"})
    path = organisation.app.path.replace(organisation.team.project_id, made.json()["project"]["id"])
    assert (await organisation.app.client.get(f"{path}/customers")).json() == {"customers": []}


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "x", "currency": "xxx"}, {"name": 1}, [], {"name": "x" * 201}]
)
async def test_a_project_that_cannot_be_is_refused(organisation: Organisation, owner: Browser, body: object) -> None:
    answer = await owner.call("POST", f"{organisation.team_path}/projects", json=body)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


async def test_a_project_with_live_subscriptions_stays_g38(organisation: Organisation, owner: Browser) -> None:
    subscription = await subscribe(organisation)
    path = f"{organisation.team_path}/projects/{organisation.team.project_id}"
    for address in (path, organisation.team_path):
        answer = await owner.call("DELETE", address)
        assert (answer.status_code, list(answer.json())) == (409, ["error"])
    assert (await organisation.app.client.get(f"{organisation.app.path}/customers")).status_code == 200
    await organisation.app.client.delete(f"{organisation.app.path}/subscriptions/{subscription}")
    assert (await owner.call("DELETE", path)).status_code == 200


async def test_a_deleted_project_is_gone_with_its_keys(organisation: Organisation, owner: Browser) -> None:
    app = organisation.app
    limited = await make_key(app, organisation.team.team_id, project_id=organisation.team.project_id)
    customer = (await app.client.post(f"{app.path}/customers", json={"email": "p@example.com"})).json()["customer"][
        "id"
    ]
    opened = await app.client.post(f"{app.path}/portal", json={"customerId": customer})
    assert opened.status_code == 201
    portal = f"/portal/{opened.json()['token']}"
    assert (await app.anonymous.get(portal)).status_code == 200
    assert (await app.anonymous.get(f"{app.path}/customers", headers={"Authorization": f"Bearer {limited}"})).is_success
    path = f"{organisation.team_path}/projects/{organisation.team.project_id}"
    assert (await owner.call("DELETE", path)).json() == {"success": True}
    answer = await app.anonymous.get(f"{app.path}/customers", headers={"Authorization": f"Bearer {limited}"})
    assert answer.status_code == 401
    assert (await app.client.get(f"{app.path}/customers")).status_code == 404
    assert (await app.anonymous.get(portal)).status_code in {404, 410}
    assert (await owner.call("GET", f"{path}/customers")).status_code == 404
    for method in ("GET", "PATCH", "DELETE"):
        answer = await owner.call(method, path, json={"name": "x"})
        assert (answer.status_code, list(answer.json())) == (404, ["error"])
    assert (await owner.call("GET", f"{organisation.team_path}/projects")).json() == {"projects": []}
    refused = await owner.call(
        "POST", f"{organisation.team_path}/api-keys", json={"name": "x", "projectId": organisation.team.project_id}
    )
    assert refused.status_code == 404


async def test_teams_are_made_listed_renamed_and_deleted_by_their_owner(organisation: Organisation) -> None:
    stranger = await organisation.sign_in("stranger@example.com", None)
    assert (await stranger.call("GET", "/teams")).json() == {"teams": []}
    refused = await stranger.call("POST", "/teams", json={"name": "Heron"})
    assert refused.status_code == 403
    assert "invit" in refused.json()["error"]
    jane = await organisation.sign_in("jane@example.com", Role.VIEWER)
    made = await jane.call("POST", "/teams", json={"name": "Heron"})
    assert made.status_code == 201
    team = made.json()["team"]
    assert (team["name"], team["role"]) == ("Heron", "owner")
    path = f"/teams/{team['id']}"
    assert (await jane.call("PATCH", path, json={"name": "Otter"})).json()["team"]["name"] == "Otter"
    viewer = await organisation.sign_in("viewer@example.com", Role.VIEWER, team_id=team["id"])
    assert (await viewer.call("GET", path)).json()["team"]["role"] == "viewer"
    assert (await viewer.call("GET", "/teams")).json()["teams"][0]["id"] == team["id"]
    assert (await viewer.call("DELETE", path)).status_code == 403
    assert (await jane.call("DELETE", path)).json() == {"success": True}
    for who, left in ((jane, [organisation.team.team_id]), (viewer, [])):
        assert (await who.call("GET", path)).status_code == 403
        assert [each["id"] for each in (await who.call("GET", "/teams")).json()["teams"]] == left


async def test_a_deleted_teams_keys_and_webhooks_are_worth_nothing(organisation: Organisation, owner: Browser) -> None:
    app = organisation.app
    assert (await app.client.get(f"{app.path}/customers")).status_code == 200
    assert (await owner.call("DELETE", organisation.team_path)).status_code == 200
    assert (await app.client.get(f"{app.path}/customers")).status_code == 401
    door = await app.anonymous.post(f"/api/webhooks/stripe/{organisation.team.team_id}", content=b"{}")
    assert door.status_code == 404
    connection = await owner.call("GET", f"{organisation.team_path}/stripe/status")
    assert connection.status_code == 403
