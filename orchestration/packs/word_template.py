"""What a Word template may ask for: fields, conditions and loops.

Anybody who can write to a working folder can change a template, and Jinja's own language can reach
whatever Python can. So only a small part of it is read, in a sandbox.
"""

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = ("join", "length", "lower", "upper")
_MAY_STAND = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.CondExpr),
    *(nodes.Name, nodes.Getattr, nodes.Const, nodes.Filter, nodes.Compare, nodes.Operand),
    *(nodes.Not, nodes.And, nodes.Or),
)


class FieldsAndLoops(ImmutableSandboxedEnvironment):
    """Jinja without anything that calls, counts up, includes or defines."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        for node in parsed.find_all(nodes.Node):
            is_inside = isinstance(node, nodes.Getattr) and node.attr.startswith("_")
            if is_inside or not isinstance(node, _MAY_STAND):
                raise TemplateSyntaxError("only fields, conditions and loops", node.lineno)
        return parsed
