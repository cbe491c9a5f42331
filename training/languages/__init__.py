"""How the letters of languages are made that `pii_scan/detect/prose/letters.py` reads."""
