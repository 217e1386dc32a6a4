"""Docstrings as reStructuredText.

They are plain text with the paper's symbols, `D^nu_old(new) = sum_s ...`: what reStructuredText
takes for a mark of its own is escaped, and formulas are set as `typeset` says.
"""

import inspect
import pkgutil
import re
from functools import cache
from importlib import import_module

from typeset import formula, in_rst, relations

import mirrorbook

SECTION = re.compile(r"-{3,}\s*$")  # the line under the title of a section
CODE = re.compile(r"(``?)(.+?)\1")  # also what is marked as RST does already
MARKS = re.compile(r"([\\*|`]|(?<=\w)_(?!\w))")
EMPHASIS = re.compile(r"(?<!\S)\\\*(\w[\w -]*\w)\\\*(?=[\s.,;:]|$)")
NAME = re.compile(r"[A-Za-z][\w.]*")
TYPE = re.compile(r"(?<![\w.])[A-Z]\w+(?![\w.])")
FIELDS = ["Parameters", "Attributes", "Returns", "Yields", "Raises"]


@cache
def classes() -> set[str]:
    """The names of the package's classes."""
    parts = pkgutil.walk_packages(mirrorbook.__path__, "mirrorbook.")
    modules = [import_module(part.name) for part in parts if "__main__" not in part.name]
    found = [value for module in modules for value in vars(module).values()]
    return {c.__name__ for c in found if inspect.isclass(c) and c.__module__.startswith("mirror")}


def escaped(text: str) -> str:
    """Text in which RST's marks are letters, but for those around a word that is *stressed*."""
    return EMPHASIS.sub(r"*\1*", MARKS.sub(r"\\\1", text))


def prose(line: str, own=(), setting=lambda text: in_rst(text, escaped)) -> str:
    r"""A line of prose: marks are letters, code is code, a name that is not its own a link.

    >>> print(prose("eta^* of |v| + `x_ + 1`, see `evaluate`"))
    η\* of \|v\| + ``x_ + 1``, see :py:obj:`evaluate`
    """
    made, end = "", 0
    for code in CODE.finditer(line):
        leads = NAME.fullmatch(code[2]) and code[2] not in own
        made += setting(line[end : code.start()])
        made += f":py:obj:`{code[2]}`" if leads else f"``{code[2]}``"
        end = code.end()
    return made + setting(line[end:])


def head(line: str, own=(), title="Parameters") -> str:
    """The line of a field, its name and type: relations are set, the package's types are links.

    >>> print(head("adv : (S, A) array or Evaluation"))
    adv : (S, A) array or :py:obj:`Evaluation <Evaluation>`
    """
    name, colon, kind = line.rpartition(" : ")

    def linked(found):
        return f":py:obj:`{found[0]} <{found[0]}>`" if found[0] in classes() else found[0]

    def typed(text):
        return TYPE.sub(linked, escaped(relations(text)))

    kinds = prose(kind, own, typed if colon or title in ("Returns", "Yields") else escaped)
    return escaped(name) + colon + kinds


def names_in(parts: list[list[str]]) -> set[str]:
    """What the fields of a docstring are called, such as `new` and `old : (S, A) arrays`."""
    heads = [line.split(" : ")[0] for block in parts for line in block if " : " in line]
    return {name.strip("* ") for names in heads if names[:1] != " " for name in names.split(",")}


def blocks(lines: list[str]) -> list[list[str]]:
    """Lines parted at empty lines, and after the title of a section with the line under it."""
    parted = [[]]
    for line in lines:
        if not line.strip() or (len(parted[-1]) == 2 and SECTION.match(parted[-1][1])):
            parted.append([])
        if line.strip():
            parted[-1].append(line)
    return [block for block in parted if block]


def as_rst(lines: list[str]) -> list[str]:
    """A docstring as RST: examples as they are, formulas on lines of their own literally."""
    made, title, parts = [], "", blocks(lines)
    own = names_in(parts)
    for block in parts:
        if len(block) == 2 and SECTION.match(block[1]):
            title = block[0].strip()
            made += block
            continue
        is_example = block[0].lstrip().startswith(">>>")
        is_aligned = any("   " in line.strip() for line in block)
        is_formula = title not in FIELDS and (block[0].startswith("    ") or is_aligned)
        if is_formula and not is_example:
            made += [".. code-block:: text", "", *(f"    {line}" for line in formula(block)), ""]
        elif is_example:
            made += [*block, ""]
        else:
            is_head = [title in FIELDS and not line.startswith(" ") for line in block]
            made += [
                head(line, own, title) if first else prose(line, own)
                for first, line in zip(is_head, block, strict=True)
            ]
            made.append("")
    return made
