"""How this surface reads bodies: as every surface does (`entrypoints/json_bodies.py`)."""

from __future__ import annotations

from billfold.entrypoints.json_bodies import ChangeBody, RequestBody, given_fields, read_body, read_object

__all__ = ["ChangeBody", "RequestBody", "given_fields", "read_body", "read_object"]
