# Two commands are all a newcomer needs:  make demo   and   make test
# Everything else is named in docs/development.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= 1
PORT ?= 8000
export MANGROVE_VAR ?= $(CURDIR)/var
export MANGROVE_DEBUG ?= 1
# Compiled passes of the rulebook engine stay with the checkout
export MANGROVE_KERNELS ?= $(MANGROVE_VAR)/kernels
PURE := tests/rulebook tests/vocabulary tests/documents tests/similarity tests/bench

# What is looked at in a browser or as a newcomer would run it; what meets the database and so runs on PostgreSQL too
SEEN := tests/browser tests/acceptance
# Every role at every route: the longest single test
REACH := tests/reach
PROGRAMMES := tests/proposals tests/policies
STORED := tests/ledger tests/jobs tests/registry tests/figures tests/likeness tests/casework tests/funding tests/reviews tests/intake tests/proposals tests/policies tests/workbench tests/operation
# What no database makes a difference to: pages, words, pure decisions, texts, settings. `make test-postgresql` runs all there.
ANY_DATABASE := $(wildcard $(foreach about,page pages english catalogue commands decisions workflow machine calendars clocks limits \
  periods uploads credit_code masking names naming paper any_draft figures_in_letters letter_figures other_cities founding_letter \
  reading_by_role unmarked city_settings oidc deploy leaks blindness asking calculator library audit results secrecy office \
  seal_folders rating registration titles stating lineage publishing deciding list showing check sources sign_in \
  ,tests/*/test_$(about).py tests/*/*/test_$(about).py tests/*/test_*_$(about).py tests/*/*/test_*_$(about).py))
