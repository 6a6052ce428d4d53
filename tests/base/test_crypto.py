from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.base.crypto import SealBroken, Sealer, same, token_hash

_OLD = bytes(range(32))
_NEW = bytes(range(1, 33))


@given(secret=st.text(max_size=200).filter(lambda text: text.isprintable() or text == ""))
def test_what_was_sealed_opens(secret: str) -> None:
    sealer = Sealer(_OLD)
    assert (
        sealer.open(sealer.seal(secret, owner="team_1", field="secret_key"), owner="team_1", field="secret_key")
        == secret
    )


@pytest.mark.parametrize(
    ("owner", "field"), [("team_2", "secret_key"), ("team_1", "webhook_secret"), ("team_1secret", "_key")]
)
def test_a_sealed_text_copied_to_another_row_or_column_does_not_open(owner: str, field: str) -> None:
    """Contract G23."""
    sealer = Sealer(_OLD)
    sealed = sealer.seal("sk_test_example", owner="team_1", field="secret_key")
    with pytest.raises(SealBroken):
        sealer.open(sealed, owner=owner, field=field)


def test_owner_and_field_cannot_be_shifted_into_each_other() -> None:
    sealer = Sealer(_OLD)
    sealed = sealer.seal("x", owner="a", field="b\x1fc")
    with pytest.raises(SealBroken):
        sealer.open(sealed, owner="a\x1fb", field="c")


def test_one_secret_sealed_twice_reads_differently() -> None:
    sealer = Sealer(_OLD)
    assert sealer.seal("x", owner="a", field="b") != sealer.seal("x", owner="a", field="b")


def test_a_sealed_text_has_the_documented_form_and_does_not_show_the_secret() -> None:
    """Contract G23: `v1:iv:tag:ciphertext`."""
    sealed = Sealer(_OLD).seal("whsec_example", owner="a", field="b")
    version, *parts = sealed.split(":")
    assert version == "v1"
    assert len(parts) == 3
    assert "whsec" not in sealed


def test_after_a_rotation_the_previous_key_opens_and_the_new_one_seals() -> None:
    sealed = Sealer(_OLD).seal("x", owner="a", field="b")
    rotated = Sealer(_NEW, previous=_OLD)
    assert rotated.open(sealed, owner="a", field="b") == "x"
    assert Sealer(_NEW).open(rotated.seal("x", owner="a", field="b"), owner="a", field="b") == "x"


def test_a_key_that_never_sealed_it_says_which_setting_is_wrong() -> None:
    sealed = Sealer(_OLD).seal("x", owner="a", field="b")
    with pytest.raises(SealBroken, match="BILLFOLD_SECRET_KEY"):
        Sealer(_NEW).open(sealed, owner="a", field="b")


@pytest.mark.parametrize(
    "damaged", ["", "v1", "v1:a:b", "v2:a:b:c", "v1:é:b:c", "v1:a:b:c", "v1:::", "v1:AAAA:AAAA:AAAA"]
)
def test_damaged_text_is_refused_and_breaks_nothing(damaged: str) -> None:
    with pytest.raises(SealBroken):
        Sealer(_OLD).open(damaged, owner="a", field="b")


@given(position=st.integers(min_value=3, max_value=60))
def test_no_changed_character_goes_unnoticed(position: int) -> None:
    sealer = Sealer(_OLD)
    sealed = sealer.seal("sk_test_example_of_some_length", owner="a", field="b")
    if sealed[position] == ":":
        return
    changed = sealed[:position] + ("A" if sealed[position] != "A" else "Q") + sealed[position + 1 :]
    with pytest.raises(SealBroken):
        sealer.open(changed, owner="a", field="b")


def test_a_key_of_another_length_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(b"short")


def test_a_token_is_stored_as_its_sha_256() -> None:
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_texts_are_compared_whole() -> None:
    assert same("é", "é")
    assert not same("a", "ab")
