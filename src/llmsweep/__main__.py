"""`python -m llmsweep`."""

from llmsweep.cli import main

if __name__ == "__main__":
    main()
