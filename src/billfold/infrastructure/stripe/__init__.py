"""The one door to Stripe (DESIGN section 5).

`port.py` says what we ask, `client.py` asks it, `translate.py` reads the answers.
"""
