"""Puts the house together: the only module, with `app.py` and `cli/`, that knows every other."""
