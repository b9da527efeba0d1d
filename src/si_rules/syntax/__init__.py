"""From text to tree: the grammar, the layout of blocks, the frozen tree, and what a mistake in form is called."""
