"""How fast columns, logs, databases and files are read and searched: ratios of CPU time in one run."""
