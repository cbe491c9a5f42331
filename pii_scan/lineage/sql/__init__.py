"""Which columns a SQL statement takes its own from, and what is left of their values."""
