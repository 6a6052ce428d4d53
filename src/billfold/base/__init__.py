"""Layer 1: values. Imports nothing of ours."""
