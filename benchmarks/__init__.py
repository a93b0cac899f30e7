"""Benchmarks: speed against named peers, one command each."""
