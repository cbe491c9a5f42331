"""Use cases, one a file; the only place that wires the rooms together."""
