"""Registers that a company keeps by hand."""
