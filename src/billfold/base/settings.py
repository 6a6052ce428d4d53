"""Every setting, read from the environment; `docs/operate/settings.md` lists the same and a test compares them."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from billfold.base.crypto import KEY_BYTES
from billfold.base.key_file import KeyFileUnsafe, read_or_make_key

PREFIX: Final = "BILLFOLD_"
_SQLITE: Final = "sqlite:///"
_POSTGRES: Final = ("postgresql://", "postgres://")
_DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


class SettingsInvalid(Exception):
    """The environment does not say what it must; the message names each variable and what to write."""


def _database_url(value: str) -> str:
    if value.startswith(_SQLITE) and value != _SQLITE:
        return value
    if value.startswith(_POSTGRES) and urlsplit(value).hostname:
        return value
    raise ValueError("must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE")


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://billing.example.com")
    return value.rstrip("/")


def networks_of(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Return the networks that a text lists, separated by commas; raises `ValueError` for what is none."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def _network_list(value: str) -> str:
    try:
        networks_of(value)
    except ValueError:
        raise ValueError("must list addresses or networks such as 10.0.0.0/8, 192.0.2.7, separated by commas") from None
    return value


def _smtp_url(value: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(value.get_secret_value())
        is_right = parts.scheme in {"smtps", "smtp", "smtp+plain"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_right = False
    # The text holds a password, so the cause is left out.
    if not is_right:
        raise ValueError("must be smtps://USER:PASSWORD@HOST:PORT, smtp://… or smtp+plain://…")
    return value


def _mail_address(value: str) -> str:
    address = parseaddr(value)[1]
    name, at, domain = address.rpartition("@")
    if not (name and at and domain) or any(character in value for character in "\r\n"):
        raise ValueError("must be an address such as billing@example.com or Billing <billing@example.com>")
    return value


def _domain_list(value: str) -> str:
    if not all(_DOMAIN.fullmatch(each) for each in _listed(value)):
        raise ValueError("must list domains such as example.com, example.org, separated by commas")
    return value


def _listed(text: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in text.split(",") if part.strip())


def _secret_key(value: SecretStr) -> SecretStr:
    decode_key(value.get_secret_value())
    return value


def decode_key(text: str) -> bytes:
    """Return the 32 bytes that a text holds in hexadecimal or base64 (URL-safe or not)."""
    try:
        return _of_right_length(bytes.fromhex(text))
    except ValueError:
        pass
    try:
        standard = text.replace("-", "+").replace("_", "/")
        return _of_right_length(base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True))
    except (ValueError, binascii.Error):
        message = f"must be {KEY_BYTES} bytes in hexadecimal or base64; make one with: openssl rand -hex {KEY_BYTES}"
        # The text itself may be a mistyped key, so the cause is left out.
        raise ValueError(message) from None


def _of_right_length(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError("wrong length")
    return key


WebAddress = Annotated[str, AfterValidator(_web_address)]
SecretKey = Annotated[SecretStr, AfterValidator(_secret_key)]


class Settings(BaseSettings):
    """What an operator decides; each field is the environment variable `BILLFOLD_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default="sqlite:///billfold.db",
        description=(
            "Where everything is kept: `sqlite:///FILE` (relative to the working directory; `sqlite:////var/lib/billfold.db` "
            "is absolute) for one server process, or `postgresql://USER:PASSWORD@HOST/DATABASE` for any number."
        ),
    )
    public_url: WebAddress = Field(
        default="http://127.0.0.1:8000",
        description=(
            "The address under which customers and Stripe reach this server. It begins every link that is sent out. The "
            "port of the default is `BILLFOLD_PORT`."
        ),
    )
    secret_key: SecretKey | None = Field(
        default=None,
        description=(
            "32 bytes in hexadecimal or base64 that seal the Stripe keys in the database. Required with PostgreSQL. With "
            "SQLite one is made and kept beside the database, in FILE.key, readable by its owner only."
        ),
    )
    previous_secret_key: SecretKey | None = Field(
        default=None,
        description="The secret key before the present one: still opens what it sealed, so that a key can be changed.",
    )
    stripe_api_base: WebAddress | None = Field(
        default=None,
        description=(
            "The base address of a Stripe-compatible API for connections with a key of your own. Empty: Stripe itself. "
            "Simulated connections do not use it."
        ),
    )
    simulator: bool = Field(
        default=True,
        description=(
            "Whether the built-in Stripe simulator answers. It only ever serves teams with a simulated connection. "
            "`false` shuts its addresses and has `billfold init` ask for a Stripe key."
        ),
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much is logged: `debug`, `info`, `warning` or `error`."
    )
    log_json: bool = Field(
        default=False, description="`true` writes each log line as one JSON object instead of readable text."
    )
    host: str = Field(default="127.0.0.1", description="The address that `billfold serve` listens on.")
    port: int = Field(default=8000, ge=0, le=65_535, description="The port that `billfold serve` listens on.")
    worker_concurrency: int = Field(default=16, ge=1, le=256, description="How many jobs a process runs side by side.")
    bad_keys_per_minute: int = Field(
        default=120,
        ge=0,
        description=(
            "How many requests with a wrong API key an address may send in a minute before it is answered 429, and as many "
            "with portal links that are not valid. A right one is never held up. `0`: no limit."
        ),
    )
    key_requests_per_minute: int = Field(
        default=1_000,
        ge=0,
        description="How many requests below `/v1` a key, or a signed-in member, may send in a minute. `0`: no limit.",
    )
    session_requests_per_minute: int = Field(
        default=100,
        ge=0,
        description=(
            "How many requests below `/v1` a customer's session may send in a minute, and a network that has no "
            "session yet. `0`: no limit."
        ),
    )

    trusted_proxies: Annotated[str, AfterValidator(_network_list)] | None = Field(
        default=None,
        description=(
            "The addresses or networks of the reverse proxies in front of this server, separated by commas, such as "
            "`127.0.0.1, 10.0.0.0/8`. Only what they add to `X-Forwarded-For` is believed. Empty: the header is not looked at."
        ),
    )
    events_days: int = Field(
        default=90,
        ge=1,
        description=(
            "For how many days the feed keeps a public event, and webhooks their deliveries. What a webhook has not taken by "
            "then is forgotten with them."
        ),
    )
    audit_log_days: int | None = Field(
        default=None,
        ge=400,
        description=(
            "After how many days a row of the audit log is removed, at least 400, for example `730`. Empty: never. The money's "
            "own books (transfers, rewards, payments, spends) are always kept."
        ),
    )
    sign_up: Literal["invitation", "open"] = Field(
        default="invitation",
        description=(
            "Who may make an account of his own. `invitation`: the first person, and then only whom a team invites. "
            "`open`: everybody who proves his e-mail address; each makes a team of his own."
        ),
    )
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp_url)] | None = Field(
        default=None,
        description=(
            "The mail server: `smtps://USER:PASSWORD@HOST:465` (TLS from the start), `smtp://USER:PASSWORD@HOST:587` (STARTTLS, "
            "insisted on) or `smtp+plain://127.0.0.1:25` (no TLS, for a relay on a network of your own). Special characters of "
            "the password are percent-encoded. Empty: mail is kept in the drawer instead of being sent."
        ),
    )
    mail_from: Annotated[str, AfterValidator(_mail_address)] = Field(
        default="billfold@example.com",
        description="The sender of every mail: `billing@example.com`, or with a name, `Billing <billing@example.com>`.",
    )
    mail_domains: Annotated[str, AfterValidator(_domain_list)] | None = Field(
        default=None,
        description=(
            "The domains for which the mail server may send beside that of `BILLFOLD_MAIL_FROM`, separated by commas, such as "
            "`example.com, example.org`: their SPF and DKIM records must name it. A project may then write from "
            "an address there, once whoever reads that mailbox has said so. Empty: only from `BILLFOLD_MAIL_FROM`."
        ),
    )
    webhook_concurrency: int = Field(
        default=256,
        ge=8,
        le=1_000,
        description=(
            "How many webhook requests a process sends side by side. Receivers that let it wait share half of them, each one at "
            "a time, so that they delay nobody else."
        ),
    )
    outbound_private: bool = Field(
        default=False,
        description=(
            "`true` lets addresses that teams enter (a login's keys, webhooks) be plain http and lead to this machine or "
            "its network: for development and tests only. Cloud metadata stays refused."
        ),
    )
    click_days: int = Field(
        default=400,
        ge=30,
        description=(
            "After how many days a click on somebody's link is removed, at least 30. Its count stays, and so does all that "
            "money depends on: who brought a customer is kept with the customer."
        ),
    )
    track_requests_per_minute: int = Field(
        default=120,
        ge=0,
        description=(
            "How many clicks a network may tell of in a minute with one publishable key before it is answered 429. `0`: no limit."
        ),
    )
    key_track_requests_per_minute: int = Field(
        default=60_000,
        ge=0,
        description=(
            "How many clicks an API key may tell of in a minute; they do not count among its other requests. `0`: no limit."
        ),
    )
    referral_project: str | None = Field(
        default=None,
        description=(
            "The project, `proj_…`, that a public call of the referral API is for when its host does not tell. Empty: the "
            "only one that runs a program for sign-ups."
        ),
    )
    referral_address_limit: int = Field(
        default=100,
        ge=0,
        description=(
            "How many conversions an address may ask for in 15 minutes before it is answered 429; this machine's own address "
            "is never limited. `0`: no limit."
        ),
    )
    referral_code_limit: int = Field(
        default=60,
        ge=0,
        description="How many conversions may be asked for with one referral code in an hour. `0`: no limit.",
    )

    @model_validator(mode="before")
    @classmethod
    def _follow_port(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Have the default address name the port that is really listened on."""
        if "public_url" in given or "port" not in given:
            return given
        return {**given, "public_url": f"http://127.0.0.1:{given['port']}"}

    @property
    def sqlite_path(self) -> Path | None:
        """The SQLite file, or None with PostgreSQL."""
        if not self.database_url.startswith(_SQLITE):
            return None
        return Path(self.database_url.removeprefix(_SQLITE))

    @property
    def sender_domains(self) -> frozenset[str]:
        """The domains of which a project may choose an address to write from, in lower case."""
        return _listed(self.mail_domains or "")

    def webhook_url(self, team_id: str) -> str:
        """Return the address at which a team receives Stripe's webhooks."""
        return f"{self.public_url}/api/webhooks/stripe/{team_id}"

    def keys(self) -> tuple[bytes, bytes | None]:
        """Return the secret key and the previous one, or raise `SettingsInvalid`; makes the key file if need be."""
        previous = self.previous_secret_key
        return self._key(), None if previous is None else decode_key(previous.get_secret_value())

    def _key(self) -> bytes:
        if self.secret_key is not None:
            return decode_key(self.secret_key.get_secret_value())
        path = self.sqlite_path
        if path is None:
            raise SettingsInvalid(
                f"{PREFIX}SECRET_KEY is required with PostgreSQL: every server must seal with the same key. "
                f"Make one with: openssl rand -hex {KEY_BYTES}"
            )
        if not path.parent.is_dir():
            raise SettingsInvalid(f"{PREFIX}DATABASE_URL: the directory {path.parent} does not exist.")
        try:
            return read_or_make_key(path.with_name(path.name + ".key"))
        except (KeyFileUnsafe, OSError) as error:
            raise SettingsInvalid(str(error)) from error


def load_settings(**given: object) -> Settings:
    """Read the environment; `given` (a command line) goes first. Raises `SettingsInvalid` naming every bad variable."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        # Only names and rules: the values may be secrets.
        sentences = [
            f"{PREFIX}{'_'.join(str(part) for part in each['loc'][:1]).upper()}: {each['msg'].removeprefix('Value error, ')}."
            for each in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        raise SettingsInvalid("\n".join(sentences)) from None
