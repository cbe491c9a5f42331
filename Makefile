# Two commands for everybody: `make demo` and `make test`. Both set up what they need.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= auto

.PHONY: help demo test faults bench check services lock docs wheel clean

help:            ## Show this help
	@grep -E '^[a-z]+: .*##|^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

$(STAMP): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "pii-scan needs Python 3.11 or newer; none was found on the PATH" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) (a minute or two, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(STAMP)   ## Build a made-up company, scan it, check it, write demo/report.html
	@$(BIN)/pii-scan demo --dir demo

check: $(STAMP)  ## Style, types, import contracts, architecture
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/architecture

test: $(STAMP)   ## The whole suite but the faults
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --ignore=tests/faults

faults: $(STAMP) ## Kills, broken disks and connections, and all of the bad inputs (minutes)
	$(BIN)/python -m pytest tests/faults
	$(BIN)/python -m tests.faults.corpora

bench: $(STAMP)  ## Speed and accuracy; DATA names the folder of labelled data and logs (minutes)
	@test -n "$(DATA)" || { echo "say where the data lies: make bench DATA=../shared" >&2; exit 2; }
	$(BIN)/python -m benchmarks.accuracy names --data $(DATA)/benchmarks/saas_fields.dev.jsonl
	$(BIN)/python -m benchmarks.accuracy schemas
	$(BIN)/python -m benchmarks.speed columns
	$(BIN)/python -m benchmarks.speed logs --data $(DATA)/corpora/logs
	$(BIN)/python -m benchmarks.speed parquet
	$(BIN)/python -m benchmarks.speed postgresql

services:        ## Install and start PostgreSQL, PgBouncer, MariaDB, Redis, sshd and Chromium from Debian's packages (as root)
	@bash scripts/services.sh

lock: $(STAMP)   ## Pin every dependency with its hashes
	@$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --group dev pyproject.toml -o requirements.lock

docs: $(STAMP)   ## Regenerate the command line reference
	$(BIN)/python scripts/cli_reference.py > docs/cli.md

wheel: $(STAMP)  ## Build the wheel
	$(BIN)/python -m build --wheel --no-isolation

clean:           ## Remove everything that was made
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .hypothesis
