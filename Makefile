# `make help` lists the targets. Another interpreter: make PYTHON=python3.12 chat. Other settings: make chat CONFIG=my.yaml

PYTHON ?= python3
VENV ?= .venv
CONFIG ?=
ARGS ?=

BIN := $(VENV)/bin
RUN := $(BIN)/python -m
OPTIONS = $(strip $(if $(CONFIG),--config $(CONFIG)) $(ARGS))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install chat index eval test check fix clean

help:  ## show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  CONFIG=my.yaml picks the settings, ARGS=\"--port 8000\" is passed on (chat, index, eval, test)."

install: $(VENV)/.installed  ## virtual environment and run-time packages

chat: $(VENV)/.installed  ## the chat page on 127.0.0.1:7860 (the index is built first when it is missing or stale)
	$(RUN) web $(OPTIONS)

index: $(VENV)/.installed  ## build or update the index
	$(RUN) index build $(OPTIONS)

eval: $(VENV)/.installed  ## score the gold questions; the report goes to data/eval
	$(RUN) eval $(OPTIONS)

test: check  ## linters, types and all tests (need chromium, a Chinese font, postgresql and, for .doc, libreoffice)
	OMP_NUM_THREADS=1 $(RUN) pytest -n auto --dist loadfile $(ARGS)

check: $(VENV)/.installed-dev  ## linters and types only
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy

fix: $(VENV)/.installed-dev  ## format, and correct what the linter can correct
	$(RUN) ruff check --fix-only .
	$(RUN) ruff format .

clean:  ## remove index, reports and caches; the virtual environment stays
	rm -rf data/index data/eval .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -not -path "./$(VENV)/*" -prune -exec rm -rf {} +

# The stamps lie in the virtual environment: removing it removes them.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 chat"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/python
	@echo "Installing packages into $(VENV): once, some minutes."
	$(RUN) pip install --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(RUN) pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $@
