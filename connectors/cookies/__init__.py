"""Cookies that a site sets: recorded visits and inventories."""
