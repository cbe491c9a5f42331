"""How well `pii-scan policy draft` finds the statements of a policy."""
