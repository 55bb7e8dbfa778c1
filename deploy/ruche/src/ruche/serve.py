"""One service as a process: `python -m ruche.serve NAME`, settings by environment. What `up` and `demo` start."""

import sys

from chassis.app import main
from ruche.exits import Problem
from ruche.services import load


def serve(name: str) -> int:
    """Run an installed service until it is told to stop; answers its exit code."""
    return main(load(name))


if __name__ == "__main__":
    try:
        sys.exit(serve(sys.argv[1]))
    except Problem as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        sys.exit(int(problem.code))
