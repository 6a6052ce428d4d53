"""Payouts: what a program owes its earners leaves the house, once, to the cent, and back again if it does not arrive.

Owns the tables payout_settings, payees, payout_methods, payout_batches, payouts, payout_lines and payout_steps. Moves money with
the ledger's `withdraw`, `paid`, `returned` and `recall`, and writes down on each reward what payouts took of it. Knows
programs, rewards and customers; partners, who stand beside it, are to it customers who earn.

`settings` says what a program asks before it pays, `payees` and `methods` who is paid how, `rules` judges, `dues` says what is
owed, `batches` and `preparation` make a run of payouts, `payouts` holds them, `outcomes` moves one on, `sending` and
`rails` take it to Stripe or to whoever pays by hand, `exports` writes files for banks, `statement` reads the ledger by the
month, `audit` compares it all.
"""
