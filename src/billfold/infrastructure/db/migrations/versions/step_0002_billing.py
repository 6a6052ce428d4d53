"""Create customers, catalog, subscriptions, payments and Stripe's events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create customers, catalog, subscriptions, payments and Stripe's events."""
    op.create_table(
        "stripe_events",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("stripe_event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text()),
        sa.Column("subject_id", sa.Text()),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("project_id", sa.Text()),
        sa.Column("finished_at", sa.BigInteger()),
        sa.Column("body", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("sequence", name="pk_stripe_events"),
        sa.UniqueConstraint("team_id", "stripe_event_id", name="uq_stripe_events_team_id_stripe_event_id"),
    )
    op.create_index(
        "ix_stripe_events_body",
        "stripe_events",
        ["received_at"],
        sqlite_where=sa.text("body IS NOT NULL"),
        postgresql_where=sa.text("body IS NOT NULL"),
    )
    op.create_index(
        "ix_stripe_events_project",
        "stripe_events",
        ["project_id", "status"],
        sqlite_where=sa.text("project_id IS NOT NULL"),
        postgresql_where=sa.text("project_id IS NOT NULL"),
    )
    op.create_index(
        "ix_stripe_events_unexplained",
        "stripe_events",
        ["team_id", "sequence"],
        sqlite_where=sa.text("reason IS NOT NULL"),
        postgresql_where=sa.text("reason IS NOT NULL"),
    )
    op.create_index(
        "ix_stripe_events_unfinished",
        "stripe_events",
        ["team_id", "subject_id"],
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index(
        "ix_stripe_events_unrouted",
        "stripe_events",
        ["team_id", "subject_id"],
        sqlite_where=sa.text("reason IS NOT NULL AND project_id IS NULL"),
        postgresql_where=sa.text("reason IS NOT NULL AND project_id IS NULL"),
    )
    op.create_table(
        "stripe_sweeps",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("swept_until", sa.BigInteger()),
        sa.Column("began_at", sa.BigInteger()),
        sa.Column("read_until", sa.Text()),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_stripe_sweeps_team_id"),
        sa.PrimaryKeyConstraint("team_id", name="pk_stripe_sweeps"),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_normalised", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("stripe_customer_id", sa.Text(), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_customers_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_customers_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
    )
    op.create_index(
        "ix_customers_project_created",
        "customers",
        ["project_id", "created_at", "id"],
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_customers_team_stripe_customer", "customers", ["team_id", "stripe_customer_id"])
    op.create_index(
        "uq_customers_project_email",
        "customers",
        ["project_id", "email_normalised"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "uq_customers_project_stripe_customer",
        "customers",
        ["project_id", "stripe_customer_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("stripe_product_id", sa.Text(), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_products_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_products_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
        sa.UniqueConstraint("team_id", "stripe_product_id", name="uq_products_team_id_stripe_product_id"),
    )
    op.create_index("ix_products_project_active", "products", ["project_id", "is_active", "created_at", "id"])
    op.create_index("ix_products_project_created", "products", ["project_id", "created_at", "id"])
    op.create_table(
        "invoices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("stripe_invoice_id", sa.Text(), nullable=False),
        sa.Column("stripe_subscription_id", sa.Text()),
        sa.Column("number", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("billing_reason", sa.Text()),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("total_excluding_tax", sa.BigInteger(), nullable=False),
        sa.Column("amount_due", sa.BigInteger(), nullable=False),
        sa.Column("amount_paid", sa.BigInteger(), nullable=False),
        sa.Column("amount_remaining", sa.BigInteger(), nullable=False),
        sa.Column("hosted_invoice_url", sa.Text()),
        sa.Column("invoice_pdf", sa.Text()),
        sa.Column("period_start", sa.BigInteger(), nullable=False),
        sa.Column("period_end", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.BigInteger()),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_invoices_customer_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_invoices_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_invoices_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invoices"),
        sa.UniqueConstraint("team_id", "stripe_invoice_id", name="uq_invoices_team_id_stripe_invoice_id"),
    )
    op.create_index("ix_invoices_customer_created", "invoices", ["project_id", "customer_id", "created_at", "id"])
    op.create_table(
        "payments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text()),
        sa.Column("stripe_payment_id", sa.Text(), nullable=False),
        sa.Column("stripe_charge_id", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("amount_received", sa.BigInteger(), nullable=False),
        sa.Column("amount_refunded", sa.BigInteger(), nullable=False),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("amount_disputed", sa.BigInteger(), nullable=False),
        sa.Column("failure_message", sa.Text()),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_payments_customer_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_payments_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_payments_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payments"),
        sa.UniqueConstraint("team_id", "stripe_payment_id", name="uq_payments_team_id_stripe_payment_id"),
    )
    op.create_index("ix_payments_customer_created", "payments", ["project_id", "customer_id", "created_at", "id"])
    op.create_table(
        "prices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("unit_amount", sa.BigInteger()),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("interval", sa.Text()),
        sa.Column("interval_count", sa.BigInteger(), nullable=False),
        sa.Column("nickname", sa.Text()),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("stripe_price_id", sa.Text(), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_prices_product_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_prices_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_prices_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_prices"),
        sa.UniqueConstraint("team_id", "stripe_price_id", name="uq_prices_team_id_stripe_price_id"),
    )
    op.create_index("ix_prices_product_active", "prices", ["project_id", "product_id", "is_active", "created_at", "id"])
    op.create_index("ix_prices_product_created", "prices", ["project_id", "product_id", "created_at", "id"])
    op.create_table(
        "invoice_payments",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("stripe_payment_intent_id", sa.Text(), nullable=False),
        sa.Column("invoice_id", sa.Text()),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name="fk_invoice_payments_invoice_id"),
        sa.PrimaryKeyConstraint("team_id", "stripe_payment_intent_id", name="pk_invoice_payments"),
    )
    op.create_index("ix_invoice_payments_invoice_id", "invoice_payments", ["invoice_id"])
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("stripe_subscription_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("price_id", sa.Text()),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("cancel_at_period_end", sa.Boolean(), nullable=False),
        sa.Column("current_period_start", sa.BigInteger()),
        sa.Column("current_period_end", sa.BigInteger()),
        sa.Column("canceled_at", sa.BigInteger()),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger()),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_subscriptions_customer_id"),
        sa.ForeignKeyConstraint(["price_id"], ["prices.id"], name="fk_subscriptions_price_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_subscriptions_project_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_subscriptions_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint(
            "team_id", "stripe_subscription_id", name="uq_subscriptions_team_id_stripe_subscription_id"
        ),
    )
    op.create_index("ix_subscriptions_customer", "subscriptions", ["project_id", "customer_id", "created_at", "id"])
    op.create_index(
        "ix_subscriptions_project_active",
        "subscriptions",
        ["project_id", "created_at", "id"],
        sqlite_where=sa.text("status IN ('active', 'trialing')"),
        postgresql_where=sa.text("status IN ('active', 'trialing')"),
    )
    op.create_index("ix_subscriptions_project_created", "subscriptions", ["project_id", "created_at", "id"])
    op.create_table(
        "subscription_items",
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("stripe_item_id", sa.Text(), nullable=False),
        sa.Column("stripe_price_id", sa.Text(), nullable=False),
        sa.Column("price_id", sa.Text()),
        sa.Column("unit_amount", sa.BigInteger()),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("interval", sa.Text()),
        sa.Column("interval_count", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["price_id"], ["prices.id"], name="fk_subscription_items_price_id"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_subscription_items_project_id"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_subscription_items_subscription_id"
        ),
        sa.PrimaryKeyConstraint("subscription_id", "position", name="pk_subscription_items"),
    )
    op.create_index("ix_subscription_items_price_id", "subscription_items", ["price_id"])
    op.create_index("ix_subscription_items_project_id", "subscription_items", ["project_id"])
    op.create_index(
        "ix_subscription_items_unknown_price",
        "subscription_items",
        ["project_id", "stripe_price_id"],
        sqlite_where=sa.text("price_id IS NULL"),
        postgresql_where=sa.text("price_id IS NULL"),
    )
