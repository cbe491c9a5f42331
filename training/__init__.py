"""How shipped models and lists are made; no part of the package that is installed."""
