"""One self-contained HTML file for privacy officers: no script, no network, nothing to install."""

from .page import REPORT

__all__ = ["REPORT"]
