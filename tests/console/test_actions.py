"""What can be done in the console, each with its notice, its row in the audit log, and its refusals."""

from __future__ import annotations

import re
from typing import Any

import pytest

from billfold.domain.billing.raw_objects import KINDS
from billfold.domain.tenancy.audit_log import SYSTEM, audit_rows
from billfold.domain.tenancy.members import MOST_TEAMS, Role
from billfold.domain.tenancy.registration import found_team
from billfold.domain.tenancy.users import find_user
from billfold.infrastructure.db.database import Reading, Writing
from tests.console.conftest import OWNER, Console, texts


async def actions(console: Console) -> list[str]:
    async def look(tx: Reading) -> Any:
        return await audit_rows(tx, console.app.team.team_id, limit=50)

    return [each.action for each in await console.app.services.db.read(look)]


async def test_a_customer_is_added_changed_and_deleted(console: Console) -> None:
    owner = await console.sign_in()
    form = await owner.get(f"{console.home}/customers/new")
    key = re.findall(r'name="key" value="(\w+)"', form.text)[0]
    made = await owner.post(f"{console.home}/customers", {"key": key, "email": "jane@example.com", "name": "Jane"})
    assert "Jane is a customer now." in texts(made)
    here = made.url.path
    changed = await owner.post(f"{here}/edit", {"email": "jane2@example.com", "name": "Jane Doe"})
    assert "The details are changed" in texts(changed)
    assert "jane2@example.com" in changed.text
    given = await owner.post(f"{here}/codes")
    assert "The code is" in texts(given)
    assert "Delete Jane Doe?" in texts(await owner.get(f"{here}/deletion"))
    gone = await owner.post(f"{here}/deletion")
    assert "The customer is deleted here" in texts(gone)
    assert (await owner.get(here)).status_code == 404
    done = ["customer.deleted", "referral_code.created", "customer.updated", "customer.created"]
    assert (await actions(console))[:4] == done


async def test_errors_of_a_form_keep_what_was_typed(filled: Console) -> None:
    owner = await filled.sign_in()
    wrong = await owner.post(
        f"{filled.home}/customers", {"key": "k", "email": "jane at example", "name": "Kept & safe"}
    )
    assert wrong.status_code == 400
    assert "It should look like jane@example.com." in texts(wrong)
    assert 'value="jane at example"' in wrong.text
    assert 'value="Kept &amp; safe"' in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    taken = await owner.post(f"{filled.home}/customers", {"key": "k", "email": "JANE@example.com", "name": ""})
    assert taken.status_code == 409
    assert "already exists" in texts(taken)


async def test_a_notice_is_shown_once(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.home}/wallets")
    first = await owner.post(f"{console.home}/wallets", {"unit": "ai_credits", "amount": "1,000"})
    assert "The allowance counts from this month on." in texts(first)
    assert "1,000" in texts(first)
    assert "The allowance counts" not in texts(await owner.get(f"{console.home}/wallets"))


async def test_a_product_and_its_price_are_sold_and_put_away(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.home}/catalog/new")
    made = await owner.post(f"{console.home}/catalog", {"key": "a", "name": "Solo", "description": ""})
    here = made.url.path
    assert "Give it a price next" in texts(made)
    bad = await owner.post(f"{here}/prices", {"key": "b", "amount": "12,50", "currency": "usd", "interval": "month"})
    assert "It should look like 19.00" in texts(bad)
    assert 'value="12,50"' in bad.text
    priced = await owner.post(
        f"{here}/prices", {"key": "c", "amount": "1,234.5", "currency": "USD", "interval": "year", "every": "1"}
    )
    assert "$1,234.50 a year" in " ".join(texts(priced).split())
    price = re.findall(r"/prices/(pri_\w+)/state", priced.text)[0]
    archived = await owner.post(f"{here}/prices/{price}/state", {"active": "no"})
    assert "Archived" in texts(archived)
    put_away = await owner.post(f"{here}/state", {"active": "no"})
    assert "nobody can buy it anew" in texts(put_away)
    assert "Solo" not in texts(await owner.get(f"{console.home}/catalog")).replace("Nothing for sale", "")
    assert "Solo" in texts(await owner.get(f"{console.home}/catalog?show=all"))
    done = ["product.archived", "price.archived", "price.created", "product.created"]
    assert (await actions(console))[:4] == done


