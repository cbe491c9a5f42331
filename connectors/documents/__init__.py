"""Documents whose parts become named fields: mail, calendars, address cards, XML."""
