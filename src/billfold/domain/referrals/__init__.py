"""Referrals: someone brings someone; when something happens, somebody earns something, under conditions (DESIGN section 3).

Owns the tables programs, terms, participants, referral_codes, referrals and rewards. May touch billing (whose customers take
part and whose payments earn), the ledger (where every reward is kept as transfers) and tenancy below it. A program is
data: `presets` holds the constructors, and nothing here branches on which preset a program was made from.

`rules` is pure: what should have been earned for some facts. `rewards` posts the difference to what the ledger says.
"""
