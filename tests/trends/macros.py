"""The macros of dbt_project/macros rendered without dbt, to run them over any values."""

import jinja2

from orchestration.settings import settings


def macros(*names: str) -> jinja2.environment.TemplateModule:
    """The macros of some files; such that use nothing of dbt's."""
    folder = settings.dbt_project / "macros"
    text = "\n".join((folder / f"{name}.sql").read_text(encoding="utf-8") for name in names)
    return jinja2.Environment().from_string(text).module
