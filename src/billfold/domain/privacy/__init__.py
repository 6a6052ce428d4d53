"""Privacy: everything that is kept about a person, told as one document or made to tell of nobody (contract A34, B17).

May read and change every table of the packages below it, because a law asks for exactly that; owns none. `places` says which
table keeps what of whom, `person` finds who is meant, `scrubbing` are the pure rules, `export` and `erasure` the two verbs. The
ledger, rewards, payouts and wallets hold ids only and are never touched: the books stay whole, and the id tells of nobody.
"""
