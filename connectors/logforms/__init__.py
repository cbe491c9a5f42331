"""Parsers of log formats, by family: each turns one record into named slots, or says that it is not of it."""
