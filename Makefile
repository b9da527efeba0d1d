# Each target makes what it needs in .venv, from the lock files: only make and Python 3.11 or newer must be present.
# uv is used where it is installed, else venv and pip. Another Python: make test PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)

ifdef UV
MAKE_VENV = uv venv --quiet --seed --allow-existing --no-project --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
INSTALL = uv pip install --quiet --python $(BIN)/python
else
MAKE_VENV = $(PYTHON) -m venv $(VENV)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
endif

# Two notices about the future of MkDocs, of no use in a build.
export DISABLE_MKDOCS_2_WARNING := true
export NO_MKDOCS_2_WARNING := 1

.PHONY: help demo test check docs bench peers bench-page lock clean

help:
	@echo "make demo    decide about a fictional cohort of schools"
	@echo "make test    run the tests"
	@echo "make check   lint, format, types, imports between rooms, documentation"
	@echo "make docs    write the documentation to build/site"
	@echo "make bench   measure speed, into build/bench.json"
	@echo "make peers   install the engines that make bench compares with"
	@echo "make bench-page  measure, and write the page of results"
	@echo "make lock    renew the lock files"
	@echo "make clean   remove everything made here, .venv too"

demo: $(VENV)/.run
	@$(BIN)/python examples/01_fictional_cohort/run.py
	@echo
	@$(BIN)/si-rules assess doncaster.school_improvement examples/01_fictional_cohort/evidence.jsonl --on 2015-11-04 --to build/demo --replace
	@echo "Draft letters are in build/demo/letters, the summary for a board in build/demo/board.html."
	@$(BIN)/python examples/01_fictional_cohort/workbook.py build/demo-workbook
	@$(BIN)/python examples/04_case_history/run.py

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/mkdocs build --strict

docs: $(VENV)/.dev
	$(BIN)/mkdocs build --strict
	@echo "The documentation is in build/site/index.html."

bench: $(VENV)/.run
	@mkdir -p build
	@$(BIN)/python -m benchmarks

peers: $(VENV)/.run requirements-peers.lock
	@$(INSTALL) --require-hashes -r requirements-peers.lock
	@echo "make bench now measures them too."

bench-page: bench
	@$(BIN)/python -m benchmarks.page --from build/bench.json

# ------------------------------------------------------------------------------------------ the environment

# Stamps, each written only once its step has succeeded: the environment, what the library needs, what work on it needs.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "This needs Python 3.11 or newer, and '$(PYTHON)' is not: name one, as in: make test PYTHON=python3.12" >&2; \
	  exit 1; }
	@echo "Making $(VENV) …"
	@$(MAKE_VENV) || { \
	  echo "Could not make $(VENV). On Debian and Ubuntu, install the package python3-venv." >&2; \
	  exit 1; }
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing what the library needs …"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "Installing the tools for tests, checks and documentation …"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

# ------------------------------------------------------------------------------------------- the lock files

LOCK := pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --custom-compile-command "make lock"

ifdef UV
lock:
	uv $(LOCK) pyproject.toml --extra letters --extra excel -o requirements.lock
	uv $(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	uv $(LOCK) pyproject.toml --group peers -c requirements.lock -o requirements-peers.lock
else
lock: $(VENV)/.made
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	build/lock/bin/uv $(LOCK) pyproject.toml --extra letters --extra excel -o requirements.lock
	build/lock/bin/uv $(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	build/lock/bin/uv $(LOCK) pyproject.toml --group peers -c requirements.lock -o requirements-peers.lock
endif

clean:
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
