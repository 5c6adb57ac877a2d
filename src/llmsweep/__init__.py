"""Benchmarking and tuning for language models that work as coding agents."""

__version__ = "0.1.0"
