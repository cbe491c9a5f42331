"""`python -m pii_scan` is `pii-scan`."""

from .cli.main import main

if __name__ == "__main__":
    main()
