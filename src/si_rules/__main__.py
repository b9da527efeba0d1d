"""`python -m si_rules`: the command line."""

from si_rules.interfaces.cli.main import main

if __name__ == "__main__":
    main()
