"""The partner portal: what a partner sees of what he earned and changes of himself, from a link or after a mailed sign-in."""
