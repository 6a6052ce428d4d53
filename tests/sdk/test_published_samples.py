"""The published samples of a TypeScript client run against the server: compiled strictly, then by node (issue 7, part 8)."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import Final

from tests.affiliate.conftest import Affiliates
from tests.guides.guide import SDK, install_the_package
from tests.house.sources import ROOT, text
from tests.sdk.conftest import RecordedServer

SAMPLES: Final = ROOT / "tests" / "sdk" / "published_samples.ts"
STRICT: Final = (
    *("--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--types", "node"),
    *("--target", "ES2022", "--module", "NodeNext", "--moduleResolution", "NodeNext"),
)
_PRINTED: Final = """\
applied pending
partner@example.com pending
nobody@example.com may apply
rejected@example.com rejected: Not a good fit at this time
jane@example.com approved
JANE20 earned $0
enrolled false
earned $0, pending $0
portal 200
code 8
referral pending
"""


async def test_the_published_samples_of_a_typescript_client_run(
    recorded_server: RecordedServer, tmp_path: Path
) -> None:
    billfold = recorded_server.billfold
    program = Affiliates(billfold, billfold.team, recorded_server.partner.member_token)
    refused = await program.apply("rejected@example.com")
    decision = {"action": "reject", "rejectionReason": "Not a good fit at this time"}
    await program.review(refused, decision)
    amounts = {"enabled": True, "referrerCreditAmount": 1000, "refereeCreditAmount": 500, "currency": "usd"}
    (await billfold.client.put(f"{billfold.path}/referrals/config", json=amounts)).raise_for_status()
    ann, ben = [await _customer(recorded_server, f"{name}@example.com") for name in ("ann", "ben")]
    (await billfold.client.post(f"{billfold.path}/referrals/codes", json={"customerId": ann})).raise_for_status()

    install_the_package(tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "samples.ts").write_text(text(SAMPLES))
    compiler = SDK / "typescript" / "node_modules" / "typescript" / "lib" / "tsc.js"
    await _node(tmp_path, str(compiler), *STRICT, "samples.ts")
    printed = await _node(
        tmp_path,
        "samples.js",
        BILLFOLD_URL=recorded_server.base_url,
        STACKBE_API_KEY=billfold.team.api_key,
        STACKBE_APP_ID=billfold.team.project_id,
        TEAM_ID=billfold.team.team_id,
        PARTNER_ID=recorded_server.partner.customer_id,
        CUSTOMER_ID=ben,
        SESSION_TOKEN=recorded_server.partner.session_token,
    )
    assert printed == _PRINTED


async def _customer(server: RecordedServer, email: str) -> str:
    made = await server.billfold.client.post(f"{server.billfold.path}/customers", json={"email": email})
    return str(made.raise_for_status().json()["customer"]["id"])


async def _node(folder: Path, *arguments: str, **environment: str) -> str:
    """Run node in a folder and return what it printed; fails with that if it ended in an error."""
    node = shutil.which("node")
    assert node is not None
    process = await asyncio.create_subprocess_exec(
        node,
        *arguments,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return printed.decode()
