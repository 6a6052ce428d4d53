"""The customer portal: what a customer sees and changes of his own billing, from a link, without signing in."""
