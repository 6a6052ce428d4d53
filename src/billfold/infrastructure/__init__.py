"""Layer 2: the database, jobs, the Stripe gateway, the simulator. Knows no business word."""
