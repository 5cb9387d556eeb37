"""`python -m payerbots`."""

from payerbots.cli.main import run

run()
