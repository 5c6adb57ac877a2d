"""Relays messages through plugins."""
