from __future__ import annotations

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from billfold.base.ids import derived_id, new_api_key, new_id, new_referral_code, new_token


def test_an_id_is_its_prefix_and_twenty_lower_case_alphanumerics() -> None:
    for _ in range(1_000):
        assert re.fullmatch(r"pc_[0-9a-hj-km-np-tv-z]{20}", new_id("pc_"))


def test_ids_of_later_milliseconds_sort_later() -> None:
    made = []
    for _ in range(5):
        made.append(new_id("pc_"))
        time.sleep(0.002)
    assert made == sorted(made)


def test_ids_of_one_millisecond_do_not_meet() -> None:
    assert len({new_id("pc_") for _ in range(20_000)}) == 20_000


def test_ids_that_threads_make_at_once_do_not_meet() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = [each.result() for each in [threads.submit(_some_ids) for _ in range(16)]]
    assert len({each for some in made for each in some}) == 16 * 1_000


def _some_ids() -> list[str]:
    return [new_id("pc_") for _ in range(1_000)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system splits no process")
def test_a_process_that_is_split_off_does_not_draw_what_its_parent_draws() -> None:
    new_id("pc_")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, new_id("pc_").encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reader, 100).decode()
    assert theirs[-11:] != new_id("pc_")[-11:]
    os.close(reader)
    os.close(writer)


def test_a_referral_code_has_no_letters_that_are_easily_confused() -> None:
    """Contract G32, SCENARIOS F8."""
    codes = {new_referral_code() for _ in range(5_000)}
    assert len(codes) == 5_000
    for code in codes:
        assert re.fullmatch(r"[A-HJ-NP-Z2-9]{8}", code), code
    used = set("".join(codes))
    assert len(used) == 32


def test_an_api_key_is_bs_and_48_hexadecimal_digits() -> None:
    """Contract section 4.2."""
    assert re.fullmatch(r"bs_[0-9a-f]{48}", new_api_key())


def test_a_token_has_two_digits_a_byte() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", new_token(16))


def test_the_same_parts_give_the_same_id_and_others_another() -> None:
    assert derived_id("rw_", "a", "b") == derived_id("rw_", "a", "b")
    assert len({derived_id("rw_", *parts) for parts in (("a", "b"), ("ab",), ("a", "b", ""), ("b", "a"))}) == 4
    assert re.fullmatch(r"rw_[0-9a-z]{20}", derived_id("rw_", "a"))


def test_a_derived_id_takes_over_the_time_of_another() -> None:
    source = new_id("ref_")
    derived = derived_id("rw_", "a", "b", near=source)
    assert derived == derived_id("rw_", "a", "b", near=source)
    assert derived[:12] == "rw_" + source[4:13]
    assert derived != derived_id("rw_", "a", "c", near=source)
    # What is no id of ours gives no time.
    for other in ("", "in_1MtHbELkdIwHu7ixl4OzzPMv", "ref_short"):
        assert derived_id("rw_", "a", "b", near=other) == derived_id("rw_", "a", "b")
