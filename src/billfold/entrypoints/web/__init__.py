"""Pages for people, and the control of the simulator."""
