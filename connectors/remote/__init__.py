"""Files in object stores and on other hosts, read through fsspec where they lie."""
