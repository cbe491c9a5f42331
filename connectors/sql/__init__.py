"""Connectors for SQL databases: read-only, in short pages, one connection a source."""
