"""`POST /api/referral/convert` against a FastAPI route that returns a constant of the same shape.

Each call brings an address that was never there: it writes the referral, the reward, five transfers and the wallet, and is
answered after the commit that holds all of it. 64 people's codes take turns. Sixteen connections, a closed loop; each round
measures both, the other server held still. After its round Billfold tells its feed of the conversions, which rests while the
doors are busy: that is waited for and told apart. At the end every credit is counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import OctKey

from bench import load
from bench.postgres import create_database, postgres_server
from bench.processes import Installation, Server, baseline, install, running
from bench.report import Options, Report

CONNECTIONS: Final = 16
_PEOPLE: Final = 64
_PATH: Final = "/api/referral/convert"
_ISSUER: Final = "https://login.example.com"
_SECRET: Final = "known to this benchmark alone, and to nobody else"  # noqa: S105 - opens nothing
# In 2100: the token is for preparing, and its life is not what is measured.
_EXPIRES: Final = 4_102_444_800
_LIMITS: Final = {"BILLFOLD_REFERRAL_ADDRESS_LIMIT": "0", "BILLFOLD_REFERRAL_CODE_LIMIT": "0"}


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    if "sqlite" in options.databases:
        _measure(f"sqlite:///{options.directory / 'billfold.db'}", "SQLite, synchronous=FULL", options, report)
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            _measure(create_database(server, "billfold_bench_sign_ups"), "PostgreSQL", options, report)


def _measure(url: str, name: str, options: Options, report: Report) -> None:
    requests = options.count(3_000)
    report.head(f"Sign-ups on {name}: {requests:,} requests a round, {CONNECTIONS} connections")
    made = install(url, options.directory, environment=_LIMITS)
    with made.serve() as billfold, baseline("constant", options.directory) as constant:
        codes = _prepare(made)
        converts = _converts(codes)
        again = next(converts)
        rates: dict[str, list[float]] = {}
        microseconds: dict[str, list[float]] = {}
        afterwards: list[float] = []
        converted = 0

        def take(label: str, server: Server, make: Callable[[], bytes]) -> None:
            prepared = [make() for _ in range(requests)]
            with running([billfold, constant], server):
                before = server.processor_seconds()
                outcome = load.run(server.port, prepared, connections=CONNECTIONS).expect(200)
                used = server.processor_seconds() - before
                if server is billfold:
                    afterwards.append(server.settle() / requests * 1e6)
            if json.loads(outcome.last_body)["data"]["converted"] is not True:
                raise SystemExit(f"{label} did not convert: {outcome.last_body!r}")
            rates.setdefault(label, []).append(outcome.per_second)
            microseconds.setdefault(label, []).append(used / requests * 1e6)

        for _ in range(options.rounds(5) + 1):
            take("POST convert, constant", constant, lambda: again)
            take("POST convert, Billfold", billfold, lambda: next(converts))
            converted += requests
        _count_credits(made, converted)
    for label, values in rates.items():
        del values[0], microseconds[label][0]  # the round that warms up
        report.figure(label, values, "requests/s")
        report.figure(f"{label}: processor time", microseconds[label], "µs/request")
    report.figure("afterwards, for the feed: processor time", afterwards[1:], "µs/request")
    report.ratio(
        "POST convert: Billfold / constant",
        rates["POST convert, Billfold"],
        rates["POST convert, constant"],
        at_least=0.3,
    )


def _prepare(made: Installation) -> list[str]:
    """Set the program and the login up, and return everybody's code."""
    rule = {
        "earner": "referrer",
        "earnedOn": "conversion",
        "amount": {"type": "fixed", "value": 5, "unit": "ai_credits"},
        "settlesAs": "wallet",
    }
    program = {"enabled": True, "convertsOn": "signup", "rules": [rule]}
    made.call("PUT", f"{made.project_path}/programs/sign_up_bonus", program)
    login = {"issuer": _ISSUER, "audiences": ["bench"], "kind": "secret", "secret": _SECRET}
    made.call("PUT", f"{made.project_path}/identity-provider", login)

    def code(number: int) -> str:
        return str(made.call("GET", "/api/referral/link", bearer=_token(number))["data"]["code"])

    with ThreadPoolExecutor(8) as callers:
        return list(callers.map(code, range(_PEOPLE)))


def _token(number: int) -> str:
    claims: dict[str, Any] = {
        "iss": _ISSUER,
        "aud": "bench",
        "sub": f"person-{number}",
        "email": f"person-{number}@example.com",
        "email_verified": True,
        "exp": _EXPIRES,
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(_SECRET))


def _converts(codes: list[str]) -> Iterator[bytes]:
    """Yield sign-ups of new addresses by one code after the other."""
    for number in count():
        body = {"referralCode": codes[number * 37 % len(codes)], "email": f"friend-{number}@example.com"}
        # The first is the constant's: what is not sent to Billfold is not counted.
        yield load.post(_PATH, json.dumps(body).encode())


def _count_credits(made: Installation, converted: int) -> None:
    """Compare what the wallets hold with what was answered."""
    rewards = sum(
        made.call("GET", "/api/referral/stats", bearer=_token(number))["data"]["totalRewards"]
        for number in range(_PEOPLE)
    )
    if rewards != 5 * converted:
        raise SystemExit(f"{converted} converted, and {rewards} credits were awarded")
