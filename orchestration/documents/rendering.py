"""A page from one of the templates of this room."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.editions import words
from orchestration.publication.markings import OFFICIAL_FIGURES

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **context: Any) -> bytes:
    """A page from a template of this package, as UTF-8."""
    return _environment().get_template(template).render(**context).encode("utf-8")


def _css_text(text: str) -> "Markup":
    """A text as it stands between quotation marks in CSS."""
    from markupsafe import Markup

    return Markup("".join(f"\\{ord(each):x} " if each in '"\\<>&\n' else each for each in text))


@cache  # with the templates that it has read
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["month"] = words.month
    environment.filters["day"] = words.day
    environment.filters["capitalize_first"] = words.capital
    environment.filters["css_text"] = _css_text
    environment.globals["official_figures"] = OFFICIAL_FIGURES
    return environment
