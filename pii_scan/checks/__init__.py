"""The checks: from an inventory to findings and claim verdicts."""
