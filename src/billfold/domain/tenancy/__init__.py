"""Who runs Billfold: teams, their projects, people and how they sign in, API keys and the Stripe connection.

Owns teams, projects, members, invitations, api_keys, stripe_connections, idempotency_keys, branding, identity_providers and
the audit_log; of people, who may be in several teams: users, sessions, one_time_tokens, second_factors, recovery_codes,
first_users, and the attempts that limit guessing. Touches nothing of the other packages: everything else in the domain
belongs to a project or a team and points down to here.
"""
