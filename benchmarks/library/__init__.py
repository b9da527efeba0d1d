"""What the library takes for its own work: to start, to load, to read policies, to decide, to keep and to follow."""
