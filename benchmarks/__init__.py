"""Measurements: each prints its figures, and writes them with `--json FILE`."""
