"""The billing API of `contract/billing.md`: one file for each resource, one application in `app.py`."""
