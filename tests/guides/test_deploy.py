"""The files that the production guide hands out: what can be checked without root, containers and proxies."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

from billfold.base.settings import load_settings
from billfold.cli import app
from tests.guides.guide import require
from tests.house.sources import ROOT, text

DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("billfold*.*"))


def commands() -> set[str]:
    return set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # it is a group


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong_with_a_unit(name: str, tmp_path: Path) -> None:
    require("systemd-analyze")
    # The program where it is here: the unit's own stands where nobody installed it.
    for unit in UNITS:
        program = shutil.which("true") or "/bin/true"
        (tmp_path / unit).write_text(text(DEPLOY / unit).replace("/opt/billfold/.venv/bin/billfold", program))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if name in line]
    assert not complaints


@pytest.mark.parametrize("name", [each for each in UNITS if each.endswith(".service")])
def test_a_unit_runs_a_command_that_there_is_without_rights_it_does_not_need(name: str) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read_string(text(DEPLOY / name))
    program, command, *_ = unit["Service"]["ExecStart"].split()
    assert program.endswith("/billfold")
    assert command in commands()
    assert unit["Service"]["DynamicUser"] == unit["Service"]["NoNewPrivileges"] == "yes"


def test_the_container_file_is_one_and_runs_as_nobody() -> None:
    lines = [line for line in text(DEPLOY / "Containerfile").splitlines() if line and not line.startswith("#")]
    named = [line.split(" ", 1) for line in lines]
    known = {"FROM", "COPY", "RUN", "USER", "EXPOSE", "ENTRYPOINT", "CMD"}
    assert {word for word, _ in named} <= known
    said = dict(named)
    assert said["USER"].isdigit()
    assert said["USER"] != "0"
    assert re.findall(r'"([^"]+)"', said["ENTRYPOINT"]) == ["billfold"]
    assert re.findall(r'"([^"]+)"', said["CMD"])[0] in commands()


def test_the_proxies_lead_to_the_port_of_the_default_and_let_a_whole_request_through() -> None:
    port = load_settings(secret_key="01" * 32).port
    for name in ("Caddyfile", "nginx.conf"):
        proxy = text(DEPLOY / name)
        assert f"127.0.0.1:{port}" in proxy
        assert proxy.count("{") == proxy.count("}")
        assert re.search(r"2MB|2m", proxy), "Billfold's own limit is one MiB"


def test_the_settings_that_the_guide_names_are_settings() -> None:
    known = {name.upper() for name in type(load_settings(secret_key="01" * 32)).model_fields}
    page = text(ROOT / "docs" / "guide" / "run-in-production.md")
    named = set(re.findall(r"^BILLFOLD_(\w+)=", page, re.MULTILINE)) - {"URL"}
    assert named
    assert named <= known
