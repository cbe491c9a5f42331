"""Where one person's data is: looked for, walked along keys, packed, planned to be erased; each look kept."""
