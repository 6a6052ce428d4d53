"""Projects write from an address of their own, partners keep their contact details, and the audit log knows customers."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_KINDS: Final = "actor_kind IN ('member', 'key', 'customer', 'system')"
_REFUSAL: Final = "rows of audit_log are never changed: add a correcting row"
_SECONDS: Final = 400 * 86_400
_COPIED: Final = (
    "sequence, team_id, project_id, actor_kind, actor_id, actor_name, address, action, subject, details, recorded_at"
)
# What partners did was written down as the system's, with their id and address.
_OF_CUSTOMER: Final = "actor_kind = 'system' AND actor_id IS NOT NULL"


def upgrade() -> None:
    """Add the columns and the table, and let the log name a customer as the actor."""
    op.add_column("partner_letter_settings", sa.Column("sender_address", sa.Text()))
    op.add_column("partner_letter_settings", sa.Column("sender_confirmed_at", sa.BigInteger()))
    op.add_column("mails", sa.Column("sender_address", sa.Text()))
    op.create_table(
        "partner_contacts",
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("company", sa.Text()),
        sa.Column("website", sa.Text()),
        sa.Column("postal_address", sa.Text()),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_partner_contacts_partner_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_partner_contacts_project_id"),
        sa.PrimaryKeyConstraint("partner_id", name="pk_partner_contacts"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_log()
        return
    op.drop_constraint("ck_audit_log_actor_kind", "audit_log")
    op.create_check_constraint("ck_audit_log_actor_kind", "audit_log", _KINDS)
    op.execute("ALTER TABLE audit_log DISABLE TRIGGER audit_log_refuse_change")
    op.execute(f"UPDATE audit_log SET actor_kind = 'customer', actor_name = '' WHERE {_OF_CUSTOMER}")  # noqa: S608 - our own names
    op.execute("ALTER TABLE audit_log ENABLE TRIGGER audit_log_refuse_change")


def _rebuild_log() -> None:
    """Make the table anew: SQLite cannot change a constraint. Nothing points at it."""
    op.create_table(
        "audit_log_with_customers",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text()),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text()),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(_KINDS, name="ck_audit_log_actor_kind"),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_log"),
    )
    chosen = _COPIED.replace("actor_kind", f"CASE WHEN {_OF_CUSTOMER} THEN 'customer' ELSE actor_kind END").replace(
        "actor_name", f"CASE WHEN {_OF_CUSTOMER} THEN '' ELSE actor_name END"
    )
    op.execute(f"INSERT INTO audit_log_with_customers ({_COPIED}) SELECT {chosen} FROM audit_log")  # noqa: S608 - our own names
    op.drop_table("audit_log")
    op.rename_table("audit_log_with_customers", "audit_log")
    by_people = sa.text("actor_kind <> 'key'")
    op.create_index("ix_audit_log_team_id", "audit_log", ["team_id", "sequence"])
    op.create_index("ix_audit_log_people", "audit_log", ["team_id", "sequence"], sqlite_where=by_people)
    op.create_index("ix_audit_log_subject", "audit_log", ["team_id", "subject", "sequence"], sqlite_where=by_people)
    op.execute(
        "CREATE TRIGGER audit_log_refuse_update BEFORE UPDATE ON audit_log "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_log_refuse_delete BEFORE DELETE ON audit_log "
        f"WHEN OLD.recorded_at > (CAST(strftime('%s', 'now') AS INTEGER) - {_SECONDS}) * 1000000 "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )
