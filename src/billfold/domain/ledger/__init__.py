"""The ledger: who is owed what, as transfers that are never changed (DESIGN section 4).

Owns the tables ledger_transfers and ledger_balances. Touches nothing of the other packages but the projects that its rows
belong to; programs and customers above it are known here only by their ids.

`transfers` holds the seven verbs (earn, release, reverse, grant, withdraw, paid, returned), `earnings` posts what several
owners earn at once, `statement` reads an owner's transfers and balances, `audit` recomputes every balance from the
transfers. The database itself refuses changes of a transfer (`infrastructure/db/immutable.py`).
"""
