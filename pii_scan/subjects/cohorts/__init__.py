"""Counts rows of people and accounts of one kind; keys and addresses stay in here, as keyed hashes."""
