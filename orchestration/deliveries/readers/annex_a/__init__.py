"""The Annex A workbook that Ofsted asks for at an inspection of children's services: which of its
lists give which extract, over which time. Workbooks as such are `readers/workbooks`.
"""

from orchestration.deliveries.readers.annex_a.annex_a import FORMAT

__all__ = ["FORMAT"]
