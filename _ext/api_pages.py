"""The reference of the package, made from its docstrings.

```{eval-rst}
.. public-names:: mirrorbook.drifts
```

documents the public names of a module. The docstrings are plain text with the paper's symbols,
`D^nu_old(new) = sum_s ...`, and no reStructuredText: what that takes for a mark of its own is
escaped, and formulas that stand on lines of their own are set as they stand.
"""

import inspect
import pkgutil
import re
from importlib import import_module
from types import ModuleType

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.ext import napoleon
from sphinx.ext.napoleon import NumpyDocstring
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective

from mirrorbook.counterexamples import Counterexample

SECTION = re.compile(r"-{3,}\s*$")  # the line under the title of a section
CODE = re.compile(r"(``?)(.+?)\1")  # also what is marked as RST does already
MARKS = re.compile(r"([\\*|`]|(?<=\w)_(?!\w))")
FIELDS = ["Parameters", "Attributes", "Returns", "Yields", "Raises"]
FIELDS_ALIKE = napoleon.Config(
    napoleon_use_param=False,
    napoleon_use_rtype=False,
    napoleon_custom_sections=[(title, "params_style") for title in ("Attributes", "Raises")],
)


def public_names(module: ModuleType) -> list[str]:
    """What a module says is public, or else the functions, classes and documented constants it has.

    >>> from mirrorbook import policies
    >>> public_names(policies)[:2]
    ['check_policy', 'uniform']
    """
    if hasattr(module, "__all__"):
        return [name for name in module.__all__ if not inspect.ismodule(getattr(module, name))]
    documented = constants(module)
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and (name in documented or _is_defined_in(module, value))
    ]


def _is_defined_in(module, value) -> bool:
    is_code = inspect.isfunction(value) or inspect.isclass(value)
    return is_code and value.__module__ == module.__name__


def constants(module: ModuleType) -> dict[str, list[str]]:
    """The documented constants of a module and of the files it is made of: name -> lines."""
    parts = pkgutil.iter_modules(getattr(module, "__path__", []), f"{module.__name__}.")
    found = {}
    for name in [module.__name__, *(part.name for part in parts)]:
        documented = ModuleAnalyzer.for_module(name).find_attr_docs()
        found |= {what: lines for (owner, what), lines in documented.items() if not owner}
    return found


def own_words(value) -> list[str]:
    """What a counterexample says of itself; of anything else, nothing."""
    if not isinstance(value, Counterexample):
        return []
    says = f"Against {value.statement}: {value.claim}."
    return [says, "", f"What happens: {value.what_happens}.", "", f"Missing: {value.missing}."]


def escaped(line: str) -> str:
    r"""A line of prose in which RST's marks are letters, and code is code.

    >>> print(escaped("pi^* = `x_`, |v_ - w|"))
    pi^\* = ``x_``, \|v\_ - w\|
    """
    made, end = "", 0
    for code in CODE.finditer(line):
        made += MARKS.sub(r"\\\1", line[end : code.start()]) + f"``{code[2]}``"
        end = code.end()
    return made + MARKS.sub(r"\\\1", line[end:])


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
    made, title = [], ""
    for block in blocks(lines):
        if len(block) == 2 and SECTION.match(block[1]):
            title = block[0].strip()
            made += block
            continue
        is_example = block[0].lstrip().startswith(">>>")
        is_aligned = any("   " in line.strip() for line in block)
        is_formula = title not in FIELDS and (block[0].startswith("    ") or is_aligned)
        if is_formula and not is_example:
            made += [".. code-block:: text", "", *(f"    {line}" for line in block), ""]
        else:
            made += [*(block if is_example else map(escaped, block)), ""]
    return made


class PublicNames(SphinxDirective):
    """The directive; its argument is a module."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Document the module, and then each of its names."""
        path = self.arguments[0]
        module = import_module(path)
        documented = constants(module)
        text = [f".. automodule:: {path}", ""]
        for name in public_names(module):
            value = getattr(module, name)
            if inspect.isclass(value):
                text += [f".. autoclass:: {path}.{name}", "   :members:", ""]
            elif inspect.isroutine(inspect.unwrap(value)):  # (numba wraps what it compiles)
                text += [f".. autofunction:: {path}.{name}", ""]
            else:
                words = documented.get(name) or own_words(value)
                if not words:
                    raise self.error(f"{path}.{name} is a constant with no docstring")
                indented = (f"   {line}" for line in as_rst(words))
                text += [f".. py:data:: {name}", f"   :module: {path}", "", *indented, ""]
        return self.parse_text_to_nodes("\n".join(text))


def plain_docstring(app, what, name, obj, options, lines) -> None:
    """Make RST of a docstring, in place."""
    lines[:] = NumpyDocstring(as_rst(lines), FIELDS_ALIKE).lines()


def settle(app: Sphinx, config: Config) -> None:
    """Say how autodoc shall write what it finds."""
    config.add_module_names = False
    config.autodoc_member_order = "bysource"
    config.autodoc_preserve_defaults = True
    config.autodoc_typehints = "none"  # shapes and units, in the docstrings, say more


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive, and what becomes of docstrings, with Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("config-inited", settle)
    app.connect("autodoc-process-docstring", plain_docstring)
    app.add_directive("public-names", PublicNames)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
