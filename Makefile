# Two commands do all set-up: `make golden` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
GOLDEN := $(VENV)/.golden-installed
STAMP  := $(VENV)/.installed
PYTEST := $(BIN)/pytest
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PARALLEL := -n auto

.DEFAULT_GOAL := help
.PHONY: help golden golden-postgresql hazards update test checks lint types contracts postgresql sqlalchemy-2.0 matrix docs bench mutants release-check lock clean

help: ## list the commands
	@grep -hE '^[a-z0-9.-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

# What `make golden` needs; the rest comes with the first command that needs it.
$(GOLDEN): requirements.lock pyproject.toml backend/pyproject.toml
	@echo "==> creating the environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=python3.11 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e . -e backend
	@touch $@

$(STAMP): $(GOLDEN) requirements-dev.lock
	@echo "==> installing the tools of development"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

golden: $(GOLDEN) ## run the golden suite on embedded SQLite and write the report
	@$(PYTEST) tests/golden; status=$$?; $(BIN)/query-snapshot report || exit 1; exit $$status

golden-postgresql: $(GOLDEN) ## run the golden suite on a real PostgreSQL
	@$(PYTEST) tests/golden --database postgresql

hazards: $(STAMP) ## list N+1 loads, SELECTs in a loop, cartesian products, unbounded SELECTs
	@$(PYTEST) tests/golden --query-hazards report $(PARALLEL)

postgresql: $(STAMP) ## run the golden suite and the control plane's tests on a real PostgreSQL
	@$(PYTEST) tests/golden tests/controlplane --database postgresql $(PARALLEL)

update: $(GOLDEN) ## accept what changed, on both databases (then review: git diff __snapshots__)
	@$(PYTEST) tests/golden --snapshot-update
	@$(PYTEST) tests/golden --snapshot-update --database postgresql

lint: $(STAMP) ## check style, format and vocabulary
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@$(BIN)/python -m tests.words

types: $(STAMP) ## check types, strictly
	@$(BIN)/mypy --no-error-summary

contracts: $(STAMP) ## check the layers: which package may import which
	@$(BIN)/lint-imports --no-logo > $(VENV)/contracts.log || { cat $(VENV)/contracts.log; exit 1; }

sqlalchemy-2.0: $(STAMP) ## run the part of the tests that shows most on SQLAlchemy 2.0
	@$(BIN)/python -m tests.matrix --only sqlalchemy-2.0

matrix: $(STAMP) ## test the plugin on each Python here x SQLAlchemy 2.0 and 2.1 x lowest and newest pytest; CELLS=".."
	@$(BIN)/python -m tests.matrix $(CELLS)

checks: $(STAMP) ## lint, types, contracts and docs, two of them beside each other
	@$(MAKE) --no-print-directory -j2 lint types contracts docs

test: checks postgresql sqlalchemy-2.0 ## everything: lint, words, types, contracts, docs, all tests on SQLite and PostgreSQL
	@$(PYTEST) tests $(PARALLEL)

docs: $(STAMP) ## build the documentation site, strict about links
	@$(BIN)/sphinx-build -W --keep-going -q -b html backend/docs .venv/site && echo "docs: .venv/site/index.html"

bench: $(STAMP) ## run the benchmarks and print their ratios; TOPIC=name runs one
	@$(BIN)/python -m tests.bench $(TOPIC)

mutants: $(STAMP) ## break every analytics query in every small way and see a golden test fail
	@$(BIN)/python -m tests.mutants

release-check: $(STAMP) ## build both distributions, install each alone, run the README from them
	@$(BIN)/python -m tests.release

lock: ## pin the dependencies (needs uv)
	@for group in golden dev; do \
	  case $$group in golden) file=requirements.lock;; *) file=requirements-dev.lock;; esac; \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --all-extras --group pyproject.toml:$$group pyproject.toml backend/pyproject.toml -o $$file; \
	done
	@for group in lowest sqlalchemy-2-0; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-deps --group pyproject.toml:$$group -o tests/matrix/$$group.lock; \
	done

clean: ## remove the environment and everything a run leaves behind
	@rm -rf $(VENV) .query_snapshot .mypy_cache .ruff_cache .import_linter_cache
