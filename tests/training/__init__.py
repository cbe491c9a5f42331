"""Tests of how shipped models are made."""
