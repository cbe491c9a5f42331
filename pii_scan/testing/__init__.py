"""Public kit for authors of connectors: a contract to test against, hostile data, small builders."""
