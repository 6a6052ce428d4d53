"""When X happened, do Y: each reaction of the house is declared once, here (DESIGN sections 1 and 7).

`SUBSCRIBERS` names the event, the job that reacts to it and what makes the job's handler; `JOBS` are the jobs that no event
starts; `RECURRING` is what comes back by itself. `wiring.py` gives the first to the database and all handlers to the
worker; `billfold events` prints the table.
"""

from __future__ import annotations

from typing import Final

from billfold.domain.billing.events import (
    CardShared,
    CustomerDeleted,
    InvoiceCorrected,
    InvoicePaid,
    PaymentRefunded,
    SubscriptionStarted,
)
from billfold.domain.payouts.batches import PREPARE_JOB, SEND_BATCH_JOB
from billfold.domain.payouts.sending import SEND_JOB
from billfold.domain.referrals.earners import RECONCILE_EARNER_JOB
from billfold.domain.referrals.events import RewardAvailable
from billfold.subscribers import commissions, conversions, partner_letters, payouts, privacy, schedule, settlements
from billfold.subscribers.declarations import JobDeclaration, SealedSubscriber, Subscriber

SUBSCRIBERS: Final = (
    Subscriber(SubscriptionStarted, "referrals.convert", conversions.convert_on_subscription),
    Subscriber(InvoicePaid, "referrals.reward_payment", conversions.reward_payment),
    Subscriber(PaymentRefunded, "referrals.reward_refund", conversions.reward_refund),
    Subscriber(InvoiceCorrected, "referrals.reward_correction", conversions.reward_refund),
    Subscriber(CardShared, "referrals.review_card", commissions.review_card),
    Subscriber(CustomerDeleted, "referrals.deactivate_codes", conversions.deactivate_codes),
    Subscriber(RewardAvailable, "rewards.settle", settlements.settle_reward),
)
JOBS: Final = (
    JobDeclaration("rewards.release", settlements.release_reward),
    JobDeclaration(RECONCILE_EARNER_JOB, commissions.reconcile_earner),
    JobDeclaration(schedule.AUDIT_JOB, schedule.audit_ledger),
    JobDeclaration(schedule.SIGN_UPS_JOB, schedule.sweep_addresses),
    JobDeclaration(schedule.EXPIRE_JOB, schedule.expire_credits),
    JobDeclaration(schedule.DEALS_JOB, schedule.expire_open_deals),
    JobDeclaration(PREPARE_JOB, payouts.prepare),
    JobDeclaration(SEND_BATCH_JOB, payouts.send_batch),
    JobDeclaration(SEND_JOB, payouts.send_payout),
    JobDeclaration(payouts.ACCOUNTS_JOB, payouts.ask_about_accounts),
)
# What opens or seals what is kept; `wiring.py` gives these handlers the sealer.
SEALED: Final = (SealedSubscriber(CustomerDeleted, privacy.FORGET_DETAILS_JOB, privacy.forget_details),)
# What becomes a mail to a partner; `wiring.py` gives these handlers the post.
LETTERS: Final = partner_letters.LETTERS
RECURRING: Final = (*schedule.RECURRING, *payouts.RECURRING, *partner_letters.RECURRING)

__all__ = ["JOBS", "LETTERS", "RECURRING", "SEALED", "SUBSCRIBERS", "JobDeclaration", "SealedSubscriber", "Subscriber"]
