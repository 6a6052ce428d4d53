"""The tokens of projects' own logins, customers' sessions, and customers without a Stripe customer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create identity providers, their users and customers' sessions; let a customer be without a Stripe customer."""
    op.create_table(
        "identity_providers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("audiences", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("algorithms", sa.Text(), nullable=False),
        sa.Column("jwks_url", sa.Text()),
        sa.Column("jwks", sa.Text()),
        sa.Column("secret_sealed", sa.Text()),
        sa.Column("leeway_seconds", sa.BigInteger(), nullable=False),
        sa.Column("proves_emails", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('jwks_url', 'jwks', 'secret')", name="ck_identity_providers_kind"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_identity_providers_team_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_identity_providers_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_identity_providers"),
        sa.UniqueConstraint("project_id", "issuer", name="uq_identity_providers_project_id_issuer"),
    )
    op.create_table(
        "identity_audiences",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_identity_audiences_project_id"),
        sa.ForeignKeyConstraint(["provider_id"], ["identity_providers.id"], name="fk_identity_audiences_provider_id"),
        sa.PrimaryKeyConstraint("issuer", "audience", name="pk_identity_audiences"),
    )
    op.create_index("ix_identity_audiences_provider_id", "identity_audiences", ["provider_id"])
    op.create_table(
        "customer_identities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("proved_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_customer_identities_project_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_customer_identities_customer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customer_identities"),
        sa.UniqueConstraint("project_id", "issuer", "subject", name="uq_customer_identities_project_id_issuer_subject"),
    )
    op.create_index("ix_customer_identities_customer_id", "customer_identities", ["customer_id"])
    op.create_table(
        "customer_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_customer_sessions_team_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_customer_sessions_project_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_customer_sessions_customer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customer_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_customer_sessions_token_hash"),
    )
    op.create_index("ix_customer_sessions_customer_id", "customer_sessions", ["customer_id"])
    # A customer made from a token has no Stripe customer until one is needed.
    condition = sa.text("deleted_at IS NULL AND stripe_customer_id <> ''")
    op.drop_index("uq_customers_project_stripe_customer", "customers")
    op.create_index(
        "uq_customers_project_stripe_customer",
        "customers",
        ["project_id", "stripe_customer_id"],
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )
