"""From verdicts to flows: which recipient receives which field, by which evidence."""
