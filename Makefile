# make sweep: a real sweep of an embedded model; make test: the tests. Both make .venv from uv.lock first.
PYTHON ?= python3
RESULTS ?= results/demo
VENV := .venv
BIN := $(VENV)/bin
MADE := $(VENV)/.made
MADE_DEV := $(VENV)/.made-dev
MADE_DOCS := $(VENV)/.made-docs
SYNC := VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv sync -q --frozen --active --inexact --extra llamacpp

.PHONY: help sweep test test-all check bench docs notebooks format clean
help:
	@echo "make sweep     a real small sweep of SmolLM2-135M (fetches the model, about 90 MB, once)"
	@echo "make test      the fast tests          make test-all  those that need the model or time too"
	@echo "make check     format, lint, types     make bench     speed figures, and whether they got worse"
	@echo "make docs      the site of docs/, in build/site"
	@echo "make notebooks the notebooks with their outputs, anew"

# uv is installed into the environment itself, so that nothing but Python is needed beforehand.
$(MADE): uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12 ..."; exit 3; }
	@echo "making the environment $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make environments (on Debian: apt install python3-venv)."; exit 3; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check "uv>=0.8,<1"
	@$(SYNC) --no-dev
	@touch $@

$(MADE_DEV): $(MADE)
	@echo "adding the tools for development ..."
	@$(SYNC)
	@touch $@

$(MADE_DOCS): $(MADE)
	@echo "adding the tools for the site ..."
	@$(SYNC) --no-dev --group docs
	@touch $@

# Sixteen tasks of all tiers at four temperatures, one turn each: a few minutes on two cores.
sweep: $(MADE)
	@$(BIN)/llmsweep models pull smollm2
	@$(BIN)/llmsweep model=smollm2 suite=micro-demo baseline.turns=1 baseline.max_tokens=192 results=$(RESULTS)

test: $(MADE_DEV)
	$(BIN)/pytest -n 2

test-all: $(MADE_DEV)
	$(BIN)/llmsweep models pull smollm2
	$(BIN)/pytest -m ""

check: $(MADE_DEV)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

# Nothing is fetched while it builds; a broken link or anchor ends it.
docs: $(MADE_DOCS)
	$(BIN)/python website/stage.py build/docs
	$(BIN)/zensical build --strict --clean

format: $(MADE_DEV)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# Against the code that was accepted last on this machine, round by round; the first run only stores.
bench: $(MADE_DEV)
	$(BIN)/python tests/bench/run.py $(BENCH)

notebooks: $(MADE_DEV)
	$(BIN)/python notebooks/run.py

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .benchmarks dist
