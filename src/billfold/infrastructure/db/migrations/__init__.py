"""The steps that bring a database to this version's tables, `versions/step_NNNN_….py`; `migrating.py` runs them.

A step is frozen once it was released: it imports nothing of ours, so that it does the same in ten years. A change of tables
is a new step; the test of the migrated tables prints what it must do.
"""
