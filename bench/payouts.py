"""A batch of payouts for 10,000 partners: how long its preview takes, and how long it takes to make it.

Each partner has three commissions, a way to be paid and a proved mailbox. The preview reads everybody and judges; the batch is
prepared by the units that a request and its job use, so what is timed ends with payouts, lines and ledger durable. Everything
runs in this process: no HTTP is between the clock and the work.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import sqlalchemy as sa

import billfold.wiring  # noqa: F401 - registers every table
from bench.population import customer_id, populate
from bench.postgres import create_database, postgres_server
from bench.processes import Installation, install
from bench.report import Options, Report
from billfold.base.crypto import Sealer
from billfold.domain.billing.customer_sign_in import mailbox_proofs
from billfold.domain.billing.customers import get as get_customer
from billfold.domain.ledger.earnings import Earned, earn_together
from billfold.domain.payouts import batches
from billfold.domain.payouts.methods import PayPal, set_method
from billfold.domain.payouts.preparation import prepare_batch, preview_all
from billfold.domain.referrals import presets, programs
from billfold.domain.referrals.awards import posting
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.referrals import referrals
from billfold.domain.referrals.rewards import AVAILABLE, Reward, add_rewards
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.opening import open_database
from billfold.infrastructure.db.statements import command, insert_row, query

_PARTNERS: Final = 10_000
_COMMISSIONS: Final = 3
_CENTS: Final = 2_500
_TARGET_SECONDS: Final = 5.0
_STRETCH: Final = 250
_PROVE: Final = command(insert_row(mailbox_proofs))
_A_REFERRAL: Final = query(
    sa.select(referrals.c.id).where(referrals.c.project_id == sa.bindparam("project_id")).limit(1), str
)
Item = TypeVar("Item")


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    if "sqlite" in options.databases:
        url = f"sqlite:///{options.directory / 'billfold.db'}"
        _measure(url, "SQLite, synchronous=FULL", options, report)
    if "postgres" in options.databases:
        with postgres_server(options.postgres_url, options.directory) as server:
            _measure(create_database(server, "billfold_bench_payouts"), "PostgreSQL", options, report)


def _measure(url: str, name: str, options: Options, report: Report) -> None:
    partners = options.count(_PARTNERS)
    report.head(f"Payouts on {name}: {partners:,} partners, {_COMMISSIONS} commissions each")
    made = install(url, options.directory)
    populate(made, customers=partners, referrals=3)
    # Half of the partners cannot be paid twice: each round has commissions of its own.
    previews, prepared, payouts = asyncio.run(_rounds(made, partners, options.rounds(3)))
    report.judge("preview of all partners", previews, "s", at_most=_TARGET_SECONDS)
    report.judge("batch prepared, every payout durable", prepared, "s", at_most=_TARGET_SECONDS)
    report.note(f"{payouts:,} payouts a round")


async def _rounds(made: Installation, partners: int, rounds: int) -> tuple[list[float], list[float], int]:
    db = open_database(made.database_url)
    await db.start()
    try:
        program = await _open_program(db, made, partners)
        previews, prepared, payouts = [], [], 0
        for number in range(rounds):
            await _earn(db, made, program, partners, number)
            now = datetime.now(UTC)
            started = time.perf_counter()
            candidates = await preview_all(db, program)
            previews.append(time.perf_counter() - started)
            batch = await db.write(batches.add_batch, team_id=made.team_id, program=program, by="bench", now=now)
            started = time.perf_counter()
            await prepare_batch(db, project_id=made.project_id, batch_id=batch.id, now=now)
            prepared.append(time.perf_counter() - started)
            payouts = (await db.read(batches.get_batch, made.project_id, batch.id)).payouts
            if payouts != partners or len(candidates) != partners:
                raise SystemExit(f"{payouts} of {partners} partners were paid, {len(candidates)} previewed")
        return previews, prepared, payouts
    finally:
        await db.stop()


async def _open_program(db: Database, made: Installation, partners: int) -> Program:
    sealer, now = Sealer(b"k" * 32), datetime.now(UTC)
    program = await db.write(
        programs.configure,
        project_id=made.project_id,
        key="partners",
        enabled=True,
        content=presets.partner_program(),
        at=now,
    )

    async def unit(tx: Writing, numbers: Sequence[int]) -> None:
        for number in numbers:
            customer = await get_customer(tx, made.project_id, customer_id(number))
            await tx.run(
                _PROVE,
                project_id=made.project_id,
                customer_id=customer.id,
                email_normalised=customer.email_normalised,
                proved_at=now,
            )
            await set_method(
                tx,
                sealer,
                project_id=made.project_id,
                customer_id=customer.id,
                details=PayPal(f"person{number}@example.com"),
                at=now,
            )

    for stretch in _stretches(range(partners)):
        await db.write(unit, stretch)
    return program


async def _earn(db: Database, made: Installation, program: Program, partners: int, number: int) -> None:
    now = datetime.now(UTC)

    async def find(tx: Any) -> str:
        return str(await tx.one(_A_REFERRAL, project_id=made.project_id))

    referral_id = await db.read(find)

    async def unit(tx: Writing, people: Sequence[int]) -> None:
        made_rewards = [
            _reward(program, referral_id, f"{number}:{person}:{count}", earner_id=customer_id(person), now=now)
            for person in people
            for count in range(_COMMISSIONS)
        ]
        await add_rewards(tx, made_rewards)
        earned = [
            Earned(posting(each, 0, each.amount, at=now), release=posting(each, 1, each.amount, at=now))
            for each in made_rewards
        ]
        await earn_together(tx, earned)

    for stretch in _stretches(range(partners)):
        await db.write(unit, stretch)


def _reward(program: Program, referral_id: str, key: str, *, earner_id: str, now: datetime) -> Reward:
    return Reward(
        id=f"rw_{key.replace(':', '_')}",
        project_id=program.project_id,
        program_id=program.id,
        referral_id=referral_id,
        key=key,
        rule=0,
        source_id=f"pay_{key}",
        terms_id=program.terms_id,
        earner_id=earner_id,
        unit="usd",
        amount=_CENTS,
        settles_as="payout",
        status=AVAILABLE,
        release_at=now,
        payable_since=now,
        failure=None,
        settlement_id=None,
        settled_at=None,
        created_at=now,
        updated_at=now,
    )


def _stretches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _STRETCH):
        yield items[start : start + _STRETCH]
