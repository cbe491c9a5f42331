"""Makes the lists and the classifiers by which people and places are recognised in columns."""