async def test_a_change_of_the_program_shows_first_what_it_would_touch(console: Console) -> None:
    await console.fill()
    # One more referral that stays pending.
    ada = (await console.call("POST", "/customers", {"email": "ada@example.com"}))["customer"]
    await console.call("POST", "/referrals/apply", {"code": console.ids["code"], "refereeCustomerId": ada["id"]})
    owner = await console.sign_in()
    await owner.get(f"{console.home}/program")
    wanted = {"enabled": "yes", "referrer": "20.00", "referee": "0", "currency": "usd"}
    preview = texts(await owner.post(f"{console.home}/program", wanted))
    assert "a new referral gives $20.00 to the customer and $0.00 to the friend" in preview
    assert re.search(r"1\s+keeps its\s+old terms and converts by them:\s+1 by version 1", preview)
    before = await console.call("GET", "/referrals/config")
    assert before["config"]["referrerCreditAmount"] == 1000
    done = await owner.post(f"{console.home}/program", {**wanted, "confirmed": "yes"})
    assert "In force" in texts(done)
    assert (await console.call("GET", "/referrals/config"))["config"]["referrerCreditAmount"] == 2000
    assert (await actions(console))[0] == "referral_program.changed"


async def test_a_key_is_shown_once_and_revoked_for_good(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.team_home}/api-keys/new")
    refused = await owner.post(f"{console.team_home}/api-keys", {"name": "Web", "power": "some", "project": ""})
    assert "Choose what the key may do" in texts(refused)
    made = await owner.post(
        f"{console.team_home}/api-keys", {"name": "Web", "power": "some", "scope": "customers:read", "project": ""}
    )
    raw_key = re.findall(r"bs_[0-9a-f]{20,}", made.text)[0]
    assert made.headers["cache-control"] == "no-store"
    headers = {"Authorization": f"Bearer {raw_key}"}
    path = f"{console.app.path}/customers"
    assert (await console.app.anonymous.get(path, headers=headers)).status_code == 200
    listed = await owner.get(f"{console.team_home}/api-keys")
    assert raw_key not in listed.text
    key_id = re.findall(r"/api-keys/(key_\w+)/revocation", listed.text)[0]
    await owner.post(f"{console.team_home}/api-keys/{key_id}/revocation")
    assert (await console.app.anonymous.get(path, headers=headers)).status_code == 401
    assert (await actions(console))[:2] == ["api_key.revoked", "api_key.created"]


async def test_a_subscription_ends_with_its_period_goes_on_and_ends_now(filled: Console) -> None:
    owner = await filled.sign_in()
    here = f"{filled.home}/subscriptions/{filled.ids['subscription_id']}"
    await owner.get(f"{here}/end")
    assert "ends with its period" in texts(await owner.post(f"{here}/end", {"when": "period"}))
    assert "The subscription goes on." in texts(await owner.post(f"{here}/resumption"))
    assert "The subscription has ended." in texts(await owner.post(f"{here}/end", {"when": "now"}))
    assert "Canceled" in texts(await owner.get(here))
    done = ["subscription.canceled", "subscription.resumed", "subscription.cancel_scheduled"]
    assert (await actions(filled))[:3] == done


async def test_members_are_invited_changed_and_taken_out(console: Console) -> None:
    owner = await console.sign_in()
    helper = await console.sign_in("helper@example.com", Role.MEMBER)
    page = await owner.get(f"{console.team_home}/members")
    user_id = re.findall(r"/members/(user_\w+)", page.text)[1]
    invited = await owner.post(f"{console.team_home}/members", {"email": "new@example.com", "role": "admin"})
    assert "lies in the mail drawer" in texts(invited)
    assert "You are invited to a team" in texts(await owner.get(f"{console.team_home}/mail"))
    raised = await owner.post(f"{console.team_home}/members/{user_id}/role", {"role": "admin"})
    assert "helper@example.com is admin now." in texts(raised)
    # His session ended with his old role.
    assert (await helper.get(console.home)).status_code == 303
    gone = await owner.post(f"{console.team_home}/members/{user_id}/removal")
    assert "no longer in the team" in texts(gone)
    done = ["member.removed", "member.role_changed", "invitation.created"]
    assert (await actions(console))[:3] == done


