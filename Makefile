# Two commands: `make run` and `make test`. Both set up what they need first.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -c requirements.lock
# dagster.yaml lies here; all that runs leave behind goes to data/, but for what KPI_HISTORY_URL takes.
# KPI_OF_POOL=E06000005 before any command: that council of the pool, in folders of its own.
export DAGSTER_HOME := $(if $(KPI_OF_POOL),$(abspath $(or $(KPI_DATA),data))/councils/$(KPI_OF_POOL)/dagster,$(CURDIR)$(if $(KPI_HISTORY_URL),/docs/deployment/postgres))
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export PYTHONDONTWRITEBYTECODE :=

# what makes Dagster's pages show a run of the command line at its job and on the timeline
OURS := \".dagster/repository\": \"__repository__@childrens_kpis\", \"kpi/reason\": \"make\"

.PHONY: setup run pack approve test ui explore validate inspect check cases figures region status verify backup restore withdraw forget benchmarks bench soak lock audit sbom lint

# What opens the place that KPI_INCOMING names, or KPI_HISTORY_URL, is installed only where one is named, the
# explorer only where somebody starts it.
EXTRAS := $(filter sftp s3,$(firstword $(subst ://, ,$(KPI_INCOMING)))) $(if $(KPI_HISTORY_URL),history)
EXTRAS += $(filter explore,$(MAKECMDGOALS))

setup: .venv/.ready $(EXTRAS:%=.venv/.ready-for-%)

.venv/.ready-for-sftp .venv/.ready-for-s3 .venv/.ready-for-history .venv/.ready-for-explore: .venv/.ready-for-%: .venv/.ready
	$(INSTALL) --extra $* -r pyproject.toml || $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	touch $@

# uv comes from the lock like everything else; where it cannot reach the registry that pip is set
# up for, pip installs the same locked, hashed files, only slower, and those of the tests with them.
.venv/.ready: requirements.lock
	$(PYTHON) -m venv .venv
	sed -n '/^uv==/,/# via/p' requirements.lock > .venv/uv.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
	$(INSTALL) -r pyproject.toml || $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	# dagster.yaml names a module of this project: every command of .venv must find it
	echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/childrens_kpis.pth"
	$(BIN)/python -m compileall -q orchestration
	touch $@

# What only tests and lint need: a browser, linters, PostgreSQL's driver. A server has none of it.
.venv/.ready-to-test: .venv/.ready .venv/.ready-to-audit
	$(INSTALL) --all-extras -r pyproject.toml --group dev || $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	touch $@

.venv/.ready-to-audit: .venv/.ready
	$(PYTHON) -m venv .venv/audit
	$(INSTALL:$(BIN)/python=.venv/audit/bin/python) --group audit || \
	  .venv/audit/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	touch $@

# The main job: check in what was delivered, build the mart, write the exports, evaluate the alerts.
# COUNCIL=E06000005 AS_AT=2019-09 choose one edition.
# The partition is the newest month in the drop folder; older ones that wait are checked in too.
# Where nothing is new since the last time, it says so and leaves everything as it is.
run: setup
	$(BIN)/python -W ignore -m orchestration.commands.whole_job
	@echo "Done. Open $${KPI_EXPORTS:-exports}/index.html"

# The draft of the committee's pack for the next meeting, from the last build; MEETING=… chooses
# another one, REASON="…" corrects a pack that has been published.
pack: setup
	meeting="$(MEETING)"; meeting="$${meeting:-$$($(BIN)/python -m orchestration.commands.next_meeting)}"; \
	  REASON="$(REASON)" $(BIN)/python -W ignore -m dagster job execute -m orchestration.definitions \
	  -j committee_pack --tags "{\"dagster/partition\": \"$$meeting\", $(OURS)}" -c orchestration/console.yaml
	@echo "Done. Open $${KPI_EXPORTS:-exports}/index.html; publish the draft with make approve BY=\"name\""

# Publish the draft of that pack, once somebody has read it: make approve BY="A. Clerk"
approve: setup
	meeting="$(MEETING)"; meeting="$${meeting:-$$($(BIN)/python -m orchestration.commands.next_meeting)}"; \
	  BY="$(BY)" $(BIN)/python -W ignore -m dagster job execute -m orchestration.definitions \
	  -j approve --tags "{\"dagster/partition\": \"$$meeting\", $(OURS)}" -c orchestration/console.yaml -c orchestration/approval.yaml
	@echo "Done. Open $${KPI_EXPORTS:-exports}/index.html"

test: .venv/.ready-to-test
	$(BIN)/python -m pytest $(ARGS)

# Spark's own packages, for one test of make soak.
.venv/.ready-for-spark: .venv/.ready-to-test
	$(BIN)/uv pip install --quiet --python $(BIN)/python --group spark -c requirements.lock
	touch $@

# Thousands of damaged files and dozens of kills, where make test has a few, and a cluster of Apache
# Spark (needs Java): half an hour.
soak: .venv/.ready-for-spark
	$(BIN)/python -m pytest -m soak $(ARGS)

ui: setup
	$(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

# The published figures in a browser, for people without SQL: tables to narrow down, and charts.
PORT ?= 8001
explore: setup
	@$(BIN)/python -m orchestration.commands.explore $(PORT)

validate: setup
	$(BIN)/dagster definitions validate -w workspace.yaml

# What files are, and what they would give, before anything is loaded: make inspect FILES="a.xlsx returns/"
inspect: setup
	$(BIN)/python -m orchestration.commands.inspect_files $(FILES)

# Build and test one indicator and print its last 13 months: make check ID=referrals_count
check: setup
	$(BIN)/python -m orchestration.commands.check_indicator $(ID) $(COUNCIL)

# The cases behind a figure, for officers: make cases ID=… [PERIOD=2026-03 or 2026-01..2026-03] [PART=setting=care]
cases: setup
	$(BIN)/python -m orchestration.commands.list_cases "$(ID)" "$(PERIOD)" "$(PART)"

# What this council sends to the body that pools councils: make figures SMALL=sent (or withheld)
figures: setup
	$(BIN)/python -m orchestration.commands.send_figures "$(SMALL)"

# Publish what of each region of a pool may be public: make region BY="A. Clerk"
region: setup
	$(BIN)/python -m orchestration.commands.publish_region "$(BY)"

# Fetch the official figures that are pinned in seeds/benchmarks/official_data_sets.csv.
benchmarks: setup
	$(BIN)/python -W ignore -m dagster job execute -m orchestration.definitions \
	  -j benchmarks --tags "{$(OURS)}" -c orchestration/console.yaml -c orchestration/benchmarks.yaml

# Where each stage stands, in one screen, and what waits for somebody (exit code 1 where anything does).
status: setup
	$(BIN)/python -W ignore -m orchestration.defs.status

# Every published folder against its manifest.
verify: setup
	$(BIN)/python -m orchestration.commands.verify_exports

# Take back what was accepted for a month: make withdraw MONTH=2026-05 [EXTRACT=ssd_person]
withdraw: setup
	$(BIN)/python -m orchestration.commands.withdraw "$(MONTH)" "$(EXTRACT)"

# All of data and exports into two archives, the key of the hashes apart: make backup TO=/mnt/backup
backup: setup
	$(BIN)/python -m orchestration.commands.back_up "$(TO)"

# Put a backup back where nothing lies yet: make restore FROM=/mnt/backup/kpi-backup-….tar.gz
restore: setup
	$(BIN)/python -m orchestration.commands.restore "$(FROM)"

# Take people out of all that is stored: asks for an identifier, or reads one a line: make forget < ids
forget: setup
	$(BIN)/python -m orchestration.commands.forget

# Where the time of one whole job goes, and how it grows up to 100,000 children: for an idle machine.
bench: .venv/.ready-to-test
	$(BIN)/python -m tests.benchmark.large_returns
	$(BIN)/python -m tests.benchmark.whole_job

# Models with loops or conditions of templates are looked through apart: see with_blocks.sqruff.
BLOCKS = -E '\{%-? *(for|if)' --include='*.sql' -r models tests
SQRUFF = cd dbt_project && $(abspath $(BIN))/sqruff --nocolor --parsing-errors
lint: .venv/.ready-to-test
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(SQRUFF) lint $$(grep -L $(BLOCKS))
	$(SQRUFF) --config with_blocks.sqruff lint $$(grep -l $(BLOCKS))

lock: setup
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --group audit --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --quiet --custom-compile-command "make lock" -o requirements.lock

# The lock against what is known to be unsafe today: asks osv.dev for every package by name and version. Where
# that cannot be reached it fails; pip-audit's other service would then pass as if nothing were known.
audit: .venv/.ready-to-audit
	.venv/audit/bin/pip-audit --requirement requirements.lock --disable-pip --strict \
	  --vulnerability-service osv --progress-spinner off

# What set-up installs on a server of this kind, as CycloneDX has it: make -s sbom > sbom.json
sbom: .venv/.ready-to-audit
	@set -o pipefail; echo uv | $(BIN)/uv pip compile - pyproject.toml $(EXTRAS:%=--extra %) -c requirements.lock \
	  --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet | \
	  .venv/audit/bin/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible -
