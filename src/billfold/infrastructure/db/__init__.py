"""One small database layer over SQLite and PostgreSQL (DESIGN section 6)."""
