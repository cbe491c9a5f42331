"""The declared list and how it covers what was observed."""
