"""`billfold demo`: a year of a small company's life, made through the simulator and the real doors, then served.

`history.py` lives the year, `people.py` names who is in it, `tour.py` writes the commands to try.
"""
