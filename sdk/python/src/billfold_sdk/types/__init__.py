"""The objects of the APIs, made from the OpenAPI documents: their fields are called as on the wire."""
