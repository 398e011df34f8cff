# Two commands do all set-up: `make golden` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
PYTEST := $(BIN)/pytest
PARALLEL := -n auto

.DEFAULT_GOAL := help
.PHONY: help golden golden-postgresql hazards update test lint types contracts postgresql bench mutants lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

$(STAMP): requirements.lock pyproject.toml
	@echo "==> creating the environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Python 3.11 to 3.13 is needed: make PYTHON=python3.11 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

golden: $(STAMP) ## run the golden suite on embedded SQLite and write the report
	@$(PYTEST) tests/golden; status=$$?; $(BIN)/query-snapshot report || exit 1; exit $$status

golden-postgresql: $(STAMP) ## run the golden suite on a real PostgreSQL
	@$(PYTEST) tests/golden --database postgresql

hazards: $(STAMP) ## list N+1 loads, SELECTs in a loop, cartesian products, unbounded SELECTs
	@$(PYTEST) tests/golden --query-hazards report $(PARALLEL)

postgresql: $(STAMP)
	@$(PYTEST) tests/golden tests/controlplane --database postgresql $(PARALLEL)

update: $(STAMP) ## accept what changed, on both databases (then review: git diff __snapshots__)
	@$(PYTEST) tests/golden --snapshot-update
	@$(PYTEST) tests/golden --snapshot-update --database postgresql

lint: $(STAMP)
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .

types: $(STAMP)
	@$(BIN)/mypy --no-error-summary

contracts: $(STAMP)
	@$(BIN)/lint-imports --no-logo > $(VENV)/contracts.log || { cat $(VENV)/contracts.log; exit 1; }

test: lint types contracts postgresql ## everything: lint, types, contracts, all tests on SQLite and PostgreSQL
	@$(PYTEST) tests $(PARALLEL)

bench: $(STAMP) ## run the benchmarks and print their ratios
	@$(BIN)/python -m tests.bench

mutants: $(STAMP) ## break every analytics query in every small way and see a golden test fail
	@$(BIN)/python -m tests.mutants

lock: $(STAMP) ## pin the dependencies anew (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --all-extras pyproject.toml -o requirements.lock

clean: ## remove the environment and everything a run leaves behind
	@rm -rf $(VENV) .query_snapshot .mypy_cache .ruff_cache .import_linter_cache
