"""From tree to core: the vocabulary, names, kinds, citations, dated parameters, audiences, and the core's invariants."""
