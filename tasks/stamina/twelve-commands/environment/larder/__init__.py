"""The stock of a larder in a text file."""
