"""Readers: one file a format, each streaming with bounded memory."""