async def test_the_last_owner_cannot_leave(console: Console) -> None:
    owner = await console.sign_in()
    page = await owner.get(f"{console.team_home}/members")
    user_id = re.findall(r"/members/(user_\w+)", page.text)[0]
    answer = await owner.post(f"{console.team_home}/members/{user_id}/removal")
    assert answer.status_code == 409


async def test_a_project_is_made_renamed_branded_and_deleted(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.team_home}/projects/new")
    made = await owner.post(f"{console.team_home}/projects", {"name": "Second", "currency": "eur"})
    assert "Second is ready." in texts(made)
    here = made.url.path
    assert "is called Third now" in texts(await owner.post(f"{here}/settings/name", {"name": "Third"}))
    bad = await owner.post(f"{here}/settings/look", {"accent": "red", "return_url": "javascript:alert(1)"})
    assert "It should look like #a3441c" in texts(bad)
    assert "It should look like https://app.example.com/" in texts(bad)
    good = await owner.post(f"{here}/settings/look", {"accent": "#A3441C", "return_url": "https://app.example.com/"})
    assert 'value="#a3441c"' in good.text
    assert "Third is deleted." in texts(await owner.post(f"{here}/settings/deletion"))
    assert (await owner.get(here)).status_code == 404


async def test_a_project_with_a_running_subscription_is_not_deleted(filled: Console) -> None:
    owner = await filled.sign_in()
    await owner.get(f"{filled.home}/settings/deletion")
    answer = await owner.post(f"{filled.home}/settings/deletion")
    assert 'class="notice bad"' in answer.text
    assert (await owner.get(filled.home)).status_code == 200


async def test_what_is_imported_from_stripe_is_counted(filled: Console) -> None:
    owner = await filled.sign_in()
    await owner.get(f"{filled.team_home}/stripe")
    page = texts(await owner.post(f"{filled.team_home}/stripe/imports"))
    assert "The import is done." in page
    assert re.search(r"Customers\s+Ready", page)


async def test_a_customer_of_no_project_is_put_where_he_belongs(filled: Console) -> None:
    team = filled.app.team
    key = {"Authorization": f"Bearer {team.simulator_secret_key}"}
    made = await filled.app.anonymous.post(
        "/simulator/stripe/v1/customers", data={"email": "lost@example.com", "name": "Lost & found"}, headers=key
    )
    stripe_id = made.json()["id"]
    owner = await filled.sign_in()
    await owner.get(f"{filled.team_home}/stripe")
    assert "1 customer" in texts(await owner.post(f"{filled.team_home}/stripe/imports"))
    page = await owner.get(f"{filled.team_home}/stripe/unassigned")
    assert "Lost & found" in texts(page)
    wrong = await owner.post(f"{filled.team_home}/stripe/unassigned", {"id": stripe_id, "project": "proj_of_others"})
    assert wrong.status_code == 404
    put = await owner.post(f"{filled.team_home}/stripe/unassigned", {"id": stripe_id, "project": team.project_id})
    assert "Lost & found is in the project" in texts(put)
    assert "lost@example.com" in texts(await owner.get(f"{filled.home}/customers?q=lost"))
    assert (await actions(filled))[0] == "stripe.assigned"


async def test_wrong_keys_of_stripe_are_refused_and_never_shown_again(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.team_home}/stripe")
    keys = {"secret_key": "sk_nonsense_1", "webhook_secret": "whsec_x"}
    answer = await owner.post(f"{console.team_home}/stripe/connection", keys)
    assert answer.status_code == 400
    assert "Secret key must be" in texts(answer)
    assert "sk_nonsense_1" not in answer.text


