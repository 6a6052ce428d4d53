"""What happened, told to the outside: as a feed that is read and as webhooks that are sent.

Owns the tables public_events, feeds and sequencers, and what the sending needs. May touch tenancy alone: what an object of
billing or of a referral looks like is handed in by `wiring.py`.

`public_types` is the catalogue of what is told; `sequencing` gives each event its payload and its place; `feed` is read by
cursor; `pruning` forgets what is old.
"""
