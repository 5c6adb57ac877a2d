"""Boats by the hour."""
