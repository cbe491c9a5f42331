"""Lineage by values, on companies whose truth is known."""
