from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import pytest

from billfold.base.settings import PREFIX, Settings, SettingsInvalid, load_settings

KEY = bytes(range(32))
PAGE = Path(__file__).parents[2] / "docs" / "operate" / "settings.md"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def test_the_page_lists_every_setting_with_its_default_and_meaning() -> None:
    expected = {
        f"{PREFIX}{name.upper()}": (_shown(field.default), field.description)
        for name, field in Settings.model_fields.items()
    }
    rows = re.findall(r"^\| `(BILLFOLD_\w+)` \| (\S+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: (default, meaning) for name, default, meaning in rows} == expected


def _shown(default: object) -> str:
    if default is None:
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


@pytest.mark.parametrize(
    "text", [KEY.hex(), base64.b64encode(KEY).decode(), base64.urlsafe_b64encode(KEY).decode().rstrip("=")]
)
def test_a_secret_key_is_read_in_hexadecimal_and_both_kinds_of_base64(text: str) -> None:
    settings = load_settings(secret_key=text, previous_secret_key=text)
    assert settings.keys() == (KEY, KEY)


def test_a_bad_key_is_refused_without_being_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLFOLD_SECRET_KEY", "correct horse")
    with pytest.raises(
        SettingsInvalid, match=r"BILLFOLD_SECRET_KEY: must be 32 bytes.*openssl rand -hex 32"
    ) as refusal:
        load_settings()
    assert "horse" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "mysql://db/x", "sqlite:///FILE or postgresql://"),
        ("DATABASE_URL", "sqlite:///", "sqlite:///FILE"),
        ("PUBLIC_URL", "billing.example.com", "https://billing.example.com"),
        ("STRIPE_API_BASE", "ftp://stripe.example.com", "must be an address"),
        ("PORT", "eighty", "integer"),
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_a_bad_value_names_its_variable_and_what_is_right(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsInvalid, match=f"^{PREFIX}{name}: .*{re.escape(words)}"):
        load_settings()


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLFOLD_PORT", "9000")
    monkeypatch.setenv("BILLFOLD_HOST", "")
    settings = load_settings(port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "127.0.0.1")
    assert settings.webhook_url("team_1") == "http://127.0.0.1:9001/api/webhooks/stripe/team_1"


def test_a_public_address_loses_its_last_slash() -> None:
    settings = load_settings(public_url="https://billing.example.com/", port=9001)
    assert settings.public_url == "https://billing.example.com"


def test_postgresql_requires_a_secret_key() -> None:
    settings = load_settings(database_url="postgresql://db.example.com/billfold")
    with pytest.raises(SettingsInvalid, match="BILLFOLD_SECRET_KEY is required"):
        settings.keys()


def test_with_sqlite_a_key_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    settings = load_settings(database_url=f"sqlite:///{tmp_path / 'billfold.db'}")
    key, previous = settings.keys()
    assert len(key) == 32
    assert previous is None
    assert settings.keys() == (key, None)
    [file] = tmp_path.iterdir()
    assert file.name == "billfold.db.key"
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    settings = load_settings(database_url=f"sqlite:///{tmp_path / 'billfold.db'}")
    settings.keys()
    (tmp_path / "billfold.db.key").chmod(0o644)
    with pytest.raises(SettingsInvalid, match="chmod 600"):
        settings.keys()


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "billfold.db.key"
    file.write_text("00ff", encoding="ascii")
    file.chmod(0o600)
    with pytest.raises(SettingsInvalid, match="does not hold a secret key"):
        load_settings(database_url=f"sqlite:///{tmp_path / 'billfold.db'}").keys()


def test_settings_do_not_show_their_secrets() -> None:
    settings = load_settings(secret_key=KEY.hex())
    assert KEY.hex() not in repr(settings)
