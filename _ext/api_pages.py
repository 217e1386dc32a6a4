"""The reference of the package, made from its docstrings.

```{eval-rst}
.. public-names:: mirrorbook.drifts
```

documents the public names of a module. A name in backticks, and a type, leads to its entry.
"""

import dataclasses
import inspect
import pkgutil
import re
from collections.abc import Mapping
from enum import Enum
from importlib import import_module
from types import ModuleType

from docutils import nodes
from plain_docstrings import as_rst
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.ext import napoleon
from sphinx.ext.napoleon import NumpyDocstring
from sphinx.pycode import ModuleAnalyzer
from sphinx.util import inspect as sphinx_inspect
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from mirrorbook.counterexamples import Counterexample

DEFAULT = re.compile(r"<function (\w+)>|<factory>|<built-in [^>]*>")
ENTRIES = {"class", "data", "exception", "function"}
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
    value = inspect.unwrap(value) if callable(value) else value  # what a cache wraps
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


def value_of(constant) -> list[str]:
    """What a constant is: a table has keys, and what is shorter than a line is shown."""
    shown = repr(constant)
    if isinstance(constant, int | float | str | tuple | dict) and len(shown) < 100:
        return ["", f"Value: ``{shown}``."]
    keys = constant if isinstance(constant, Mapping) else ()
    return ["", "Keys: " + ", ".join(f"``{key!r}``" for key in keys) + "."] if keys else []


def fields_of(value) -> list[str]:
    """What a record stores; that is said under its parameters or attributes, not as a member."""
    stored = dataclasses.fields(value) if dataclasses.is_dataclass(value) else ()
    return [*(field.name for field in stored), *getattr(value, "_fields", ())]


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
            if inspect.isclass(value) and issubclass(value, Enum):
                text += [f".. autoclass:: {path}.{name}(value)", ""]
                text += [*(f"   - ``{name}.{one.name}``: {one.value}" for one in value), ""]
            elif inspect.isclass(value):
                stored = f"   :exclude-members: {', '.join(fields_of(value))}"
                text += [f".. autoclass:: {path}.{name}", "   :members:", stored, ""]
            elif inspect.isroutine(inspect.unwrap(value)):  # (numba wraps what it compiles)
                text += [f".. autofunction:: {path}.{name}", ""]
            else:
                words = documented.get(name) or own_words(value)
                if not words:
                    raise self.error(f"{path}.{name} is a constant with no docstring")
                indented = (f"   {line}" for line in [*as_rst(words), *value_of(value)])
                text += [f".. py:data:: {name}", f"   :module: {path}", "", *indented, ""]
        return self.parse_text_to_nodes("\n".join(text))


def plain_docstring(app, what, name, obj, options, lines) -> None:
    """Make RST of a docstring, in place."""
    lines[:] = NumpyDocstring(as_rst(lines), FIELDS_ALIKE).lines()


def plain_signature(app, what, name, obj, options, signature, returns):
    """Functions among the defaults by their names; what else has no short form as dots."""
    if signature == "(*args, **kwargs)":  # of a class that hides behind its base
        own = sphinx_inspect.signature(obj.__init__, bound_method=True)
        return sphinx_inspect.stringify_signature(own), returns
    plain = DEFAULT.sub(lambda default: default[1] or "...", signature or "")
    return plain or signature, returns


def find_entry(app: Sphinx, env, node, shown):
    """Where a name in backticks leads: to the only entry that is called so, if there is one."""
    if node.get("reftype") != "obj":
        return None
    entries, ending = env.domains["py"].objects, f".{node['reftarget']}"
    known = ((name, e) for name, e in entries.items() if e.objtype in ENTRIES and not e.aliased)
    found = [entry for name, entry in known if name.endswith(ending)]
    if len(found) != 1:  # as explicit stand types
        return (nodes.emphasis if node["refexplicit"] else nodes.literal)("", shown.astext())
    page, place = found[0].docname, found[0].node_id
    return make_refnode(app.builder, node["refdoc"], page, place, shown)


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
    app.connect("autodoc-process-signature", plain_signature)
    app.connect("missing-reference", find_entry)
    app.add_directive("public-names", PublicNames)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
