"""The command line: each file parses, calls one use case, prints and exits."""
