from __future__ import annotations

import csv
import io

import pytest
from starlette.requests import Request

from billfold.entrypoints.web.console import ledger, referrals, stripe_events
from billfold.entrypoints.web.console.lists import PAGE_SIZE, Filter, Listing, read_listing
from tests.console.conftest import Console, texts

FILTERS = (Filter("status", "Status", {"active": "Active", "past_due": "Past due"}, "Any status"),)


def listing(query: str) -> Listing:
    scope = {"type": "http", "method": "GET", "path": "/list", "query_string": query.encode(), "headers": []}
    return read_listing(Request(scope), filters=FILTERS, sorts=("newest", "oldest"), search_label="Name")


def test_filters_live_in_the_address_and_each_can_be_taken_off() -> None:
    found = listing("q=jane&status=active&sort=oldest&page=3")
    assert (found.q, found.chosen, found.sort, found.page, found.offset) == (
        "jane",
        {"status": "active"},
        "oldest",
        3,
        100,
    )
    assert [(each.words, each.href) for each in found.applied] == [
        ("“jane”", "/list?status=active&sort=oldest"),
        ("Status: Active", "/list?q=jane&sort=oldest"),
    ]
    assert found.export_url == "/list?q=jane&status=active&sort=oldest&format=csv"


def test_what_an_address_says_wrongly_counts_as_not_said() -> None:
    for query in ("status=nonsense", "sort=sideways", "page=0", "page=-1", "page=x", "page=99999999999", "page=٣"):
        found = listing(query)
        assert (found.chosen, found.sort, found.page) == ({}, "newest", 1), query
    assert listing("page=9999").page == 200
    assert len(listing(f"q={'x' * 5000}").q) == 254
    assert listing("q=a%00b%0A").q == "ab"


def test_a_page_has_a_next_one_only_if_there_is_more() -> None:
    found = listing("page=2")
    rows, pager = found.cut(list(range(PAGE_SIZE + 1)))
    assert (len(rows), pager.first, pager.last) == (PAGE_SIZE, 51, 100)
    assert (pager.previous, pager.next) == ("/list?page=1", "/list?page=3")
    assert listing("").cut([1])[1].next is None
    assert listing("page=200").cut(list(range(PAGE_SIZE + 1)))[1].is_cut


async def test_a_search_finds_the_beginning_of_a_name_an_address_or_an_id(filled: Console) -> None:
    owner = await filled.sign_in()
    stripe_id = (await filled.call("GET", f"/customers/{filled.ids['customer_id']}"))["customer"]["stripeCustomerId"]
    for text in ("jane r", "JANE", "jane@ex", stripe_id, filled.ids["customer_id"]):
        page = texts(await owner.get(f"{filled.home}/customers?q={text}"))
        assert "Jane Roe" in page, text
        assert "Finn Oak" not in page, text
    assert "No customer fits" in texts(await owner.get(f"{filled.home}/customers?q=roe"))
    assert "No customer fits" in texts(await owner.get(f"{filled.home}/customers?q=%25"))


async def test_a_renamed_customer_is_found_by_the_new_name(filled: Console) -> None:
    await filled.call("PATCH", f"/customers/{filled.ids['customer_id']}", {"name": "Élodie Roe"})
    owner = await filled.sign_in()
    assert "Élodie Roe" in texts(await owner.get(f"{filled.home}/customers?q=ÉLO"))
    assert "Élodie Roe" not in texts(await owner.get(f"{filled.home}/customers?q=jane r"))


async def test_lists_are_filtered_by_status(filled: Console) -> None:
    owner = await filled.sign_in()
    active = texts(await owner.get(f"{filled.home}/customers?status=active"))
    assert "Finn Oak" in active
    assert "Jane Roe" not in active
    assert "No subscription fits" in texts(await owner.get(f"{filled.home}/subscriptions?status=past_due"))
    assert "Finn Oak" in texts(await owner.get(f"{filled.home}/referrals?status=converted"))
    assert "No referral fits" in texts(await owner.get(f"{filled.home}/referrals?status=void"))
    failed = texts(await owner.get(f"{filled.home}/stripe-events?status=failed"))
    assert "No event fits" in failed


async def test_every_list_is_exported_whole(filled: Console) -> None:
    owner = await filled.sign_in()
    # Jane, Finn, and Ode, who is a partner and so a customer with a code.
    for page, count in (("customers", 3), ("subscriptions", 1), ("referrals", 1), ("codes", 2)):
        answer = await owner.get(f"{filled.home}/{page}?format=csv")
        assert len(answer.text.splitlines()) == count + 1, page
    filtered = await owner.get(f"{filled.home}/customers?status=active&format=csv")
    assert "finn@example.com" in filtered.text
    assert "jane@example.com" not in filtered.text
    log = await owner.get(f"{filled.team_home}/audit-log?format=csv")
    assert "customer.created" in log.text


