"""What changes the fingerprint of an indicator, and what does not."""

import re
from types import SimpleNamespace
from typing import Any

import jinja2

from orchestration.settings import settings

MODEL = """
with visits as (
    select * from {{ ref('int_visits') }}
)

-- the council's own rule
select {{ days('made_on', var('limit')) }} as late, 'a -- b' as told
from visits
"""


ADDED_UP_BY = ("int_indicator_events", "int_indicator_months", "int_row_cells", "int_cell_sums")
ADDED_UP_BY += ("int_cell_sides", "int_cell_values", "int_row_figures")
RECOUNTED = ("int_distinct_subjects", "int_medians", "int_recounted_figures")


def macros(**context: Any) -> Any:
    """The macros of the file, called in this context."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    context |= {"modules": SimpleNamespace(re=re), "return": lambda told: told}
    context["render"] = lambda text: environment.from_string(text).render(context)
    text = (settings.dbt_project / "macros/logic_behind.sql").read_text(encoding="utf-8")
    return environment.from_string(text, globals=context).module


def logic(model: str, limit: int = 10, macro: str = "{0} + {1}") -> str:
    """What the macro makes of a model, with a variable and another macro of the project."""
    called = macros(var={"limit": limit}.get, days=macro.format)
    return called.logic_of(model).strip()


def adding_up(recounted: bool, **changed: str) -> str:
    """What the macro makes of the models that add up, with the SQL of some of them changed."""
    code = dict.fromkeys(ADDED_UP_BY + RECOUNTED, MODEL) | changed
    nodes = {f"model.kpi.{name}": SimpleNamespace(raw_code=model) for name, model in code.items()}
    called = macros(graph=SimpleNamespace(nodes=nodes), project_name="kpi")
    return called.adding_up_of(recounted).strip()


def test_a_comment_or_white_space_is_no_change_of_definition() -> None:
    told = logic(MODEL)
    assert logic(MODEL.replace("-- the council's own rule", "/* it's local */\n-- so")) == told
    assert (
        logic(MODEL.replace("    select", "  select").replace("select * from", "select *\nfrom"))
        == told
    )
    assert logic(MODEL.replace("(\n    select", "( select").replace("}}\n)", "}} )")) == told


def test_what_a_step_is_called_is_no_change_of_definition() -> None:
    more = MODEL.replace(")\n", "),\n\nseen as (\n    select * from visits\n)\n", 1)
    told = logic(more)
    assert logic(re.sub(r"\bvisits\b", "all_visits", more)) == told
    # a step that is read in place of another one is a change, and so is a text of its name
    assert logic(more[::-1].replace("stisiv morf", "nees morf", 1)[::-1]) != told
    named, renamed = (more.replace("a -- b", name) for name in ("visits", "all_visits"))
    assert logic(re.sub(r"(?<!')\bvisits\b", "all_visits", renamed)) != logic(named)


def test_what_runs_and_what_it_reads_is_a_change() -> None:
    told = logic(MODEL)
    assert "int_visits" in told
    others = {
        logic(MODEL.replace("as late", "as in_time")),
        logic(MODEL.replace("int_visits", "int_reviews")),
        logic(MODEL.replace("a -- b", "a -- c")),
        logic(MODEL, limit=15),
        logic(MODEL, macro="{0} - {1}"),
    }
    assert told not in others
    assert len(others) == 5


def test_what_adds_its_events_up_is_a_change_where_the_indicator_is_added_up_so() -> None:
    other = MODEL.replace("as late", "as in_time")
    said = MODEL.replace("-- the council's own rule", "{# its own rule #}")
    for recounted in (False, True):
        told = adding_up(recounted)
        for name in ADDED_UP_BY:
            assert adding_up(recounted, **{name: other}) != told
            assert adding_up(recounted, **{name: said}) == told
        for name in RECOUNTED:
            assert (adding_up(recounted, **{name: other}) != told) == recounted
    models = {path.stem for path in settings.dbt_project.glob("models/**/*.sql")}
    assert {*ADDED_UP_BY, *RECOUNTED} <= models
