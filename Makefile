# What one does with a checkout. Needs Python 3.11 to 3.13 with venv and pip, and make (GNU, 3.81 or later).

PYTHON ?= python3
VENV ?= .venv
ENGINE ?= $(KBFIX_ENGINE)
FORCE ?=
QUICK ?=
ARGS ?=
HOME_DIR ?=
DEMO_HOME := .demo/home$(if $(ENGINE),-$(ENGINE))
DEMO_SYMPTOM := tracking finds no trace of mail sent to the internet
TEST_DATA := $(or $(KBFIX_TEST_DATA),../shared)

BIN := $(VENV)/bin
# Setting up again is left out as long as these are newer than pyproject.toml.
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
WHEEL_VENV := build/wheel-venv
WHOOSH3_VENV := build/whoosh3-venv
KIT_VENV := build/kit-venv

PIP_FLAGS := --quiet --disable-pip-version-check
export PIP_NO_WARN_SCRIPT_LOCATION := 1
# A root user in a container is not to be told off on every install.
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help demo test check quality format golden docs wheel-test kit kit-test whoosh3-test bench bench-growth bench-parsing bench-parsed bench-forms bench-mcp bench-serve relevance relevance-table train train-vectors clean

help: ## List these targets.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(RUN_STAMP) ## Install into .venv, import the bundled corpus, answer a symptom (ENGINE=whoosh for the other engine).
	@mkdir -p .demo
	@echo '$$ kbfix import corpus'
	@KBFIX_HOME="$(DEMO_HOME)" KBFIX_ENGINE="$(ENGINE)" "$(BIN)/kbfix" import corpus
	@echo
	@echo '$$ kbfix answer "$(DEMO_SYMPTOM)"'
	@KBFIX_HOME="$(DEMO_HOME)" KBFIX_ENGINE="$(ENGINE)" "$(BIN)/kbfix" answer "$(DEMO_SYMPTOM)"
	@echo
	@echo 'Now your own symptom:'
	@echo '  $(BIN)/kbfix --home $(DEMO_HOME) answer "euro sign missing in NT 4.0"'

test: $(DEV_STAMP) ## Run the tests (ARGS="tests/unit -x" for some of them).
	@"$(BIN)/pytest" -n auto --dist loadfile $(ARGS)

check: quality ## Run all that CI runs in this checkout: format, lint, types, import map, tests.
	@"$(BIN)/pytest" -n auto --dist loadfile $(ARGS)

quality: $(DEV_STAMP) ## Check format, lint, types and the import map.
	"$(BIN)/ruff" format --check
	"$(BIN)/ruff" check
	"$(BIN)/mypy"
	"$(BIN)/lint-imports"

format: $(DEV_STAMP) ## Lay out the code, and mend what the linter can mend.
	"$(BIN)/ruff" format
	"$(BIN)/ruff" check --fix

golden: $(DEV_STAMP) ## Write expectations that are missing: golden articles, outputs in the docs (FORCE=1 overwrites those that differ).
	KBFIX_GOLDEN=$(if $(FORCE),force,write) "$(BIN)/pytest" tests/golden tests/docs/test_examples.py

docs: $(DEV_STAMP) ## Write docs/commands.md from the commands' own help.
	"$(BIN)/python" docs/generate_commands.py

wheel-test: ## Build the wheel, install it into a new environment, test the installed command (QUICK=1 without tests/e2e).
	rm -rf build/wheel "$(WHEEL_VENV)"
	"$(PYTHON)" -m venv "$(WHEEL_VENV)"
	"$(WHEEL_VENV)/bin/python" -m pip wheel $(PIP_FLAGS) --no-deps --wheel-dir build/wheel .
	"$(WHEEL_VENV)/bin/python" -m pip install $(PIP_FLAGS) "$$(echo build/wheel/*.whl)[mcp,web]" pytest hypothesis hatchling
	@# Bare pytest, not python -m pytest: the latter would import the checkout.
	"$(WHEEL_VENV)/bin/pytest" $(wildcard tests/packaging tests/docs $(if $(QUICK),,tests/e2e))

kit: ## Build dist/kbfix-kit-VERSION.zip for closed networks (ARGS="--platform linux-x86_64 --python 3.11" for one; --semantic).
	@test -x "$(KIT_VENV)/bin/uv" || { "$(PYTHON)" -m venv "$(KIT_VENV)" && "$(KIT_VENV)/bin/python" -m pip install $(PIP_FLAGS) --upgrade pip uv; }
	@PATH="$(CURDIR)/$(KIT_VENV)/bin:$$PATH" "$(KIT_VENV)/bin/python" kit/build.py $(ARGS)

kit-test: $(DEV_STAMP) ## Install the kit in dist where no network is, and use it there (Linux; make kit first).
	@KBFIX_KIT="$$(ls -t dist/kbfix-kit-*.zip | head -n 1)" "$(BIN)/pytest" tests/kit $(ARGS)

