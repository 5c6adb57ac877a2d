"""The books of a food co-op."""
