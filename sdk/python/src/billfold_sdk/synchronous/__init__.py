# Made by scripts/generate.py from asynchronous/__init__.py; edits are lost.
"""The clients that wait."""
