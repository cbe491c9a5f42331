"""The small models of named entities that we train ourselves, one file a language, with their model cards."""
