"""Tables of an audit: plain text for a terminal, HTML for a notebook."""

import textwrap
from html import escape
from itertools import zip_longest

WIDTH = 150
"""Of a table in a terminal, in characters."""

NARROW = 30
"""Of a column that must share it with a wider one."""


class Table(tuple):
    """Rows of an audit: a tuple of records, each with `confirmed` and `cells`.

    Parameters
    ----------
    rows : iterable of records
        `cells` are strings; a line break in them is kept.
    title : str
    head : sequence of str
        What the cells are.
    note : str
        Below the title.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> row = SimpleNamespace(confirmed=False, cells=("Lemma 2", "false"))
    >>> table = Table([row], "statements", ("number", "verdict"))
    >>> table.confirmed, len(table.failing)
    (False, 1)
    >>> print(table)
    statements: 0 of 1 confirmed
       number   verdict
    -  -------  -------
    ✗  Lemma 2  false
    """

    def __new__(cls, rows, title, head, note=""):
        """A tuple of the rows that also knows its title, head and note."""
        table = super().__new__(cls, rows)
        table.title, table.head, table.note = title, ("", *head), note
        return table

    @property
    def failing(self) -> "Table":
        """The rows that are not confirmed."""
        rows = [row for row in self if not row.confirmed]
        return Table(rows, f"{self.title}, not confirmed", self.head[1:], self.note)

    @property
    def confirmed(self) -> bool:
        """Whether every row is."""
        return not self.failing

    @property
    def caption(self) -> str:
        """The title, and how many rows are confirmed."""
        return f"{self.title}: {sum(row.confirmed for row in self)} of {len(self)} confirmed"

    def __str__(self):
        rows = [self.head, *(_marked(row) for row in self)]
        widths = _widths(rows)
        lines = [self.caption, *textwrap.wrap(self.note, WIDTH), *_lines(rows[0], widths)]
        lines.append("  ".join("-" * width for width in widths))
        for row in rows[1:]:
            lines += _lines(row, widths)
        return "\n".join(lines)

    def _repr_html_(self):
        caption = "<br>".join(escape(line) for line in (self.caption, self.note) if line)
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in self.head)
        body = "".join(
            f'<tr class="{"confirmed" if row.confirmed else "refuted"}">'
            + "".join(f"<td>{escape(cell).replace(chr(10), '<br>')}</td>" for cell in _marked(row))
            + "</tr>"
            for row in self
        )
        return (
            f'<table class="evidence"><caption>{caption}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def _marked(row):
    return ("✓" if row.confirmed else "✗", *row.cells)


def _widths(rows):
    """Columns as wide as their longest line; if that is too wide, all but the last are narrow."""
    wanted = [max(len(line) for row in rows for line in row[i].split("\n"))
              for i in range(len(rows[0]))]  # fmt: skip
    room = WIDTH - 2 * (len(wanted) - 1)
    if sum(wanted) <= room:
        return wanted
    narrow = [min(width, NARROW) for width in wanted[:-1]]
    return [*narrow, min(wanted[-1], max(room - sum(narrow), NARROW))]


def _lines(row, widths):
    wrapped = [
        [part for line in cell.split("\n") for part in textwrap.wrap(line, width) or [""]]
        for cell, width in zip(row, widths, strict=True)
    ]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in zip_longest(*wrapped, fillvalue="")
    ]
