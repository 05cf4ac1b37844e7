"""How full the pages of a PDF are, and what is written on them."""

import pypdfium2

MARGIN = 14 / 297
"""Of a page's height: above and below stand running title and page number."""


def fullness(pdf: bytes) -> list[float]:
    """Of each page how much of the room between its margins reaches down to its last mark."""
    import numpy as np

    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        drawn = page.render(scale=0.5, grayscale=True).to_numpy().squeeze() < 200
        rows = np.flatnonzero(drawn.any(axis=1)) / drawn.shape[0]
        inside = rows[(rows > MARGIN) & (rows < 1 - MARGIN)]
        found.append(float((inside.max() - MARGIN) / (1 - 2 * MARGIN)) if len(inside) else 0.0)
    return found


def texts(pdf: bytes) -> list[str]:
    """The words of each page, with single spaces."""
    return [
        " ".join(page.get_textpage().get_text_range().split())
        for page in pypdfium2.PdfDocument(pdf)
    ]
