"""One module for each command: ``run(pantry, args)`` changes the pantry and returns the lines to print.

It raises Usage, Refused or Nothing (larder/errors.py); then nothing is saved. A module whose name would be a word of
Python has an underscore behind it; one that begins with an underscore is no command. ``init`` is another kind, since there is no pantry yet: it gets the path.
"""