async def test_a_team_without_stripe_is_led_to_it_and_connects_the_simulator(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.team_home}/stripe")
    await owner.post(f"{console.team_home}/stripe/disconnection")
    assert f'href="{console.team_home}/stripe">Connect Stripe' in (await owner.get(console.home)).text
    assert "nothing can be sold" in texts(await owner.get(f"{console.team_home}/stripe"))
    done = await owner.post(f"{console.team_home}/stripe/simulator")
    assert "The simulator is connected" in texts(done)
    assert "Customers pay into it, and no money moves." in texts(done)
    assert (await actions(console))[:2] == ["stripe.connected", "stripe.disconnected"]
    again = await owner.post(f"{console.team_home}/stripe/simulator")
    assert again.status_code == 400
    assert "connected already" in texts(again)
    await console.call("POST", "/customers", {"email": "first@example.com"})


async def test_a_code_is_switched_off_after_asking(filled: Console) -> None:
    owner = await filled.sign_in()
    here = f"{filled.home}/codes/{filled.ids['code']}/deactivation"
    assert "Jane Roe" in texts(await owner.get(f"{filled.home}/codes"))
    assert "Switch the code" in texts(await owner.get(here))
    assert "brings nobody any more" in texts(await owner.post(here))
    assert "Jane Roe" not in texts(await owner.get(f"{filled.home}/codes"))


async def test_a_code_gets_a_limit(filled: Console) -> None:
    owner = await filled.sign_in()
    code = filled.ids["code"]
    here = f"{filled.home}/codes/{code}/limit"
    assert "It has made" in texts(await owner.get(here))
    wrong = await owner.post(here, {"max_uses": "many"})
    assert (wrong.status_code, 'value="many"' in wrong.text) == (400, True)
    assert "a whole number from 1 to 100,000" in texts(wrong)
    assert f"The code {code} may make 250 in all." in texts(await owner.post(here, {"max_uses": "250"}))
    assert 'value="250"' in (await owner.get(here)).text
    assert "any number of referrals" in texts(await owner.post(here, {"max_uses": ""}))
    assert (await actions(filled))[:2] == ["referral_code.limited", "referral_code.limited"]


async def test_the_sign_up_bonus_is_set(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.home}/sign-up-bonus")
    wrong = await owner.post(f"{console.home}/sign-up-bonus", {"value": "-3", "unit": "ai_credits", "mode": "signup"})
    assert "give a whole number" in texts(wrong)
    good = {"enabled": "yes", "value": "7", "unit": "ai_credits", "mode": "verified_signup", "cap": "50"}
    done = await owner.post(f"{console.home}/sign-up-bonus", good)
    assert "In force" in texts(done)
    program = (await console.call("GET", "/programs/sign_up_bonus"))["program"]
    assert (program["enabled"], program["convertsOn"], program["monthlyCap"]) == (True, "verified_signup", 50)


async def test_the_books_are_checked_on_request(filled: Console) -> None:
    owner = await filled.sign_in()
    assert "The books add up" in texts(await owner.get(f"{filled.home}/ledger?check=now"))


async def test_a_converted_and_a_pending_referral_say_why(filled: Console) -> None:
    owner = await filled.sign_in()
    converted = texts(await owner.get(f"{filled.home}/referrals/{filled.ids['referral_id']}"))
    assert "It converted: Finn Oak did what the terms ask for" in converted
    assert "$10.00" in converted
    assert "$5.00" in converted
    ada = (await filled.call("POST", "/customers", {"email": "ada@example.com"}))["customer"]
    claim = {"code": filled.ids["code"], "refereeCustomerId": ada["id"]}
    pending = (await filled.call("POST", "/referrals/apply", claim))["referral"]
    page = texts(await owner.get(f"{filled.home}/referrals/{pending['id']}"))
    assert "Not converted yet: ada@example.com has no subscription" in page


@pytest.mark.parametrize(
    ("amount", "currency", "example"),
    [("5.50", "jpy", "1900"), ("2.2222", "kwd", "1.900"), ("9999999.99", "usd", "19.00")],
)
async def test_an_amount_is_asked_for_as_its_currency_is_written(
    console: Console, amount: str, currency: str, example: str
) -> None:
    owner = await console.sign_in()
    product = (await console.call("POST", "/products", {"name": "Solo"}))["product"]["id"]
    here = f"{console.home}/catalog/{product}/prices"
    await owner.get(f"{here}/new")
    form = {"key": "a", "amount": amount, "currency": currency, "interval": "month"}
    refused = texts(await owner.post(here, form))
    assert f"It should look like {example} " in refused


