"""The rules of the house, held; and each broken on purpose in a copy, to see that the check would notice."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGES = tuple(tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"])
BIN = Path(sys.executable).parent

BREACHES = {
    "a rule imports asyncpg": ("onboarding/rules/breach.py", "import asyncpg\n", "Rules and state import"),
    "a rule imports the chassis": (
        "onboarding/rules/breach.py",
        "from chassis.service import Service\n",
        "Rules and state import",
    ),
    "a rule imports os": ("onboarding/rules/breach.py", "import os\n", "Rules and state import"),
    "a rule reaches the network through a contract": (
        "contracts/breach.py",
        "import socket\n",
        "Contracts import pydantic",
    ),
    "a service imports another": ("onboarding/breach.py", "import support\n", "A service imports no other service"),
    "a service imports the command": ("onboarding/breach.py", "import ruche\n", "A service imports no other service"),
    "the chassis imports a service": ("chassis/breach.py", "import onboarding\n", "The chassis knows no service"),
    "the command imports a service": ("ruche/breach.py", "import onboarding\n", "finds services through entry points"),
    "the test kit imports a service": ("ruche_replay/breach.py", "import support\n", "The test kit finds services"),
    "a service imports the test kit": ("digest/breach.py", "import ruche_replay\n", "No service knows the test kit"),
    "contracts import nats": ("contracts/breach.py", "import nats\n", "Contracts import pydantic"),
    "contracts import the chassis": ("contracts/breach.py", "import chassis\n", "ruche stands on ruche_replay"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages that are checked in a folder of their own; and a second service, in case there is none yet."""
    folder = tmp_path_factory.mktemp("house")
    ignored = shutil.ignore_patterns("__pycache__", "messages", "*.yaml")
    for name in PACKAGES:
        (source,) = REPOSITORY.glob(f"*/*/src/{name}")
        shutil.copytree(source, folder / name, ignore=ignored)
    if not (folder / "support").exists():
        (folder / "support").mkdir()
        (folder / "support" / "__init__.py").write_text('"""Another service."""\n')
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "lint-imports", "--config", folder / "pyproject.toml", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_house_is_in_order(copy: Path):
    done = lint(copy)

    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_noticed(copy: Path, breach: str):
    place, text, rule = BREACHES[breach]
    file = copy / place
    file.write_text(f'"""A breach."""\n\n{text}')
    try:
        done = lint(copy)
    finally:
        file.unlink()

    assert done.returncode == 1, done.stdout
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(rule) or rule in line for line in broken), done.stdout


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n",
        "from datetime import date\n\nTODAY = date.today()\n",
        "import time\n\nNOW = time.time()\n",
        "from uuid import uuid4\n\nID = uuid4()\n",
        "import random\n\nONE = random.choice((1, 2))\n",
    ],
)
@pytest.mark.parametrize("folder", ["services/onboarding/src/onboarding/rules", "shared/contracts/src/contracts"])
def test_whoever_asks_the_wall_clock_or_draws_lots_is_refused_by_the_linter(folder: str, text: str):
    done = subprocess.run(
        [BIN / "ruff", "check", "--quiet", "--select", "TID251", "--stdin-filename", f"{folder}/breach.py", "-"],
        cwd=REPOSITORY,
        input=f'"""A breach."""\n\n{text}',
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "TID251" in done.stdout
