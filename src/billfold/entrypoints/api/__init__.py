"""The published HTTP contracts."""