async def test_a_new_team_begins_with_its_first_project(console: Console) -> None:
    viewer = await console.sign_in("vera@example.com", Role.VIEWER)
    assert 'href="' + f"{console.team_home}/teams/new" in (await viewer.get(console.home)).text
    await viewer.get(f"{console.team_home}/teams/new")
    wrong = await viewer.post(f"{console.team_home}/teams", {"name": "two\nlines"})
    assert wrong.status_code == 400
    assert "Name: one line" in texts(wrong)
    made = await viewer.post(f"{console.team_home}/teams", {"name": "Fieldnote Live"})
    assert "The team Fieldnote Live is ready. Give it a project." in texts(made)
    assert made.url.path.endswith("/projects/new")
    project = await viewer.post(made.url.path.removesuffix("/new"), {"name": "Shop", "currency": "eur"})
    assert "Shop is ready." in texts(project)
    team_id = made.url.path.split("/")[2]
    rows = await console.app.services.db.read(audit_rows, team_id)
    assert [each.action for each in rows] == ["project.created", "team.created"]
    assert rows[1].actor_name == "vera@example.com"


async def test_a_person_is_in_a_hundred_teams_at_most(console: Console) -> None:
    owner = await console.sign_in()
    await owner.get(f"{console.team_home}/teams/new")
    me = await console.app.services.db.read(find_user, OWNER)
    assert me is not None

    async def many(tx: Writing) -> None:
        for number in range(MOST_TEAMS - 1):
            await found_team(tx, SYSTEM, user_id=me.id, name=f"Team {number}", now=console.app.clock.now())

    await console.app.services.db.write(many)
    refused = await owner.post(f"{console.team_home}/teams", {"name": "One too many"})
    assert refused.status_code == 409
    assert "100 teams at most" in texts(refused)


async def test_an_import_under_way_shows_how_far_it_is(filled: Console) -> None:
    owner = await filled.sign_in()
    backfill, team_id = filled.app.services.backfill, filled.app.team.team_id
    holder = await backfill.start(team_id, kinds=KINDS, created_since=None)
    page = await owner.get(f"{filled.team_home}/stripe")
    assert "0 of 6 kinds done, now products; 0 objects read" in texts(page)
    assert "Stripe does not say how much there is" in texts(page)
    assert "Import again" not in texts(page)
    await backfill.go_on(team_id, holder, pages=3)
    page = await owner.get(f"{filled.team_home}/stripe")
    assert "3 of 6 kinds done, now subscriptions" in texts(page)
    assert '<progress id="far" max="100" value="50" data-live>' in page.text
    await backfill.go_on(team_id, holder)
    assert "<progress" not in (await owner.get(f"{filled.team_home}/stripe")).text
    await backfill.start(team_id, kinds=KINDS, created_since=None)
    assert "reckoned by what the import before found" in texts(await owner.get(f"{filled.team_home}/stripe"))


async def test_a_referral_is_voided_with_a_reason_and_restored(filled: Console) -> None:
    owner = await filled.sign_in()
    here = f"{filled.home}/referrals/{filled.ids['referral_id']}"
    assert "Void this referral" in texts(await owner.get(here))
    assert "Leave it as it is" in texts(await owner.get(f"{here}/void"))
    assert (await owner.post(f"{here}/void", {"reason": "blue"})).status_code == 400
    void = texts(await owner.post(f"{here}/void", {"reason": "agreement", "note": "They asked for it."}))
    assert "It counts for nothing" in void or "it counts for nothing" in void
    assert "They asked for it." in void
    assert (await actions(filled))[0] == "referral.voided"
    viewer = await filled.sign_in("viewer@example.com", Role.VIEWER)
    assert "Restore it" not in texts(await viewer.get(here))
    assert (await viewer.post(f"{here}/restoration")).status_code == 403
    assert (await viewer.get(f"{here}/void")).status_code == 403
    assert "It counts again." in texts(await owner.post(f"{here}/restoration"))
    assert (await actions(filled))[0] == "referral.restored"
    assert (await owner.get(f"{filled.home}/referrals/ref_unknown/void")).status_code == 404
