"""Batches to profiles, profiles to verdicts: the only room besides the connectors that sees values."""
