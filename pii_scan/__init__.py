"""pii-scan: a data-discovery and PII inventory scanner."""

__version__ = "0.1.0"
