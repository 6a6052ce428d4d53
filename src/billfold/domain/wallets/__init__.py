"""Wallets: credits in a project's own units (`ai_credits`) that its customers hold and the app lets them spend.

Owns the tables wallets, wallet_settings, wallet_grants and wallet_spends. May touch billing (whose customers hold them),
the ledger (where every credit is a transfer) and tenancy below it. A wallet is (project, customer, unit).

`grants` adds credits, takes back what is unspent and closes what has expired; `spends` draws, many requests in one unit;
`rules` is pure: what is drawn first, and what is left of the month's allowance. `allowances` holds the settings, `wallets`
locks and shows, `audit` compares all of it with the ledger.
"""
