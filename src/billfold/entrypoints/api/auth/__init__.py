"""Signing in for programs, at `/api/auth`: the session is the same cookie that browsers have."""
