"""Bundles: one file that holds an edition of a policy with all it uses, to be kept, sent, and checked."""
