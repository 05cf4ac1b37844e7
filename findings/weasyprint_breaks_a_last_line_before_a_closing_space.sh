#!/usr/bin/env bash
# WeasyPrint 70.0: a space before </p> can leave the first word of the last line alone on a line.
#
# Space at the end of a block is dropped before it is shown. Where the last line fits without it and
# would not with it, the line is broken all the same: not before its last word, but after its first, so
# that one word stands alone in the middle of the paragraph. Templates that end each of several
# sentences with a space come to it by themselves. Needs Pango (apt-get install libpango-1.0-0
# libpangoft2-1.0-0) and a font.
#
# Seen: of 360 widths of one paragraph, 3 (DejaVu Sans) in which the space alone makes a line of one word
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check weasyprint==70.0
cat > "$folder/widths.py" <<'PY'
from weasyprint import HTML

TEXT = "Three of nine young people live in other places, and each of them is visited every month."


def lines(text: str, width: int) -> list[str]:
    style = f"<style>p {{ font: 16px sans-serif; width: {width}px; margin: 0 }}</style>"
    page = HTML(string=f"{style}<p>{text}</p>").render().pages[0]
    found = []

    def walk(box: object) -> None:
        if type(box).__name__ == "LineBox":
            texts = (each.text for each in box.descendants() if hasattr(each, "text"))
            found.append("".join(texts).strip())
        else:
            for each in getattr(box, "children", ()):
                walk(each)

    walk(page._page_box)
    return found


alone = 0
for width in range(200, 560):
    without, with_space = lines(TEXT, width), lines(TEXT + " ", width)
    if without != with_space:
        # the same words, one line more, and the line before the last is one word
        assert " ".join(without) == " ".join(with_space)
        assert len(with_space) == len(without) + 1 and " " not in with_space[-2]
        alone += 1
print("widths in which the space alone makes a line of one word:", alone)
assert alone
PY
"$folder/venv/bin/python" "$folder/widths.py"
