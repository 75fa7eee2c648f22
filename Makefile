# Needs `make` and `python3`; everything else is installed into .venv from the lock files.
PYTHON ?= python3
BIN := .venv/bin
export BROADSHEET_DATA ?= $(CURDIR)/.data
# Without compiled files, every command that a test starts compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-thorough check fix lock dist evaluate bench-search faces clean

help:  ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

# A demonstration fetches nothing, unless it is told to.
run: export BROADSHEET_SOURCES ?=
run: .venv/.run  ## Serve the site with demonstration papers (another port: make run PORT=8001)
	@$(BIN)/broadsheet demo --only-if-empty
	@$(BIN)/broadsheet serve $(if $(PORT),--port $(PORT))

# Both halves run, whatever the first says, and either fails the whole. In the second many tests wait for programs
# that they have started: on two cores a third process has something to do meanwhile.
test: .venv/.develop  ## Run the tests on PostgreSQL, then on SQLite and in a browser
	@$(BIN)/python tools/chromium.py
	@$(BIN)/python tools/clients.py
	$(BIN)/python tools/postgres.py $(BIN)/pytest -n 2 --dist=worksteal; on_postgresql=$$?; \
	$(BIN)/pytest -n 3 --dist=worksteal && exit $$on_postgresql

test-thorough: .venv/.develop  ## Run the tests that take their time: ten thousand real papers, many kills, two instances
	$(BIN)/pytest -n 2 -m thorough
	$(BIN)/pytest -n 2 --hypothesis-profile=thorough tests/fuzz

check: .venv/.develop  ## Look for what a machine can find: format, types, floors, migrations, spelling
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/django-admin makemigrations --settings broadsheet.site.settings --check --dry-run
	$(BIN)/djlint --quiet --lint --check src/broadsheet/web/templates
	$(BIN)/codespell
	$(BIN)/deptry src
	$(BIN)/python tools/manual.py --check

fix: .venv/.develop  ## Mend what a machine can mend: format, simple findings, tables of the manual
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/djlint --quiet --reformat src/broadsheet/web/templates
	$(BIN)/python tools/manual.py

lock: .venv/.develop  ## Choose the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile $(LOCKING) --output-file requirements.lock
	$(BIN)/uv pip compile $(LOCKING) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

# Every Python and platform in one file, with the hash of every file that may be installed, from any index.
LOCKING := pyproject.toml --group build --universal --python-version 3.11 --upgrade --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" --quiet

dist: .venv/.develop  ## Build the package into dist/
	$(BIN)/uv build --quiet

SETS ?= ../shared/ir
evaluate: .venv/.develop  ## Measure search on the test sets in a folder and write the tables of the manual (SETS=DIR)
	$(BIN)/python tools/evaluated.py $(sort $(dir $(wildcard $(SETS)/*/corpus.jsonl*)))

# What only the peers need stays out of the environment.
BENCH := $(HOME)/.cache/broadsheet-bench
SNAPSHOT ?= ../shared/data/arxiv-metadata-oai-snapshot.json.gz
bench-search: .venv/.develop  ## Measure search beside its peers (SNAPSHOT=FILE; the first time it takes an hour)
	$(BIN)/uv pip install --quiet --target $(BENCH)/packages scikit-learn faiss-cpu
	$(BIN)/python bench/searching.py $(SNAPSHOT) --cache $(BENCH)

faces: .venv/.develop  ## Cut the faces of type that the pages ship from the packages that carry them (needs npm)
	$(BIN)/python tools/faces.py

clean:  ## Remove the environment and what tools leave behind; your data stays
	rm -rf .venv dist test-results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/.run: requirements.lock pyproject.toml tools/environment.py
	@$(PYTHON) tools/environment.py requirements.lock
	@touch $@

.venv/.develop: requirements-dev.lock pyproject.toml tools/environment.py
	@$(PYTHON) tools/environment.py requirements-dev.lock
	@touch $@ .venv/.run
