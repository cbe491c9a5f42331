"""Batches to profiles, profiles to verdicts: the only room besides the connectors that sees values.

Names of persons inside free text are not found yet: that needs a model of the language. Patterns in
free text are, and so are columns of names, by what they are called.
"""
