"""How fast Billfold is, as ratios against a named baseline measured in the same run (`python -m bench --help`)."""
