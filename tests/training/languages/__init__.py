"""Tests of the training of models of named entities."""
