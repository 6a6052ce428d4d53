"""The clients that await. `synchronous` is made from these files by `scripts/generate.py`."""
