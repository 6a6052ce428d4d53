"""The code of the guide on webhooks runs as it stands there, in Python and in JavaScript."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from billfold.domain.webhooks.claims import envelope
from billfold.domain.webhooks.public_types import PUBLIC_TYPES
from billfold.domain.webhooks.signing import signed_headers
from billfold.domain.webhooks.signing_secrets import new_secret
from tests.house.sources import ROOT, text
from tests.outgoing.npm_package import javascript  # noqa: F401 - a fixture

_PAGE = ROOT / "docs" / "guide" / "receive-webhooks.md"
_RUN = """
let given = "";
process.stdin.on("data", (part) => (given += part)).on("end", () => {
  const { secret, headers, body, times } = JSON.parse(given);
  const handled = new Set();
  const statuses = Array.from({ length: times }, () => receive(secret, headers, body, handled));
  console.log(JSON.stringify(statuses));
});
"""


def _code(language: str) -> str:
    source, *_ = re.findall(rf"^```{language}\n(.*?)^```", text(_PAGE), re.MULTILINE | re.DOTALL)
    return str(source)


def _payment() -> tuple[str, dict[str, str], str]:
    """Return a secret, and the headers and body of a payment that is signed with it now."""
    secret, now = new_secret(), datetime.now(UTC)
    body = envelope("evt_1", "payment.succeeded", now, PUBLIC_TYPES["payment.succeeded"].example, is_test=False)
    headers = signed_headers(event_id="evt_1", event_type="payment.succeeded", body=body, secrets=[secret], now=now)
    return secret, headers, body


def test_the_python_receiver_takes_an_event_once_and_refuses_what_is_not_signed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    defined: dict[str, Any] = {}
    exec(compile(_code("python"), _PAGE.name, "exec"), defined)  # noqa: S102 - our own page
    secret, headers, body = _payment()
    handled: set[str] = set()
    receive = defined["receive"]
    assert [receive(secret, headers, body.encode(), handled) for _ in range(2)] == [204, 204]
    assert capsys.readouterr().out == "pc_06dxk2m9w41f8h3r7tqv paid 2900 usd\n"
    assert receive(secret, headers, body.replace("2900", "9900").encode(), handled) == 400
    assert receive(new_secret(), headers, body.encode(), set()) == 400


def test_the_javascript_receiver_does_the_same(javascript: Path) -> None:  # noqa: F811 - the fixture of that name
    secret, headers, body = _payment()

    def run(**changed: object) -> list[str]:
        given = {"secret": secret, "headers": headers, "body": body, "times": 2, **changed}
        finished = subprocess.run(
            ["node", "-e", _code("js") + _RUN],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            cwd=javascript,
        )
        return finished.stdout.splitlines()

    assert run() == ["pc_06dxk2m9w41f8h3r7tqv paid 2900 usd", "[204,204]"]
    assert run(body=body.replace("2900", "9900")) == ["[400,400]"]
