# Two commands: `make run` and `make test`. Both set up what they need first.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# dagster.yaml lies here; all that runs leave behind goes to data/.
export DAGSTER_HOME := $(CURDIR)
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup run pack test ui validate check verify forget bench soak lock lint

setup: .venv/.ready

# uv comes from the lock like everything else; where it cannot reach the registry that pip is set
# up for, pip installs the same locked, hashed files, only slower.
.venv/.ready: requirements.lock
	$(PYTHON) -m venv .venv
	sed -n '/^uv==/,/# via/p' requirements.lock > .venv/uv.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock \
	  || $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	# dagster.yaml names a module of this project: every command of .venv must find it
	echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/childrens_kpis.pth"
	$(BIN)/python -m compileall -q orchestration
	touch $@

# The main job: check in what was delivered, build the mart, write the exports, evaluate the alerts.
# COUNCIL=E06000005 AS_AT=2019-09 choose one edition.
# The partition is the newest month in the drop folder; older ones that wait are checked in too.
run: setup
	$(BIN)/python -m orchestration.fresh_clone
	month=$$(ls "$${KPI_DATA:-data}/incoming" | grep -xE '[0-9]{4}-[0-9]{2}' | tail -n 1); \
	  $(BIN)/python -W ignore -m dagster job execute -m orchestration.definitions -j monthly_kpis \
	  --tags "{\"dagster/partition\": \"$$month\"}" \
	  -c orchestration/console.yaml
	@echo "Done. Open $${KPI_EXPORTS:-exports}/index.html"

# The committee's pack for the next meeting, from the last build; MEETING=… chooses another one,
# REASON="…" corrects a pack that has been published.
pack: setup
	meeting="$(MEETING)"; meeting="$${meeting:-$$($(BIN)/python -m orchestration.packs.meetings)}"; \
	  REASON="$(REASON)" $(BIN)/python -W ignore -m dagster job execute -m orchestration.definitions \
	  -j committee_pack --tags "{\"dagster/partition\": \"$$meeting\"}" -c orchestration/console.yaml
	@echo "Done. Open $${KPI_EXPORTS:-exports}/index.html"

test: setup
	$(BIN)/python -m pytest $(ARGS)

# Thousands of damaged files and dozens of kills, where make test has a few: some minutes.
soak: setup
	$(BIN)/python -m pytest -m soak $(ARGS)

ui: setup
	$(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

validate: setup
	$(BIN)/dagster definitions validate -w workspace.yaml

# Build and test one indicator and print its last 13 months: make check ID=referrals_count
check: setup
	$(BIN)/python -m orchestration.check_indicator $(ID) $(COUNCIL)

# Every published folder against its manifest.
verify: setup
	$(BIN)/python -m orchestration.verify_exports

# Take people out of all that is stored: asks for an identifier, or reads one a line: make forget < ids
forget: setup
	$(BIN)/python -m orchestration.forget

# Where the time of one whole job goes, on the sample at its default size: for an idle machine.
bench: setup
	$(BIN)/python -m tests.benchmark.whole_job

lint: setup
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	cd dbt_project && ../$(BIN)/sqlfluff lint models tests

lock:
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --quiet --custom-compile-command "make lock" -o requirements.lock