whoosh3-test: ## Run the engine contract and the query language on whoosh3, the maintained successor of whoosh, in an environment of its own.
	rm -rf "$(WHOOSH3_VENV)"
	"$(PYTHON)" -m venv "$(WHOOSH3_VENV)"
	"$(WHOOSH3_VENV)/bin/python" -m pip install $(PIP_FLAGS) -e . pytest hypothesis
	@# Both have the import name whoosh: one of them in an environment, never two.
	"$(WHOOSH3_VENV)/bin/python" -m pip uninstall $(PIP_FLAGS) --yes whoosh
	"$(WHOOSH3_VENV)/bin/python" -m pip install $(PIP_FLAGS) whoosh3
	"$(WHOOSH3_VENV)/bin/pytest" tests/contract/test_whoosh_engine.py tests/unit/matching/test_query_language.py

bench: $(DEV_STAMP) ## Measure kbfix beside its peers on the real archive: import, warm and cold search (ARGS=--help; needs KBFIX_TEST_DATA).
	@"$(BIN)/python" -m bench.performance $(ARGS)

bench-growth: $(DEV_STAMP) ## Measure kbfix with archives of up to a million articles, and draw how it grows (ARGS=--help; needs KBFIX_TEST_DATA).
	@"$(BIN)/python" -m bench.growth $(ARGS)

bench-parsing: $(DEV_STAMP) ## Measure parsing alone, articles a second for every form (needs KBFIX_TEST_DATA).
	"$(BIN)/python" bench/parsing.py $(ARGS)

bench-parsed: $(DEV_STAMP) ## Parse the real archives and print what came of them (needs KBFIX_TEST_DATA).
	@"$(BIN)/python" bench/parsed_archive.py $(ARGS)

bench-forms: $(DEV_STAMP) ## Compare the same articles in three forms (needs KBFIX_TEST_DATA).
	@"$(BIN)/python" bench/cross_form.py $(ARGS)

bench-serve: $(DEV_STAMP) ## Ask the web page with many clients at once (HOME_DIR=...).
	@test -n "$(HOME_DIR)" || { echo 'give the home to serve: make bench-serve HOME_DIR=DIR' >&2; exit 2; }
	@"$(BIN)/python" bench/serve_load.py $(ARGS) "$(HOME_DIR)"

bench-mcp: $(DEV_STAMP) ## Put the labelled queries in as an agent's tickets (HOME_DIR=...; needs KBFIX_TEST_DATA).
	@test -n "$(HOME_DIR)" || { echo 'give the home to ask: make bench-mcp HOME_DIR=DIR' >&2; exit 2; }
	@"$(BIN)/python" bench/mcp_tickets.py $(ARGS) "$(HOME_DIR)" "$(TEST_DATA)"

relevance: $(DEV_STAMP) ## Score a home on the labelled queries (HOME_DIR=...; needs KBFIX_TEST_DATA).
	@test -n "$(HOME_DIR)" || { echo 'give the home to score: make relevance HOME_DIR=DIR' >&2; exit 2; }
	@"$(BIN)/python" bench/relevance.py $(if $(ENGINE),--engine "$(ENGINE)") $(ARGS) "$(HOME_DIR)" "$(TEST_DATA)"

relevance-table: $(DEV_STAMP) ## Compare with parts and peers, out of fold, and draw docs/reliability.svg (HOME_DIR=...; what is not installed is left out).
	@test -n "$(HOME_DIR)" || { echo 'give the home to score: make relevance-table HOME_DIR=DIR' >&2; exit 2; }
	@"$(BIN)/python" bench/relevance_table.py $(ARGS) "$(HOME_DIR)" "$(TEST_DATA)/queries"

train: $(DEV_STAMP) ## Learn the second stage and its confidence anew (HOME_DIR=...; needs KBFIX_TEST_DATA; ARGS=--dry-run prints only).
	@test -n "$(HOME_DIR)" || { echo 'give the home to learn from: make train HOME_DIR=DIR' >&2; exit 2; }
	@"$(BIN)/python" bench/train_ranking.py $(if $(ENGINE),--engine "$(ENGINE)") $(ARGS) "$(HOME_DIR)" "$(TEST_DATA)/queries"

train-vectors: $(DEV_STAMP) ## Learn the vectors of terms anew; import again and make train afterwards (HOME_DIR=...; needs KBFIX_TEST_DATA).
	@test -n "$(HOME_DIR)" || { echo 'give the home to learn from: make train-vectors HOME_DIR=DIR' >&2; exit 2; }
	"$(BIN)/python" bench/train_vectors.py $(ARGS) "$(HOME_DIR)" "$(TEST_DATA)"

clean: ## Remove what the targets above made.
	rm -rf "$(VENV)" .demo build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find kb indexer cli tests bench docs -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo 'kbfix needs Python 3.11, 3.12 or 3.13; name one: make PYTHON=python3.12 $(MAKECMDGOALS)' >&2; exit 1; }
	@echo 'Making $(VENV) ...'
	@"$(PYTHON)" -m venv "$(VENV)"

$(RUN_STAMP): pyproject.toml | $(BIN)/python
	@echo 'Installing kbfix into $(VENV) ...'
	@"$(BIN)/python" -m pip install $(PIP_FLAGS) -e .
	@touch "$@"

$(DEV_STAMP): pyproject.toml | $(BIN)/python
	@echo 'Installing kbfix and its development tools into $(VENV) ...'
	@"$(BIN)/python" -m pip install $(PIP_FLAGS) -e '.[dev]'
	@touch "$@" "$(RUN_STAMP)"
