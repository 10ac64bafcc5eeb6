# `make` alone lists what there is. Everything runs from the checkout; nothing is installed outside .venv,
# except a browser for the tests, and that only as root.

PYTHON ?= python3
PORT ?= 8000
export PORT
# What is imported stays compiled, whatever the machine says: a run has many processes.
unexport PYTHONDONTWRITEBYTECODE
PY := .venv/bin/python
LANGUAGES := $(wildcard web/locales/*/LC_MESSAGES/messages.po)
COMPILED := $(LANGUAGES:.po=.mo)
# A folder that was moved, or made by another user's Python, is made anew.
ALIVE := $(shell $(PY) -c '' 2>/dev/null && echo yes)
PYTEST := $(PY) -m pytest -n 2 --dist worksteal --durations 8
SERVER := tests --ignore=tests/browser --ignore=tests/bench
BABEL := $(PY) -m babel.messages.frontend

.DEFAULT_GOAL := help
.PHONY: help setup demo run test rest lint faults bench shots lock translations browser clean again
.DELETE_ON_ERROR:

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: .venv/ready $(COMPILED) browser ## .venv from the lock, translations compiled, a browser for the tests
	@echo "Ready: make demo, make run, make test."

demo: .venv/ready $(COMPILED) ## a demo company and a simulated sweep at http://127.0.0.1:$PORT (8000)
	@exec $(PY) -m server demo

run: .venv/ready $(COMPILED) ## the real thing; the first visit sets up the company
	@exec $(PY) -m server serve

test: setup ## in twelve minutes: lint, each test on one kind of installation, a browser's stories
	@$(MAKE) --no-print-directory lint
	$(PYTEST) $(SERVER) --half brief
	$(PYTEST) tests/browser/test_story_*.py

rest: setup ## what `make test` leaves out: the other kind, what goes far, every screen, the stories before two servers
	$(PYTEST) $(SERVER) --half rest
	$(PYTEST) tests/browser --ignore-glob '*/test_story_*'
	$(PYTEST) tests/browser/test_story_*.py --pair

lint: .venv/ready $(COMPILED) ## ruff, mypy --strict, layers, hashes of vendored files, translations
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) -m tests.house.layers
	$(PY) -m web.vendor
	$(PY) -m tests.house.translations

faults: setup ## SEEDS=1000 bad days: servers killed, cut off, full, while a squad works
	$(PYTEST) tests/faults -k bad_day --seeds $(or $(SEEDS),1000)

bench: .venv/ready $(COMPILED) ## how fast it is, as a table; never a failure
	-$(PY) -m tests.bench

shots: setup ## the fixed list of screens as pictures, in .shots
	$(PY) -m tests.browser.shots

translations: .venv/ready ## bring web/locales up to date with the source; new messages are left empty
	@tmp=$$(mktemp) && $(PY) -m tests.house.translations extract $$tmp && \
	for po in $(LANGUAGES); do \
	  language=$$(basename $$(dirname $$(dirname $$po))); \
	  $(BABEL) -q update -i $$tmp -o $$po -l $$language --no-fuzzy-matching --ignore-obsolete \
	    --ignore-pot-creation-date -w 110 || exit 1; \
	done; rm -f $$tmp

lock: ## requirements.lock anew from pyproject.toml, and the image's; UPGRADE=--upgrade takes newer versions
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && $(PYTHON) -m venv $$tmp && \
	$$tmp/bin/python -m pip install -q --disable-pip-version-check uv && \
	index=$$($$tmp/bin/python -m pip config get global.index-url 2>/dev/null || true) && \
	if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi && \
	$$tmp/bin/uv pip compile -q pyproject.toml --universal --generate-hashes --no-header --extra test \
	  $(UPGRADE) -o requirements.lock && \
	$$tmp/bin/uv pip compile -q pyproject.toml --universal --generate-hashes --no-header \
	  --constraint requirements.lock -o config/deploy/requirements.lock

browser: .venv/ready
	@$(PY) -m tests.browser.chromium

clean: ## removes .venv and everything made, but no data
	rm -rf .venv .shots .demo .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f $(COMPILED)

.venv/ready: requirements.lock $(if $(ALIVE),,again)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Muster needs Python 3.11 or newer; say which with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || \
	  { echo "This Python has no venv; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(if $(ALIVE),,--clear) .venv
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@touch $@

%.mo: %.po | .venv/ready
	@$(BABEL) -q compile -i $< -o $@
