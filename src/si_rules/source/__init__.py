"""Text, places in it, and what may be wrong with it: diagnostics as data, and their rendering."""
