"""Fewer index pages and look-ups for a sign-up: what every row of it pays for and nobody asks is left out. Figures are kept."""

from __future__ import annotations

import re
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

# Table: the constraints that go.
_DROPPED: Final = {
    "referrals": (
        "fk_referrals_code_id",
        "uq_referrals_pair_sponsor_scope",
        "uq_referrals_referee_id_sponsor_scope",
        "uq_referrals_referee_mailbox_sponsor_scope",
    ),
    "rewards": ("fk_rewards_project_id", "fk_rewards_referral_id", "uq_rewards_project_id_key"),
    "wallet_grants": ("fk_wallet_grants_project_id",),
    "ledger_transfers": ("fk_ledger_transfers_project_id",),
}
# Table: the constraint that comes, for SQLite's words of it.
_ADDED: Final = {"rewards": "CONSTRAINT uq_rewards_referral_id_key UNIQUE (referral_id, key)"}
_UNIQUE_WHERE_THERE: Final = {
    "uq_referrals_referee": "referee_id",
    "uq_referrals_pair": "pair",
    "uq_referrals_mailbox": "referee_mailbox",
}


def upgrade() -> None:
    """Drop foreign keys to rows that are never removed, and have the unique indexes of referrals hold only what is there."""
    op.drop_index("ix_rewards_referral", "rewards")
    op.drop_index("ix_referrals_referrer", "referrals")
    if op.get_bind().dialect.name == "sqlite":
        for table, names in _DROPPED.items():
            _rebuild(table, names)
    else:
        for table, names in _DROPPED.items():
            for name in names:
                op.drop_constraint(name, table)
        op.create_unique_constraint("uq_rewards_referral_id_key", "rewards", ["referral_id", "key"])
    for name, column in _UNIQUE_WHERE_THERE.items():
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            name, "referrals", [column, "sponsor_scope"], unique=True, sqlite_where=there, postgresql_where=there
        )
    op.create_index("ix_referrals_referrer", "referrals", ["referrer_id", "program_id", "id", "status"])
    op.create_table(
        "kept_figures",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("took_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_kept_figures_project_id"),
        sa.PrimaryKeyConstraint("project_id", name="pk_kept_figures"),
    )


def _rebuild(table: str, dropped: tuple[str, ...]) -> None:
    """Make a table anew without some of its constraints: SQLite cannot drop one. Whatever else it has been given stays.

    Migrations run without `PRAGMA foreign_keys`, so other tables keep pointing at it by its name meanwhile.
    """
    bind = op.get_bind()
    words = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type = :type AND sql IS NOT NULL")
    created = bind.execute(words, {"name": table, "type": "table"}).scalar_one()
    kept = [
        sql for kind in ("index", "trigger") for (sql,) in bind.execute(words, {"name": table, "type": kind}).fetchall()
    ]
    columns = ", ".join(f'"{row[1]}"' for row in bind.execute(sa.text(f"PRAGMA table_info({table})")))
    op.execute(sa.text(_without(created, table, dropped).replace(":", "\\:")))
    op.execute(f"INSERT INTO {table}_anew ({columns}) SELECT {columns} FROM {table}")  # noqa: S608 - our own names
    op.drop_table(table)
    op.rename_table(f"{table}_anew", table)
    for sql in kept:
        op.execute(sa.text(sql.replace(":", "\\:")))


def _without(created: str, table: str, dropped: tuple[str, ...]) -> str:
    """Return the words that create the table under its passing name."""
    made = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_anew", created)
    for name in dropped:
        made, found = re.subn(
            rf',\s*CONSTRAINT "?{name}"? (UNIQUE|FOREIGN KEY)\s*\([^)]*\)(\s*REFERENCES "?\w+"?\s*\([^)]*\))?', "", made
        )
        if found != 1:
            raise RuntimeError(f"The table {table} has no constraint {name}, or more than one.")
    added = _ADDED.get(table)
    # Before the first constraint: columns that were added later stand behind the last one.
    return made if added is None else re.sub(r"(,\s*)(CONSTRAINT )", rf"\1{added},\n\t\2", made, count=1)
