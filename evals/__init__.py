"""Measures of quality: suites, metrics and cases; may look into every room."""
