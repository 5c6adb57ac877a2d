"""A candidate against a baseline, pair by pair: what is compared, what follows from it, and how other tools read it."""
