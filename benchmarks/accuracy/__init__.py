"""How well columns are typed."""
