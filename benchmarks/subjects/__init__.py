"""Look-ups of one person: how much an index saves, and what it costs."""
