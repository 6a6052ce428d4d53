"""Who runs Billfold: teams, their projects, people, API keys and Stripe connection.

Owns the tables teams, projects, users, members, api_keys, stripe_connections. Touches nothing of the other packages:
everything else in the domain belongs to a project or a team and points down to here.
"""
