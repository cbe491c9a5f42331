"""dbt projects: models, sources and exposures, from the manifest that dbt writes."""
