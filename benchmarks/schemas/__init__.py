"""Databases of our own: tables, generated rows, and what each column is."""
