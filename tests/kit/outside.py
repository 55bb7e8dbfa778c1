"""An environment as an outsider has it: empty, then wheels built here and what their metadata ask for, nothing else.

What they ask for is taken from where it is installed already, file by file as its own record lists them, so that no
package index is needed; `uv pip check` then says whether the wheels asked for enough.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[2]
UV = Path(sys.executable).parent / "uv"


def run(*words: object, cwd: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))}
    return subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def done(*words: object, cwd: Path = REPOSITORY) -> str:
    """What a command printed; an AssertionError with it when it fails."""
    result = run(*words, cwd=cwd)
    assert result.returncode == 0, f"{words}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def wheels(packages: Iterable[str], folder: Path) -> list[Path]:
    """Wheels of packages of this repository, by their folders."""
    for package in packages:
        options = ("--wheel", "--no-build-isolation", "--offline", "--python", sys.executable)
        done(UV, "build", "--quiet", *options, REPOSITORY / package, "-o", folder)
    return sorted(folder.glob("*.whl"))


def environment(folder: Path, built: list[Path], *more: str) -> Path:
    """An environment with these wheels, what they ask for, and more by name; answers its interpreter."""
    python = folder / "bin" / "python"
    done(UV, "venv", "--quiet", "--offline", "--python", sys.executable, folder)
    done(UV, "pip", "install", "--quiet", "--offline", "--no-index", "--no-deps", "--python", python, *built)
    site = Path(done(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    ours = {canonicalize_name(wheel.name.split("-")[0]) for wheel in built}
    wanted = [*more, *(f"{name}{_extras(name)}" for name in ours)]
    for found in _asked_for(wanted):
        if canonicalize_name(found.name) not in ours:
            _put(found, site)
    done(UV, "pip", "check", "--offline", "--python", python)
    return python


def _extras(name: str) -> str:
    """Which extras other packages of ours ask for of one; pip would follow them."""
    return "[migrate]" if name == "ruche-chassis" else ""


def _asked_for(wanted: Iterable[str]) -> Iterator[Distribution]:
    """Every installed distribution that is asked for, directly or by another, each once."""
    left, known = [Requirement(one) for one in wanted], set()
    while left:
        asked = left.pop()
        name = (canonicalize_name(asked.name), frozenset(asked.extras))
        if name in known:
            continue
        known.add(name)
        found = distribution(asked.name)
        if (name[0], None) not in known:
            known.add((name[0], None))
            yield found
        for line in found.requires or ():
            one = Requirement(line)
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in (*asked.extras, "")):
                left.append(one)


def _put(found: Distribution, site: Path) -> None:
    """The files of a distribution as its record lists them, scripts left out."""
    home = Path(sysconfig.get_path("purelib"))
    for file in found.files or ():
        source = Path(str(found.locate_file(file)))
        if ".." in file.parts or not source.is_relative_to(home) or not source.is_file():
            continue
        target = site / file
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)
