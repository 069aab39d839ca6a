# Everything that a person runs. `make demo` and `make test` set up what they need.

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
RUN := $(VENV)/bin/python

.PHONY: help setup demo sheets screenshots words test check audit format lock clean

help:
	@echo "make setup    a virtual environment in $(VENV) with the pinned dependencies"
	@echo "make demo     the bot against a simulated Discord, with a page to try it on (no token needed)"
	@echo "              ARGS=\"--once --out DIR [--content F --style F] [--size N]\" paints one picture and exits"
	@echo "make check    format, lint, import rules, types"
	@echo "make test     make check, then every test"
	@echo "make audit    known vulnerabilities of the pinned dependencies (asks PyPI; says so where it cannot)"
	@echo "make format   mend what can be mended by itself"
	@echo "make sheets   paint the contact sheets in docs/images anew (hours on a CPU; ARGS=\"--seed-steps N ...\" shortens it)"
	@echo "make screenshots  take the pictures of the bot in docs/images anew (a few minutes; needs Chromium)"
	@echo "make words    bring the translations in bot/ui/locale up to date with the sentences in the code"
	@echo "make lock     resolve the dependencies anew into requirements.lock"
	@echo "make clean    remove the virtual environment and all caches"

setup: $(READY)

# requirements.lock pins every package with its hashes, so nothing is resolved here.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "stylize-bot needs Python 3.11 or newer; say which with: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(RUN) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)
	@$(RUN) -m tests.demo $(ARGS)

sheets: $(READY)
	$(RUN) -m tests.sheets $(ARGS)

screenshots: $(READY)
	$(RUN) -m tests.screenshots $(ARGS)

check: $(READY)
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy

words: $(READY)
	$(RUN) -m tests.catalogues

test: check
	$(RUN) -m pytest $(ARGS)

# pip-audit in an environment of its own, so that nothing of it is among the project's dependencies.
audit: $(READY)
	@test -x .audit/bin/pip-audit || { $(PYTHON) -m venv .audit && .audit/bin/python -m pip install --quiet pip-audit==2.10.1; } || true
	@$(RUN) -m tests.audit .audit/bin/pip-audit

format: $(READY)
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

# Three lists that agree: everything for developers, and the two that the Dockerfile installs.
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --no-header
lock:
	$(COMPILE) --all-extras -o requirements.lock
	$(COMPILE) --extra bot --constraint requirements.lock -o requirements-bot.lock
	$(COMPILE) --extra bot --extra engine --constraint requirements.lock -o requirements-engine.lock

clean:
	rm -rf $(VENV) .audit .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info build dist
