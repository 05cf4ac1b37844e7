"""The macros of dbt_project/macros rendered without dbt, to run them over any values."""

import jinja2

from orchestration.settings import settings


def macros(name: str) -> jinja2.environment.TemplateModule:
    """The macros of one file; such that use nothing of dbt's."""
    text = (settings.dbt_project / "macros" / f"{name}.sql").read_text(encoding="utf-8")
    return jinja2.Environment().from_string(text).module