@pytest.mark.parametrize("sort", ["newest", "oldest"])
async def test_the_file_of_referrals_holds_all_of_every_status_however_many_there_are(
    filled: Console, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(referrals, "_EXPORTED_AT_ONCE", 2)
    for number in range(4):
        friend = await filled.call("POST", "/customers", {"email": f"friend{number}@example.com"})
        claim = {"code": filled.ids["code"], "refereeCustomerId": friend["customer"]["id"]}
        await filled.call("POST", "/referrals/apply", claim)
    owner = await filled.sign_in()
    rows = list(csv.reader(io.StringIO((await owner.get(f"{filled.home}/referrals?format=csv&sort={sort}")).text)))[1:]
    emails = [row[4] for row in rows]
    expected = ["finn@example.com", *(f"friend{number}@example.com" for number in range(4))]
    assert emails == (expected if sort == "oldest" else expected[::-1])
    assert sorted(row[2] for row in rows) == ["converted", *["pending"] * 4]
    only = (await owner.get(f"{filled.home}/referrals?format=csv&sort={sort}&status=pending")).text
    assert len(list(csv.reader(io.StringIO(only)))) == 5


async def test_subscriptions_and_referrals_are_found_by_their_people(filled: Console) -> None:
    owner = await filled.sign_in()
    stripe_id = (await filled.call("GET", f"/subscriptions/{filled.ids['subscription_id']}"))["subscription"][
        "stripeSubscriptionId"
    ]
    for page, q, is_there in (
        ("subscriptions", "finn", True),
        ("subscriptions", "finn@example.com", True),
        ("subscriptions", filled.ids["friend_id"], True),
        ("subscriptions", filled.ids["subscription_id"], True),
        ("subscriptions", stripe_id, True),
        ("subscriptions", "sub_unknown", False),
        ("subscriptions", "jane", False),
        ("subscriptions", "finn&status=past_due", False),
        ("referrals", "finn", True),
        ("referrals", "jane@example.com", True),
        ("referrals", filled.ids["code"].lower(), True),
        ("referrals", "jane&status=pending", False),
        ("referrals", "nobody", False),
        ("referrals", "%25 =1", False),
    ):
        answer = await owner.get(f"{filled.home}/{page}?q={q}")
        assert ("Finn Oak" in texts(answer)) is is_there, (page, q)
        assert (" fits" in texts(answer)) is not is_there, (page, q)
        rows = list(csv.reader(io.StringIO((await owner.get(f"{filled.home}/{page}?q={q}&format=csv")).text)))
        assert len(rows) == 1 + is_there, (page, q)


async def test_an_event_is_found_by_its_id_and_by_what_it_is_about(
    filled: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_events, "_EXPORTED_AT_ONCE", 2)
    owner = await filled.sign_in()
    whole = await owner.get(f"{filled.home}/stripe-events?format=csv")
    rows = list(csv.reader(io.StringIO(whole.text)))[1:]
    assert len(rows) > 4
    assert len({row[0] for row in rows}) == len(rows)
    event_id, about = rows[0][0], rows[0][2]
    for q, expected in ((event_id, 1), (about, sum(row[2] == about for row in rows)), ("evt_unknown", 0), ("x", 0)):
        found = (await owner.get(f"{filled.home}/stripe-events?q={q}&format=csv")).text
        assert len(list(csv.reader(io.StringIO(found)))) == expected + 1, q
        page = texts(await owner.get(f"{filled.home}/stripe-events?q={q}"))
        assert ("No event fits" in page) is (expected == 0), q
    unplaced = (await owner.get(f"{filled.home}/stripe-events?status=unplaced&format=csv")).text
    assert {row[3] for row in list(csv.reader(io.StringIO(unplaced)))[1:]} <= {"ignored", "failed", "received"}


async def test_the_files_of_codes_and_accounts_go_on_behind_each_page(
    filled: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(referrals, "_EXPORTED_AT_ONCE", 2)
    monkeypatch.setattr(ledger, "_EXPORTED_AT_ONCE", 1)
    for number in range(4):
        made = await filled.call("POST", "/customers", {"email": f"friend{number}@example.com"})
        await filled.call("POST", "/referrals/codes", {"customerId": made["customer"]["id"]})
    owner = await filled.sign_in()
    await owner.post(f"{filled.home}/codes/{filled.ids['code']}/deactivation")
    active = list(csv.reader(io.StringIO((await owner.get(f"{filled.home}/codes?format=csv")).text)))[1:]
    assert [row[2] for row in active] == ["Ode", *(f"friend{number}@example.com" for number in range(4))]
    every = list(csv.reader(io.StringIO((await owner.get(f"{filled.home}/codes?show=all&format=csv")).text)))[1:]
    assert [row[3] for row in every] == ["False", *["True"] * 5]
    one = (await owner.get(f"{filled.home}/codes?q={filled.ids['code']}&format=csv")).text
    assert len(one.splitlines()) == 2
    accounts = list(csv.reader(io.StringIO((await owner.get(f"{filled.home}/ledger?format=csv")).text)))[1:]
    assert {row[2] for row in accounts} == {"finn@example.com", "jane@example.com"}
    assert len({tuple(row[:4]) for row in accounts}) == len(accounts)
    assert all(sum(int(value) for value in row[4:]) == 0 for row in accounts)


async def test_the_audit_log_can_leave_out_what_keys_did(filled: Console) -> None:
    owner = await filled.sign_in()
    await owner.get(f"{filled.home}/wallets")
    await owner.post(f"{filled.home}/wallets", {"unit": "ai_credits", "amount": "1,000"})
    whole = await owner.get(f"{filled.team_home}/audit-log")
    assert "Customer: created" in texts(whole)
    people = await owner.get(f"{filled.team_home}/audit-log?who=people")
    assert "Customer: created" not in texts(people)
    assert "owner@example.com" in texts(people)
    assert "not by API keys" in texts(people)
    rows = (await owner.get(f"{filled.team_home}/audit-log?who=people&format=csv")).text
    assert "customer.created" not in rows
    assert len(rows.splitlines()) > 1
