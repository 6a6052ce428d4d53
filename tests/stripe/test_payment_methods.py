"""Ways to pay and setup intents, from Stripe's JSON and from what a compatible server might answer."""

from __future__ import annotations

import pytest

from billfold.base.clock import from_unix
from billfold.infrastructure.stripe import translate
from billfold.infrastructure.stripe.translate import BadObject
from tests.stripe import payloads
from tests.stripe.payloads import Json


def test_a_finished_setup_holds_its_card() -> None:
    found = translate.setup_intent(payloads.SETUP_INTENT)
    assert (found.id, found.customer_id, found.status) == ("seti_1", "cus_1", "succeeded")
    assert found.metadata["billstack_customer_id"] == "pc_1"
    assert found.method is not None
    assert (found.method.brand, found.method.last4) == ("visa", "4242")
    assert (found.method.exp_month, found.method.exp_year) == (8, 2028)
    assert found.method.created == from_unix(payloads.CREATED)


@pytest.mark.parametrize("given", [None, "pm_1"])
def test_a_setup_whose_card_was_not_expanded_has_none(given: object) -> None:
    assert translate.setup_intent({**payloads.SETUP_INTENT, "payment_method": given}).method is None


def test_what_is_no_card_has_its_type_and_number_and_no_brand() -> None:
    debit: Json = {
        **payloads.PAYMENT_METHOD,
        "type": "sepa_debit",
        "sepa_debit": {"last4": "3000", "country": "DE", "bank_code": "37040044"},
        "card": None,
    }
    found = translate.own_payment_method({"default_payment_method": debit})
    assert found is not None
    assert (found.type, found.brand, found.last4, found.exp_month) == ("sepa_debit", None, "3000", None)


def test_a_kind_without_details_is_read_all_the_same() -> None:
    bare = {**payloads.PAYMENT_METHOD, "type": "link"}
    found = translate.own_payment_method({"default_payment_method": {**bare, "link": None}})
    assert found is not None
    assert (found.type, found.last4) == ("link", None)


def test_the_default_is_read_from_a_subscription_and_from_a_customer() -> None:
    assert translate.own_payment_method({"default_payment_method": None}) is None
    assert translate.own_payment_method({"default_payment_method": "pm_1"}) is None
    settings = {"default_payment_method": payloads.PAYMENT_METHOD}
    found = translate.customers_payment_method({"invoice_settings": settings})
    assert found is not None
    assert found.id == "pm_1"
    assert translate.customers_payment_method({"id": "cus_1", "deleted": True}) is None


@pytest.mark.parametrize(
    "change", [{"id": None}, {"type": 7}, {"card": []}, {"card": {"exp_month": "August"}}, {"created": "now"}]
)
def test_a_broken_card_is_told_as_such(change: Json) -> None:
    with pytest.raises(BadObject):
        translate.setup_intent({**payloads.SETUP_INTENT, "payment_method": {**payloads.PAYMENT_METHOD, **change}})
