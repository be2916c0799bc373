# Two commands do everything: `make up` starts Pitcrew, `make test` proves it.
# They need Python 3.11 or newer, make and a network; the rest they install themselves.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: up setup test prove bench lint pins clean

up: setup
	$(BIN)/pitcrew up

setup: $(READY)

$(READY): requirements/test.txt pyproject.toml scripts/setup
	PYTHON="$(PYTHON)" VENV="$(VENV)" sh scripts/setup
	touch $(READY)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy pitcrew

test: setup lint
	sh scripts/system-packages
	$(BIN)/python -m pytest -n 2

prove: setup
	sh scripts/system-packages
	$(BIN)/python -m pytest -m prove tests

bench: setup
	$(BIN)/python -m bench

pins:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header requirements/base.in -o requirements/base.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header requirements/test.in -c requirements/base.txt -o requirements/test.txt

clean:
	rm -rf $(VENV)
