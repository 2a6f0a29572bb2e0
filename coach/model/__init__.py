"""An optional language model: where it is, how it is called, what it is asked; it decides nothing."""
