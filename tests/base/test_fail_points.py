from __future__ import annotations

import errno
import signal
import subprocess
import sys
from typing import Any

import pytest

from billfold.base import fail_points


@pytest.fixture
def arm(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Arm a fail point as the environment would."""
    return lambda setting: monkeypatch.setattr(fail_points, "_armed", fail_points._Armed(setting))


def test_nothing_fails_unless_it_was_asked_for(arm: Any) -> None:
    arm("")
    for name in fail_points.POINTS:
        fail_points.reach(name)


def test_it_fails_the_third_time_and_only_then(arm: Any) -> None:
    arm("before-commit:raise:3")
    fail_points.reach("before-commit")
    fail_points.reach("after-commit")
    fail_points.reach("before-commit")
    with pytest.raises(fail_points.FailPointReached):
        fail_points.reach("before-commit")
    fail_points.reach("before-commit")


def test_several_points_fail_each_in_its_turn(arm: Any) -> None:
    arm("before-commit:raise:2,after-commit:disk-full")
    with pytest.raises(OSError, match="space"):
        fail_points.reach("after-commit")
    fail_points.reach("before-commit")
    with pytest.raises(fail_points.FailPointReached):
        fail_points.reach("before-commit")


def test_a_full_disk_is_the_systems_own_error(arm: Any) -> None:
    arm("before-commit:disk-full")
    with pytest.raises(OSError, match="space") as raised:
        fail_points.reach("before-commit")
    assert raised.value.errno == errno.ENOSPC


def test_a_kill_leaves_no_time_for_anything() -> None:
    code = "from billfold.base.fail_points import reach; reach('before-commit'); print('alive')"
    result = subprocess.run(
        [sys.executable, "-c", code], env={fail_points.VARIABLE: "before-commit"}, capture_output=True, check=False
    )
    assert result.returncode == -signal.SIGKILL
    assert not result.stdout


@pytest.mark.parametrize("setting", ["nowhere:kill", "before-commit:explode", "before-commit:kill:soon"])
def test_a_misspelt_fail_point_is_refused_instead_of_never_failing(setting: str) -> None:
    with pytest.raises(ValueError, match="BILLFOLD_FAIL_POINT"):
        fail_points._Armed(setting)
