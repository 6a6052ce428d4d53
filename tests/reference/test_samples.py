"""Every sample of the reference fits the SDK for which it is written: compiled strictly, or bound to its method."""

from __future__ import annotations

import ast
import inspect
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from billfold.entrypoints.web.reference.operations import Operation, surface_of
from billfold_sdk import Billfold, StackBE, UserReferrals
from tests.guides.guide import SDK, install_the_package
from tests.house.openapi_document import SERVED
from tests.sdk.test_published_samples import STRICT

# What a document says does not depend on the database.
pytestmark = pytest.mark.looks

_HEAD = """\
import { Billfold, StackBE, UserReferrals } from "@billfold/sdk";
declare const billfold: Billfold, stackbe: StackBE, mine: UserReferrals;
"""
_ADDRESS = "https://billing.example.com"


def _operations() -> list[Operation]:
    return [
        operation
        for key, served in SERVED.items()
        for group in surface_of(key, served()).groups
        for operation in group.operations
    ]


def test_every_body_that_is_asked_for_is_shown() -> None:
    lacking = [
        each.id
        for each in _operations()
        if any(field.is_required for field in each.body) and "--json" not in each.sample.curl
    ]
    assert not lacking


def test_every_typescript_sample_is_compiled_strictly(tmp_path: Path) -> None:
    install_the_package(tmp_path)
    node = shutil.which("node")
    assert node is not None
    (tmp_path / "package.json").write_text('{"type": "module"}')
    samples = "\n".join(f"/* {each.id} */ {each.sample.typescript}" for each in _operations() if each.sample.typescript)
    (tmp_path / "samples.ts").write_text(_HEAD + samples)
    compiler = SDK / "typescript" / "node_modules" / "typescript" / "lib" / "tsc.js"
    done = subprocess.run(
        [node, str(compiler), "--noEmit", *STRICT, "samples.ts"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_python_sample_fits_the_method_that_it_calls() -> None:
    clients: dict[str, Any] = {
        "billfold": Billfold(base_url=_ADDRESS, team_id="team_1", project_id="proj_1", api_key="bs_key"),
        "stackbe": StackBE(base_url=_ADDRESS, app_id="proj_1", api_key="bs_key"),
        "mine": UserReferrals(base_url=_ADDRESS, token="token"),
    }
    for operation in _operations():
        if operation.sample.python is None:
            continue
        call = ast.parse(operation.sample.python, mode="eval").body
        assert isinstance(call, ast.Call)
        client, *path = ast.unparse(call.func).split(".")
        method = clients[client]
        for name in path:
            method = getattr(method, name)
        given = [ast.literal_eval(each) for each in call.args]
        named = {str(each.arg): ast.literal_eval(each.value) for each in call.keywords}
        # Raises a TypeError that names what is missing or too much.
        inspect.signature(method).bind(*given, **named)
    for made in clients.values():
        made.close()
