"""Billing: the customers of a project, what they can buy and what they bought.

Owns the tables customers, products, prices, subscriptions, subscription_items (and those of invoices, payments and stored
Stripe events). May touch tenancy, the ledger and webhooks below it; publishes the events in `events.py` and knows nobody
who listens. Stripe is written first and our row second (contract G35), so every row here has a Stripe object behind it.
"""
