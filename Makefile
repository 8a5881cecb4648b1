# Everything a newcomer needs, one command each. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help install demo test storm pictures check format bench lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

install: $(VENV)/run.stamp ## install Hearth itself into .venv, for `hearth run`

demo: $(VENV)/run.stamp ## start Hearth in a Slack workspace on this machine
	@exec $(BIN)/hearth demo $(ARGS)

test: $(VENV)/dev.stamp ## run every test (ARGS="-k checkin" to choose)
	@$(BIN)/python -m pytest -n 4 $(ARGS)

storm: $(VENV)/dev.stamp ## pass through twenty storms (HEARTH_STORMS=7 for that one)
	@HEARTH_STORMS=$${HEARTH_STORMS:-1-20} $(BIN)/python -m pytest -n 2 tests/integration/storm $(ARGS)

pictures: $(VENV)/dev.stamp ## keep a picture of every view in test-results/screenshots, and those of docs/
	@HEARTH_PICTURES=yes $(BIN)/python -m pytest tests/e2e $(ARGS)

check: $(VENV)/dev.stamp ## format, lint, types and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/dev.stamp ## rewrite the code in its one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/dev.stamp ## measure; fails below a floor (ARGS="checkin" to choose)
	@$(BIN)/python -m tests.bench $(ARGS)

lock: $(VENV)/dev.stamp ## choose versions anew from pyproject.toml, with hashes
	@$(BIN)/uv pip compile pyproject.toml --extra demo --extra postgresql --extra install $(LOCK_FLAGS) -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra dev $(LOCK_FLAGS) -c requirements.lock -o requirements-dev.lock

LOCK_FLAGS := -q --universal --python-version 3.11 --generate-hashes \
	--no-annotate --custom-compile-command "make lock"

clean: ## remove what the commands above made (never your data)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info build

# A stamp is newer than the lock file it installed, so a second run starts at once.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Hearth needs Python 3.11 or newer; try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing locked versions into $(VENV) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
