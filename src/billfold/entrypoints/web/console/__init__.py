"""The console: pages at `/console` in which a team runs everything."""
