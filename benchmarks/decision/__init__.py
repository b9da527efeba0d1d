"""One decision, made up to measure with: as a policy, as Python by hand in two and in three truths, and by peers."""
