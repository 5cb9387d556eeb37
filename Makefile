# Works with GNU make from 3.81 on (the one that macOS has).
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo test soak fuzz lint services services-stop clean

BIN := .venv/bin
# The name holds the folder's own checksum: a .venv that was moved or copied is made anew.
STAMP := .venv/.installed-$(shell pwd -P | cksum | tr ' ' '-')
ARGS ?=

help: ## List what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## Make .venv, install, and find or install a browser
	@$(BIN)/payerbots setup

demo: setup ## Run the bots against practice portals (ARGS="--seed 2")
	@$(BIN)/payerbots demo $(ARGS)

test: setup ## Lint, types, import contracts and all tests (ARGS="-k workbook")
	@scripts/check all $(ARGS)

soak: setup ## The long runs: 1,000 workers killed, 1,000 histories of the ledger, 100 corrections, every fault at every site (two hours)
	@PAYERBOTS_SOAK_KILLS=1000 PAYERBOTS_SOAK_EXAMPLES=1000 $(BIN)/pytest -q --timeout 7200 \
		tests/engine/test_kills.py tests/ledger/test_machine.py -k "killed or model" $(ARGS)
	@PAYERBOTS_SOAK_HOUSES=9 $(BIN)/pytest -q --timeout 7200 tests/engine/test_rejections_killed.py $(ARGS)
	@$(BIN)/pytest -q -m soak $(ARGS)

fuzz: $(STAMP) ## Mutated files against every reader, for two minutes (ARGS="-max_total_time=600")
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group fuzz
	@$(BIN)/python tests/documents/fuzz.py -max_total_time=120 $(ARGS)

lint: $(STAMP) ## Lint, types and import contracts
	@scripts/check lint

services: ## Install and start on 127.0.0.1 what the tests need
	@scripts/services

services-stop: ## Stop what `make services` started
	@scripts/services stop

clean: ## Remove .venv and caches; data and out/ stay
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist test-results
	@find . -type d -name __pycache__ -prune -exec rm -rf {} +

$(STAMP): pyproject.toml
	@scripts/make-venv "$(STAMP)"
