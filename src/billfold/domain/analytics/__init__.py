"""Analytics: what a project's numbers are now. Reads only; owns no table (contract section 3.7, G26 to G28).

May read every package below it. `revenue`, `growth` and `activity` each answer one question; `overview` puts them together
and is to be called in a `db.snapshot`, so that all numbers are of one moment.
"""
