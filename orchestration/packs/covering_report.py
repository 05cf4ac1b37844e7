"""The covering report for the agenda, from the Word template that the clerk owns."""

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.packs.pack import Pack
from orchestration.packs.word_template import FieldsAndLoops
from orchestration.publication.markings import OFFICIAL_FIGURES

if TYPE_CHECKING:
    from docx.document import Document

_UNUSABLE = "cannot be filled: it may hold fields, conditions and loops, and nothing else"


def covering_report(pack: Pack, template: Path) -> bytes:
    """The report as DOCX; the same pack gives the same bytes. Of a template that cannot be filled
    it says only that: `template_faults` keeps the pack back."""
    from docx import Document
    from jinja2 import TemplateError

    try:
        report = _filled(pack, template)
    except TemplateError:
        report = Document()
        report.add_paragraph(_UNUSABLE)
    report.add_paragraph(f"{OFFICIAL_FIGURES}.")
    report.core_properties.title = f"{pack.title}: covering report"
    written = io.BytesIO()
    report.save(written)
    return _with_fixed_dates(written.getvalue())


def template_faults(pack: Pack, template: Path) -> list[str]:
    """What is wrong with the template: a field that no pack has, which would print as nothing, or
    anything but fields, conditions and loops."""
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError

    words = FieldsAndLoops()
    try:
        _filled(pack, template)
        unknown = DocxTemplate(template).get_undeclared_template_variables(words, _context(pack))
    except TemplateError:
        return [_UNUSABLE]
    return [f"uses {field}, which no pack has" for field in sorted(unknown)]


def _filled(pack: Pack, template: Path) -> "Document":
    from docxtpl import DocxTemplate

    report = DocxTemplate(template)
    report.render(_context(pack), FieldsAndLoops(), autoescape=True)
    return report.docx


def _context(pack: Pack) -> dict[str, Any]:
    """What the template may use, by name: docs/clerk.md lists it."""
    report = pack.report
    contact = [report[f"contact_{each}"] for each in ("name", "service", "telephone", "email")]
    return {
        "markings": list(pack.markings),
        "committee": pack.committee,
        "meeting_date": pack.meeting_date,
        "council": pack.council,
        "issue": pack.issue,
        "reason": pack.reason,
        "as_at": pack.as_at,
        "age": pack.age,
        "succession": pack.succession,
        "total": pack.summary["total"],
        "judged": pack.summary["judged"],
        "meeting_target": pack.summary["meeting"],
        "within": pack.summary["within"],
        "missing_target": pack.summary["missing_target"],
        "has_hidden": pack.has_hidden,
        "areas": [
            {
                "name": area.name,
                "reasons": [f"{name}: {why}" for _, name, why in area.reasons],
                "narratives": list(area.narratives),
            }
            for area in pack.areas
        ],
        "explained": [
            {"name": block.name, "text": block.narrative}
            for block in pack.blocks
            if block.narrative and block.indicator_id not in pack.in_areas
        ],
        "changes": [
            f"{each.name}, {each.period}: {each.then} in {each.since}, now {each.now}"
            for each in pack.changes
        ],
        "contact": ", ".join(filter(None, contact)),
        **report,
    }


def _with_fixed_dates(document: bytes) -> bytes:
    """The same parts, without the time at which they were packed."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            new.writestr(entry, old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
