"""The plugins, one module each."""
