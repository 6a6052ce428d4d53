"""Layer 3: the business, in packages ranked by who can exist without whom (DESIGN section 1)."""
