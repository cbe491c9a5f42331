"""Where data lies and how it is guarded, from what describes the infrastructure."""
