"""The rules by which a person is taken out of a text."""

from __future__ import annotations

from billfold.domain.privacy.scrubbing import Traces

ROBIN = Traces(
    ids=frozenset({"pc_robin", "cus_R"}),
    emails=frozenset({"robin@example.com"}),
    words=frozenset({"Robin", "Robin Gardner", "Ed"}),
    nobody="pc_robin@erased.invalid",
)


def test_addresses_and_names_go_and_ids_stay() -> None:
    text = "Robin Gardner <ROBIN@example.com> (pc_robin) told Robinson."
    assert ROBIN.rewritten(text) == "erased <pc_robin@erased.invalid> (pc_robin) told Robinson."


def test_a_longer_address_is_another_one() -> None:
    assert not ROBIN.mentioned_in("robin@example.com.au2 xrobin@example.com")
    assert not ROBIN.mentioned_in("pc_robinson")


def test_an_object_about_him_forgets_what_it_said_in_the_past_too() -> None:
    told = {"customer": {"id": "pc_robin", "name": "Bob", "email": "bob@old.example.com", "metadata": {"a": 1}, "n": 3}}
    assert ROBIN.scrubbed(told) == {
        "customer": {"id": "pc_robin", "name": "erased", "email": "pc_robin@erased.invalid", "metadata": {}, "n": 3}
    }


def test_an_object_of_somebody_else_beside_his_stays() -> None:
    told = {"customerId": "pc_robin", "product": {"id": "prod_1", "name": "Pro", "metadata": {"tier": "2"}}}
    assert ROBIN.scrubbed(told) == told


def test_what_does_not_mention_him_is_returned_as_it_is() -> None:
    told = {"name": "Robin", "id": "pc_other"}
    assert ROBIN.scrubbed(told) is told
    assert ROBIN.scrubbed_bytes(b"Robin") == b"Robin"


def test_an_answer_that_is_no_json_is_rewritten_as_text() -> None:
    assert ROBIN.scrubbed_bytes(b"hello robin@example.com") == b"hello pc_robin@erased.invalid"


def test_a_mention_is_seen_in_any_case_and_in_any_script() -> None:
    ascii_only = Traces(ids=frozenset({"pc_1"}), emails=frozenset({"Wren@example.com"}), words=frozenset())
    assert ascii_only.mentioned_in("to WREN@EXAMPLE.COM")
    assert ascii_only.mentioned_in("für wren@example.com")
    assert not ascii_only.mentioned_in("to wren@example.community")
    assert not ascii_only.mentioned_in("pc_10")
    other = Traces(ids=frozenset(), emails=frozenset({"jürgen@example.com"}), words=frozenset())
    assert other.mentioned_in("to JÜRGEN@example.com")
