"""The pages of people: signing in and up, passwords, the second factor, invitations, and one's own account.

Each works without JavaScript. What was typed stays when something is wrong, passwords and codes excepted.
"""
