"""What is kept: sessions and their turns."""
