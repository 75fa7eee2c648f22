"""People: who they are, how they sign in, what they may do, and the limits that outlast a restart."""
