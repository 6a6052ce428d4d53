"""Billfold: billing, referrals and partners over your own Stripe account."""
