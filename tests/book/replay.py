"""The explorers of a stored notebook, made anew by as few of its cells as they need."""

import ast
import re
from pathlib import Path

import nbformat

from mirrorbook.widgets import Explorer

FACE = 'class="mb-explorer"'
OPERATED = re.compile(r'class="mb-(explorer|simplex)"')


def explorers(path: Path) -> list[Explorer]:
    """Every explorer of a notebook, in the order in which they stand on its page."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    showing = {i for i, cell in enumerate(cells) if FACE in str(cell.outputs)}
    trees = [ast.parse(cell.source) for cell in cells]
    namespace, found = {"__name__": path.stem}, []
    for i in sorted(_needed(trees, showing)):
        *statements, last = trees[i].body
        if i in showing and isinstance(last, ast.Expr):
            _run(statements, namespace)
            shown = ast.Expression(last.value)
            found.append(eval(compile(shown, f"{path.name}, code cell {i + 1}", "eval"), namespace))
        else:
            _run(trees[i].body, namespace)
    return found


def _run(statements, namespace):
    exec(compile(ast.Module(statements, []), "notebook", "exec"), namespace)


def _needed(trees, showing):
    """The numbers of the cells in `showing`, and of all that may change a name they read."""
    imported = {alias.asname or alias.name for tree in trees for alias in _imports(tree)}
    read, needed = set(), set()
    for i in reversed(range(max(showing, default=-1) + 1)):
        if i in showing or read & (_changes(trees[i]) - imported | _imported_in(trees[i])):
            needed.add(i)
            read |= {n.id for n in ast.walk(trees[i]) if isinstance(n, ast.Name)}
    return needed


def _imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from node.names


def _imported_in(tree):
    return {alias.asname or alias.name for alias in _imports(tree)}


def _changes(tree):
    """The names that a cell binds, assigns into, or calls a method of (as of a generator)."""
    changed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            changed.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            changed.add(node.id)
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            changed.add(_root(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            changed.add(_root(node.func))
    return changed


def _root(node):
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return getattr(node, "id", None)
