# Two commands are enough: `make serve` and `make test`. All targets may be repeated; the second time is quick.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: serve test check fix eval bench audit

serve: .venv/.installed
	$(BIN)/coach serve

test: .venv/.installed-dev
	@command -v chromium >/dev/null || { apt-get update -q && apt-get install -y -q chromium; } || \
		echo "Chromium ontbreekt en kon niet worden geïnstalleerd; de browsertests kunnen niet draaien."
	$(BIN)/pytest

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: .venv/.installed-dev
	$(BIN)/coach eval --out .coach/evals

bench: .venv/.installed-dev
	$(BIN)/python -m evals.bench

audit:
	.ci/audit

# torch goes first and exactly pinned: an open range would fetch several gigabytes of GPU packages.
.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Python 3.11 is nodig; geef make PYTHON=/pad/naar/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/.installed-dev: .venv/.installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@
