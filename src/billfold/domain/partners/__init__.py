"""Partners: people outside who earn commissions on the revenue that they bring (affiliate contract).

Owns the tables partners, partner_applications, partner_settings and partner_portal_links. May touch referrals and everything
below it: a partner program is a `Program` with the key of `programs.py`, a partner is a customer with a code in it, and what
he earns are rewards like any other. Nothing below this package knows that there are partners.
"""
