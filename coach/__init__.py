"""The reflection coach: a Dutch-language assistant that asks, mirrors and quotes, and never judges."""

__version__ = "0.1.0"
