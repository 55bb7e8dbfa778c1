# Every target does its own set-up; `make` alone prints this list.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PACKAGES = shared/contracts shared/chassis shared/replay services/onboarding services/digest services/recognition services/support deploy/ruche
STAMP = $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo up test proof faults bench check format docs lock

help:  ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(STAMP)  ## make .venv with everything in it, from the lock file
$(STAMP): requirements.lock $(addsuffix /pyproject.toml,$(PACKAGES))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ruche needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing locked dependencies into $(VENV) (a minute or two the first time)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(addprefix -e ,$(PACKAGES))
	@touch $@

demo: setup  ## a simulated fortnight through the real bus, then the same in process
	@$(BIN)/ruche demo

up: setup  ## everything on this machine, on live time, until Ctrl-C
	@$(BIN)/ruche up

test: setup  ## every test, on real servers
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

OTHER_PYTHON ?= $(shell command -v python3.13 2>/dev/null)
proof: setup  ## the long proofs: thousands of facts in turns on the bus, another Python
	@test -z "$(OTHER_PYTHON)" || $(MAKE) --no-print-directory setup PYTHON=$(OTHER_PYTHON) VENV=.venv-other
	@RUCHE_OTHER_PYTHON=$(if $(OTHER_PYTHON),$(CURDIR)/.venv-other/bin/python) $(BIN)/pytest -m proof -n 2 --dist loadfile --no-loadscope-reorder

SEEDS ?= 1-50
faults: setup  ## services and servers killed, frozen, cut off while platforms publish; SEEDS=17 for one
	@PYTHONPATH=tests/kit:tests/faults $(BIN)/python -m trials $(SEEDS)

JSON ?=
QUICK ?=
bench: setup  ## speed beside what one would otherwise write; JSON=path, QUICK=1 for a first look
	@$(BIN)/python -m bench $(if $(JSON),--json $(JSON)) $(if $(QUICK),--quick)

check: setup  ## format, lint, types, import rules, generated files in step
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/ruche docs --check

format: setup  ## put the code in form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: setup  ## write the generated pages and schemas again
	@$(BIN)/ruche docs

lock: setup  ## resolve requirements.in again
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements.in -o requirements.lock
