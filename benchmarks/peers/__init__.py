"""Other engines with the same decision, where they are installed: `make peers` does that."""
