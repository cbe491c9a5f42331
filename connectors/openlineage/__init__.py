"""Events of OpenLineage, read for which column was made from which."""
