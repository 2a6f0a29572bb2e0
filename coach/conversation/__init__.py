"""What the coach says: protocols, checks, safety and one turn at a time."""
