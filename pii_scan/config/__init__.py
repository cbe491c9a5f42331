"""The configuration: what to scan, where the inventory lies, which rules apply."""
