#!/usr/bin/env bash
# dagster 1.13.27, dagster-graphql 1.13.27: a run that `dagster job execute` started cannot be executed again.
#
# Tagged with its repository (".dagster/repository") it stands in the pages at its job, among those that
# were started there, and they offer to execute it again, from its failure too. The answer is an error that
# says nothing of why: a run of the command line keeps no origin. The same job, launched by the pages, can be.
#
# Seen: "Expected non-None value: None" for a run of the command line, LaunchRunSuccess for one of the pages
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dagster==1.13.27 dagster-graphql==1.13.27
cd "$folder"
mkdir home
echo 'telemetry: {enabled: false}' > home/dagster.yaml
export DAGSTER_HOME="$folder/home"
cat > definitions.py <<'PY'
import dagster as dg


@dg.asset
def referrals() -> None: ...


defs = dg.Definitions([referrals], jobs=[dg.define_asset_job("monthly", "*")])
PY
cat > workspace.yaml <<'YAML'
load_from: [{python_module: {module_name: definitions, location_name: council}}]
YAML
tags='{".dagster/repository": "__repository__@council"}'
venv/bin/dagster job execute -m definitions -j monthly --tags "$tags" > told.txt 2>&1
ask() { venv/bin/dagster-graphql -w workspace.yaml -t "$1" 2> told.txt || cat told.txt; }
newest() { ask '{runsOrError(limit: 1) {... on Runs {results {runId}}}}' | grep -oE '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' | head -1; }
again() {
  ask "mutation {launchRunReexecution(reexecutionParams: {parentRunId: \"$1\", strategy: ALL_STEPS}) {
    __typename ... on PythonError {message}}}" | grep -oE 'Expected non-None value: None|LaunchRunSuccess' | head -1
}
of_command_line=$(again "$(newest)")
ask 'mutation {launchRun(executionParams: {mode: "default", selector: {repositoryLocationName: "council",
  repositoryName: "__repository__", jobName: "monthly"}}) {__typename}}' > told.txt
of_pages=$(again "$(newest)")
echo "of the command line: $of_command_line"
echo "of the pages: $of_pages"
test "$of_command_line" = "Expected non-None value: None"
test "$of_pages" = "LaunchRunSuccess"
