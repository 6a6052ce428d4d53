"""The audit log: what no key did has an index; a row may go after 400 days, and until then the database refuses it, as before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_REFUSAL = "rows of audit_log are never changed: add a correcting row"
_SECONDS = 400 * 86_400


def upgrade() -> None:
    """Add the index, and replace the trigger that refuses DELETE by one that looks at the row's age."""
    op.create_index(
        "ix_audit_log_people",
        "audit_log",
        ["team_id", "sequence"],
        sqlite_where=sa.text("actor_kind <> 'key'"),
        postgresql_where=sa.text("actor_kind <> 'key'"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_log_refuse_delete")
        op.execute(
            "CREATE TRIGGER audit_log_refuse_delete BEFORE DELETE ON audit_log "
            f"WHEN OLD.recorded_at > (CAST(strftime('%s', 'now') AS INTEGER) - {_SECONDS}) * 1000000 "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_log_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF TG_OP = 'DELETE' AND OLD.recorded_at <= (extract(epoch FROM now()) - {_SECONDS}) * 1000000 "
        f"THEN RETURN OLD; END IF; RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