# What locks, constrains, orders, searches, imports, verifies or is killed: on both databases each time
WHOLE := tests/ledger tests/jobs tests/funding tests/operation tests/likeness
ON_BOTH := $(WHOLE) tests/intake/test_flow.py tests/proposals/test_tampering.py tests/policies/test_plans.py \
  $(foreach about,cases verification verifications,tests/casework/test_$(about).py) \
  $(filter-out $(addsuffix /%,$(WHOLE) $(SEEN) $(PURE)),$(wildcard $(foreach about,races killed import importing import_large merging search searching sign_ins snapshot taking list_views, \
  tests/*/test_$(about).py tests/*/*/test_$(about).py tests/*/test_*_$(about).py)))
ON_POSTGRESQL := tools/if-postgres tools/with-postgres $(BIN)/python -m pytest -q

.PHONY: demo test setup lint types contracts catalogue pytest test-postgresql test-long lock clean bench bench-peers drill

## The city answers its deputies: data in, letter out, then the workbench at http://127.0.0.1:8000 (SERVE=0 to stop before, PORT=… for another)
demo: $(VENV)/app
	@$(BIN)/mangrove demo --out out --address http://127.0.0.1:$(PORT)
ifneq ($(SERVE),0)
	@MANGROVE_PUBLIC_NOTICES=1 MANGROVE_PUBLIC_OPENINGS=1 MANGROVE_PUBLIC_CALCULATOR=1 MANGROVE_PUBLIC_DRAFTS=1 $(BIN)/mangrove serve --port $(PORT)
endif

## Everything that CI runs: style, types, the order of the rooms, tests on SQLite and on PostgreSQL
test: setup lint types contracts
	@rm -f var/skipped.txt
	@$(MAKE) --no-print-directory -k -j$(shell expr $$(nproc) + 1) --output-sync=target $(PARTS)
	@tools/report-skips

# Parts that run beside one another, the longest first, one more than there are cores, since each waits at times for a browser or another
# process; one that fails does not keep the others from telling. Each has a database and folders of its own
PARTS := test-browser test-programmes test-rooms test-reach test-on-postgresql test-engines
.PHONY: $(PARTS)
test-engines:
	$(BIN)/python -m pytest -q -p no:cacheprovider $(PURE)
test-rooms:
	$(BIN)/python -m pytest -q $(addprefix --ignore=,$(PURE) $(SEEN) $(REACH) $(PROGRAMMES))
test-programmes:
	$(BIN)/python -m pytest -q -p no:cacheprovider $(PROGRAMMES)
test-reach:
	$(BIN)/python -m pytest -q -p no:cacheprovider $(REACH)
test-browser: export MANGROVE_PICTURES ?= 0
test-browser:
	$(BIN)/python -m pytest -q -p no:cacheprovider $(SEEN)
test-on-postgresql:
	@$(ON_POSTGRESQL) -p no:cacheprovider $(addprefix --ignore=,$(ANY_DATABASE)) $(ON_BOTH)

setup: $(VENV)/dev

lint: $(VENV)/dev
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .

types: $(VENV)/dev
	$(BIN)/mypy

contracts: $(VENV)/dev
	$(BIN)/lint-imports
	$(BIN)/python -m django makemigrations --check --dry-run --settings mangrove.workbench.settings

# A test that begins today must not end tomorrow: in the last hour of the day they live where the new day has begun
pytest $(PARTS) test-postgresql: export MANGROVE_TIME_ZONE = $(shell [ "$$(TZ=CST-8 date +%H)" = 23 ] && echo Asia/Tokyo || echo Asia/Shanghai)

pytest: $(VENV)/dev
	$(BIN)/python -m pytest -q

## The tests that meet the database, once more on a throw-away PostgreSQL cluster
test-postgresql: $(VENV)/dev
	@$(ON_POSTGRESQL) $(STORED)

## Random rulebooks in thousands on every engine, and more of them compiled; MANGROVE_RANDOM_RULEBOOKS and MANGROVE_COMPILED say how many
test-long: export MANGROVE_RANDOM_RULEBOOKS ?= 2000
test-long: export MANGROVE_COMPILED ?= 200
test-long: $(VENV)/dev
	$(BIN)/python -m pytest -q tests/rulebook/engines/test_differential.py

## Back the sample city up, restore it elsewhere, compare; tests/operation does the same on both databases
drill: $(VENV)/dev
	@$(BIN)/mangrove drill --sample

## Rewrites the pinned, hashed dependency lists; they name no host
lock:
	uv pip compile pyproject.toml --generate-hashes --no-header --no-annotate -q --upgrade -o requirements/app.txt
	uv pip compile pyproject.toml --group dev --generate-hashes --no-header --no-annotate -q -c requirements/app.txt -o requirements/dev.txt

## Gathers interface strings into the English catalogue (needs the gettext programs)
catalogue: $(VENV)/dev
	cd src/mangrove && ../../$(BIN)/python -m django makemessages -l en --no-obsolete --no-location --settings mangrove.workbench.settings

bench: $(VENV)/dev
	$(BIN)/python bench/letter.py
	$(BIN)/python bench/pages.py
	$(BIN)/python bench/reading.py
	$(BIN)/python bench/rulebook.py
	$(BIN)/python bench/answers.py
	$(BIN)/python bench/sandbox.py
	$(BIN)/python bench/doubts.py
	$(BIN)/python bench/similarity.py
	$(BIN)/python bench/search.py

## What bench/rulebook.py and bench/similarity.py are compared with and is not ours to depend on: an environment of their own
bench-peers: .venv-peers/made

clean:
	rm -rf $(VENV) .venv-peers out var

# --- how the environment is made: pinned versions, checked hashes, no Node, no root ---------------------------

$(VENV)/bin/python:
	@tools/check-machine $(PYTHON)
	@$(PYTHON) -m venv $(VENV)

$(VENV)/app: requirements/app.txt pyproject.toml | $(VENV)/bin/python
	@echo "安装依赖（固定版本并核对校验值）…"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/app.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv-peers/made: requirements/peers.txt
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/pip install -q --disable-pip-version-check --no-deps -r requirements/peers.txt
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/app
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
