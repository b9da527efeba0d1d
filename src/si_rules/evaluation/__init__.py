"""From core and facts to truths: the reference interpreter, and the exact analysis of what missing evidence could change."""
