"""Tools around the engine: the scenarios beside a policy."""
