"""The OpenAPI document is valid and true: what it promises is what the routes do (issue section 6)."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import uvicorn
from openapi_spec_validator import validate

from tests.api.billing.conftest import Api
from tests.permissions import DOORS

# A few for every run; `BILLFOLD_TEST_EXAMPLES=100` for a long one with sequences of calls too.
_EXAMPLES: Final = os.environ.get("BILLFOLD_TEST_EXAMPLES", "2")
_PHASES: Final = "coverage,fuzzing,stateful" if "BILLFOLD_TEST_EXAMPLES" in os.environ else "coverage,fuzzing"
_CONFIGURATION: Final = Path(__file__).parent / "schemathesis.toml"
# The record of the answer would keep a portal link's token or a webhook's secret; a window that is sent again is many units; a
# preview changes nothing.
_WITHOUT_KEY: Final = ("/portal", "/webhooks", "/rotate-secret", "/webhooks/{webhookId}/resend", "/terms/preview")


async def fetch(api: Api) -> dict[str, Any]:
    answer = await api.client.get("/openapi.json")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


async def test_the_document_is_valid_3_1_and_names_every_route(api: Api) -> None:
    document = await fetch(api)
    assert document["openapi"].startswith("3.1")
    validate(document)
    described = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    assert described == {f"{door.method} {door.path}" for door in DOORS}


async def test_every_operation_tells_its_errors_its_scope_and_how_to_authenticate(api: Api) -> None:
    document = await fetch(api)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert {"400", "401", "403", "404", "429", "500", "503"} <= set(operation["responses"]), (method, path)
            if method != "get":
                assert {"409", "413", "415"} <= set(operation["responses"]), (method, path)
            if {"apiKey": []} in operation["security"]:
                assert re.fullmatch(r"[a-z]+:(read|write)|\*", operation["x-required-scope"])
                assert operation["x-required-role"] in {"viewer", "member", "admin"}
            else:
                assert operation["security"] == [{"session": []}]
                assert "/projects/{projectId}/" not in path
            names = [parameter["name"] for parameter in operation["parameters"]]
            takes_key = method == "post" and "x-required-scope" in operation and not path.endswith(_WITHOUT_KEY)
            assert ("Idempotency-Key" in names) == takes_key, (method, path)


@pytest.mark.timeout(300)
async def test_schemathesis_finds_nothing(api: Api, tmp_path: Path) -> None:
    server = uvicorn.Server(
        uvicorn.Config(api.app, host="127.0.0.1", port=0, log_level="critical", access_log=False, lifespan="off")
    )
    # asyncio switches Nagle's algorithm off only where the protocol is named: without it each answer waits for 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    # The program's own word for "this team and project, whatever you make up for the rest".
    settings = f'[parameters]\nteamId = "{api.house.team_id}"\nprojectId = "{api.house.project_id}"\n\n'
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(settings + _CONFIGURATION.read_text())
    try:
        process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).parent / "schemathesis"),
            "--config-file",
            str(configuration),
            "run",
            f"{address}/openapi.json",
            "--header",
            f"Authorization: Bearer {api.key}",
            "--max-examples",
            _EXAMPLES,
            "--phases",
            _PHASES,
            "--seed",
            "1",
            "--continue-on-failure",
            "--no-color",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
    finally:
        server.should_exit = True
        await serving
        listening.close()
    assert process.returncode == 0, output.decode()[-8_000:]
