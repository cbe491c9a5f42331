"""From a privacy policy's text to a draft of the declared list, which a person then reviews."""
