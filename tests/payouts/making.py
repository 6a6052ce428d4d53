"""A partner who is owed something, and a payout of it, in any project: for tests of pages and of the API."""

from __future__ import annotations

from datetime import datetime

from billfold.base.crypto import Sealer
from billfold.base.ids import new_id
from billfold.domain.billing import customers
from billfold.domain.billing.customer_sign_in import mailbox_proofs
from billfold.domain.ledger import transfers
from billfold.domain.payouts import batches, payouts
from billfold.domain.payouts.methods import PayPal, set_method
from billfold.domain.payouts.preparation import prepare_batch
from billfold.domain.referrals import presets, programs
from billfold.domain.referrals.awards import posting
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.rewards import AVAILABLE, Reward, add_rewards
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.statements import command, insert_row

KEY = "partners"
PROVE = command(insert_row(mailbox_proofs).on_conflict_do_nothing())


def new_commission(program: Program, *, partner: str, referral_id: str, amount: int, unit: str, at: datetime) -> Reward:
    """Return a commission that is available."""
    number = new_id("")
    return Reward(
        id=f"rw_{number}",
        project_id=program.project_id,
        program_id=program.id,
        referral_id=referral_id,
        key=f"{partner}:{number}",
        rule=0,
        source_id=f"pi_{number}",
        terms_id=program.terms_id,
        earner_id=partner,
        unit=unit,
        amount=amount,
        settles_as="payout",
        status=AVAILABLE,
        release_at=at,
        payable_since=at,
        failure=None,
        settlement_id=None,
        settled_at=None,
        created_at=at,
        updated_at=at,
    )


async def give(tx: Writing, reward: Reward) -> None:
    """Give a commission."""
    await add_rewards(tx, [reward])
    await transfers.earn(tx, posting(reward, 0, reward.amount, at=reward.created_at))
    await transfers.release(tx, posting(reward, 1, reward.amount, at=reward.created_at))


async def prove(tx: Writing, project_id: str, customer_id: str, at: datetime) -> None:
    """Prove a customer's mailbox, as a sign-in by mail does."""
    customer = await customers.get(tx, project_id, customer_id)
    await tx.run(
        PROVE,
        project_id=project_id,
        customer_id=customer_id,
        email_normalised=customer.email_normalised,
        proved_at=at,
    )


async def owe(
    db: Database,
    sealer: Sealer,
    *,
    project_id: str,
    customer_id: str,
    referral_id: str,
    at: datetime,
    amount: int = 9000,
    unit: str = "usd",
) -> Program:
    """Owe a customer something by the project's partner program, and let him say how he is paid."""

    async def unit_of_work(tx: Writing) -> Program:
        program = await programs.configure(
            tx, project_id=project_id, key=KEY, enabled=True, content=presets.partner_program(), at=at
        )
        await prove(tx, project_id, customer_id, at)
        await set_method(
            tx, sealer, project_id=project_id, customer_id=customer_id, details=PayPal("jane@example.com"), at=at
        )
        made = new_commission(program, partner=customer_id, referral_id=referral_id, amount=amount, unit=unit, at=at)
        await give(tx, made)
        return program

    return await db.write(unit_of_work)


async def prepare(db: Database, program: Program, *, team_id: str, now: datetime) -> tuple[str, str]:
    """Prepare a batch and return its id and that of its first payout."""
    batch = await db.write(batches.add_batch, team_id=team_id, program=program, by="owner@example.com", now=now)
    await prepare_batch(db, project_id=program.project_id, batch_id=batch.id, now=now)
    made = await db.read(payouts.of_batch, program.project_id, batch.id, status=payouts.INTENT, after="", limit=1)
    return batch.id, made[0].payout.id
