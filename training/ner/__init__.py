"""Our own small models of named entities: data, training, measures."""
