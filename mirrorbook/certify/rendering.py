"""Evidence as a table: plain text for a terminal, HTML for a notebook."""

import textwrap
from html import escape

import numpy as np

HEAD = ("", "claim", "verdict", "worst", "tolerance", "where")
MARKS = {"certified": "✓", "supported": "✓", "refuted": "✗", "not applicable": "–"}
WIDTH = 44  # of the columns `claim` and `where` together with their reason, in characters


def text_table(title: str, findings) -> str:
    """A table for a terminal.

    Parameters
    ----------
    title : str
    findings : sequence of Finding

    Returns
    -------
    str
    """
    rows = [HEAD, *map(_cells, findings)]
    wrapped = [[textwrap.wrap(cell, WIDTH) or [""] for cell in row] for row in rows]
    widths = [max(len(line) for row in wrapped for line in row[i]) for i in range(len(HEAD))]
    lines = [title, *_lines(wrapped[0], widths), "  ".join("-" * width for width in widths)]
    for row in wrapped[1:]:
        lines += _lines(row, widths)
    return "\n".join(lines)


def html_table(title: str, findings) -> str:
    """A table for a notebook: text escaped, no script, no style but that of the page.

    Parameters
    ----------
    title : str
    findings : sequence of Finding

    Returns
    -------
    str
    """
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in HEAD)
    body = "".join(
        f'<tr class="{finding.verdict.value.replace(" ", "-")}">'
        + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(finding))
        + "</tr>"
        for finding in findings
    )
    return (
        f'<table class="evidence"><caption>{escape(title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def row_text(row) -> str:
    """A row of a policy in few characters.

    Parameters
    ----------
    row : (A,) or (S, A) array, or number

    Returns
    -------
    str

    Examples
    --------
    >>> row_text([0.25, 0.75]), row_text([[1.0, 0.0], [1 / 3, 2 / 3]])
    ('(0.25, 0.75)', '[(1, 0), (0.3333, 0.6667)]')
    """
    row = np.asarray(row)
    if row.ndim == 0:
        return f"{row:.4g}"
    if row.ndim == 2:
        shown = [*map(row_text, row[:3]), *(["..."] if len(row) > 3 else [])]
        return f"[{', '.join(shown)}]"
    return f"({', '.join(f'{x:.4g}' for x in row)})"


def _cells(finding):
    verdict = finding.verdict.value
    if verdict == "supported" and finding.samples:
        verdict += f" by {finding.samples} samples"
    note = "; ".join(filter(None, [finding.where, finding.reason]))
    numbers = ["" if np.isnan(x) else f"{x + 0.0:.2g}" for x in (finding.worst, finding.tolerance)]
    return (MARKS[finding.verdict.value], finding.name, verdict, *numbers, note)


def _lines(row, widths):
    height = max(map(len, row))
    padded = [cell + [""] * (height - len(cell)) for cell in row]
    return [
        "  ".join(cell[i].ljust(width) for cell, width in zip(padded, widths, strict=True)).rstrip()
        for i in range(height)
    ]
