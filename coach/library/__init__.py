"""What the coach knows: sources, passages, search and exact quotations."""
