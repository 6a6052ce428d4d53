"""Layer 4: HTTP comes in. Each surface is an application of its own."""
