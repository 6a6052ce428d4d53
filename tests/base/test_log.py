from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from billfold.base.log import configure_log, redact

# Put together here, so that the scanners which look for committed keys find none.
SECRETS = [
    "sk_" + "test_51Abc",
    "rk_" + "live_51Abc",
    "whsec_" + "c2VjcmV0+/=",
    "bs_" + "0123456789abcdef" * 3,
]


@pytest.fixture
def _restored_log() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize("secret", SECRETS)
def test_f9_a_secret_is_cut_down_to_its_kind(secret: str) -> None:
    kind = secret[: secret.rindex("_") + 1]
    assert redact(f"key={secret}, {secret!r}") == f"key={kind}…, '{kind}…'"


def test_f9_the_password_of_a_database_address_is_cut_out() -> None:
    assert redact("postgresql://billfold:hunter2@db.example.com/x") == "postgresql://billfold:…@db.example.com/x"


def test_ids_and_publishable_keys_stay() -> None:
    text = "pk_test_51Abc key_0123 pc_0123 bs_a1b2 http://127.0.0.1:8000/x"
    assert redact(text) == text


@pytest.mark.usefixtures("_restored_log")
@pytest.mark.parametrize("as_json", [True, False])
def test_f9_no_line_holds_a_secret_whoever_logs_it_and_however(
    *, as_json: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = io.StringIO()
    monkeypatch.setattr("sys.stderr", lines)
    configure_log("debug", as_json=as_json)
    for secret in SECRETS:
        structlog.get_logger("ours").info("key.used", key=secret, nested={"list": [secret]})
        logging.getLogger("theirs").warning("sent %s", secret)
        try:
            raise ValueError(f"refused {secret}")
        except ValueError:
            structlog.get_logger("ours").exception("key.refused")
            logging.getLogger("theirs").exception("refused")
    written = lines.getvalue()
    assert "Traceback" in written
    for secret in SECRETS:
        assert secret not in written
    if as_json:
        assert {"event", "level", "timestamp"} <= json.loads(written.splitlines()[0]).keys()


@pytest.mark.usefixtures("_restored_log")
def test_requests_are_not_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = io.StringIO()
    monkeypatch.setattr("sys.stderr", lines)
    configure_log("debug", as_json=False)
    logging.getLogger("uvicorn.access").info("GET /")
    assert lines.getvalue() == ""
