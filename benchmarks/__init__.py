"""Measurements of the library: `python -m benchmarks` makes all of them. No part of what is installed."""
