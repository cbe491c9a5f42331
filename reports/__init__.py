"""Built-in reports, loaded through entry points; imports nothing of pii_scan but its core."""

PII_SCAN_PACKAGE = True
