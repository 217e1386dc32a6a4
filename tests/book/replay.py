"""The explorers of a stored notebook, made anew by as few of its statements as they need."""

import ast
import re
from pathlib import Path
from symtable import symtable

from pages import cells

from mirrorbook.widgets import Explorer

FACE = 'class="mb-explorer"'
OPERATED = re.compile(r'class="mb-(explorer|simplex)"')
READING = {"get", "items", "keys", "values"}  # methods that change nothing


def explorers(path: Path) -> list[Explorer]:
    """Every explorer of a notebook, in the order in which they stand on its page."""
    statements, showing = [], set()
    for cell in cells(path, "code"):
        statements += ast.parse(cell["source"]).body
        if FACE in str(cell["outputs"]):
            showing.add(len(statements) - 1)
    namespace, found = {"__name__": path.stem}, []
    for i in _needed(statements, showing):
        if i in showing:
            shown = ast.Expression(statements[i].value)
            found.append(eval(compile(shown, path.name, "eval"), namespace))
        else:
            exec(compile(ast.Module([statements[i]], []), path.name, "exec"), namespace)
    return found


def _needed(statements, showing):
    """The numbers of the statements in `showing`, and of all that may change a name they read."""
    imported = set().union(*map(_imported, statements))
    read, needed = set(), []
    for i in reversed(range(max(showing, default=-1) + 1)):
        statement = statements[i]
        changed = _changed(statement) - imported
        if i in showing or read & (_bound(statement) | changed):
            needed.append(i)
            read = _read_before(statement, read)
    return needed[::-1]


def _read_before(statement, read):
    """The names that are read from `statement` on, if `read` are those read after it."""
    if isinstance(statement, ast.For):
        once = read
        for inner in reversed(statement.body):
            once = _read_before(inner, once)
        return read | once - _stored(statement.target) | _referenced(statement.iter)
    rebound = isinstance(statement, ast.Assign | ast.FunctionDef | ast.ClassDef)
    return read - (_bound(statement) if rebound else set()) | _referenced(statement)


def _referenced(part):
    """The names outside a statement or expression that it reads, in functions too."""
    added = (n.target for n in ast.walk(part) if isinstance(n, ast.AugAssign))
    names, scopes = set().union(*map(_stored, added)), [symtable(ast.unparse(part), "", "exec")]
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        whole = scope.get_type() == "module"
        symbols = [s for s in scope.get_symbols() if s.is_referenced()]
        names |= {s.get_name() for s in symbols if whole or s.is_global()}
    return names


def _bound(statement):
    """The names that a statement gives a value."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    return _stored(statement) | _imported(statement)


def _imported(statement):
    nodes = [n for n in ast.walk(statement) if isinstance(n, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name for node in nodes for alias in node.names}


def _stored(part):
    names = (n for n in ast.walk(part) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Store)}


def _changed(statement):
    """The names that a statement assigns into, or calls a method of (as of a generator)."""
    changed = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            changed.add(_root(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr not in READING:
                changed.add(_root(node.func))
    return changed


def _root(node):
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return getattr(node, "id", None)
