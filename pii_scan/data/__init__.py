"""Rules as data: YAML files and what reads them."""
