"""Letters over real TLS, from the start and by STARTTLS: a certificate that does not hold gets neither letter nor password."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from billfold.base.clock import MovableClock
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.mail.mailbox import ListedMail, all_mails
from tests.mail.smtp_server import smtp_server
from tests.mail.test_delivery import LETTER, NOW, a_worker, post

# The certificates are judged by this machine's clock.
_TODAY: Final = datetime.now(UTC)
_DAY: Final = timedelta(days=1)
_SCHEMES: Final = {True: "smtps", False: "smtp"}


class Authority:
    """Whoever signs certificates; `trust` has this process believe it, as an operator's system would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Authority")])
        self._certificate = (
            self._builder(self._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def trust(self, monkeypatch: pytest.MonkeyPatch) -> None:
        path = self._folder / "authority.pem"
        path.write_bytes(self._certificate.public_bytes(Encoding.PEM))
        monkeypatch.setenv("SSL_CERT_FILE", str(path))

    def server(self, *, host: str = "127.0.0.1", until: datetime = _TODAY + _DAY) -> ssl.SSLContext:
        """Return what a server of this name shows, with a certificate that is good until then."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
        try:
            alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            alternative = x509.DNSName(host)
        certificate = (
            self._builder(name, key, until=until)
            .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        path = self._folder / "server.pem"
        path.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + certificate.public_bytes(Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _builder(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, *, until: datetime = _TODAY + _DAY
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_TODAY - 3 * _DAY)
            .not_valid_after(until)
        )


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


async def hand_in(db: Database, url: str) -> ListedMail:
    """Have a letter handed in and return what became of it."""
    await post(db, LETTER)
    await a_worker(db, MovableClock(NOW), url).drain()
    return (await db.read(all_mails))[0]


def url(port: int, *, from_the_start: bool) -> str:
    return f"{_SCHEMES[from_the_start]}://ines:p%40ss@127.0.0.1:{port}"


@pytest.mark.parametrize("from_the_start", [True, False])
async def test_a_letter_and_the_password_go_under_tls(
    db: Database, authority: Authority, monkeypatch: pytest.MonkeyPatch, *, from_the_start: bool
) -> None:
    authority.trust(monkeypatch)
    async with smtp_server(authority.server(), from_the_start=from_the_start) as server:
        mail = await hand_in(db, url(server.port, from_the_start=from_the_start))
        assert (mail.status, mail.error) == ("sent", None)
        assert server.letters[0]["Subject"] == LETTER.subject
        plainly = [word for word, is_safe in server.heard if not is_safe]
        assert plainly == ([] if from_the_start else ["EHLO", "STARTTLS"])
        assert ("AUTH", True) in server.heard


@pytest.mark.parametrize("from_the_start", [True, False])
@pytest.mark.parametrize("fault", ["unknown authority", "other name", "expired"])
async def test_a_certificate_that_does_not_hold_gets_nothing(
    db: Database, authority: Authority, monkeypatch: pytest.MonkeyPatch, *, from_the_start: bool, fault: str
) -> None:
    if fault != "unknown authority":
        authority.trust(monkeypatch)
    host = "mail.example.com" if fault == "other name" else "127.0.0.1"
    context = authority.server(host=host, until=_TODAY + (-_DAY if fault == "expired" else _DAY))
    async with smtp_server(context, from_the_start=from_the_start) as server:
        mail = await hand_in(db, url(server.port, from_the_start=from_the_start))
        assert mail.status == "waiting"
        assert "certificate" in (mail.error or "")
        assert server.taken == []
        assert not {"AUTH", "MAIL", "RCPT", "DATA"} & {word for word, _ in server.heard}


async def test_a_server_that_offers_no_tls_is_told_neither_password_nor_letter(db: Database) -> None:
    async with smtp_server() as server:
        mail = await hand_in(db, url(server.port, from_the_start=False))
        assert mail.status == "waiting"
        assert "STARTTLS" in (mail.error or "")
        assert server.taken == []
        assert not {"AUTH", "MAIL", "RCPT", "DATA"} & {word for word, _ in server.heard}
