"""The inventory database: append-only runs, one transaction a shard, no column for a raw value."""
