"""`python -m ruche` is the command `ruche`."""

from ruche.main import run

run()
