"""Builds the demo company: a made-up scheduling service with planted violations and their truth."""
