"""A cell's stored HTML on another page, so that a page of text can open with an explorer.

```{stored-output} mirror_step.ipynb drag-explorer
```

shows what the cell with the id `drag-explorer` displays; nbval proves it fresh in its notebook.
"""

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class StoredOutput(SphinxDirective):
    """The directive; its arguments are a notebook beside the page and the id of a cell."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Return the cell's HTML, as it is."""
        name, cell_id = self.arguments
        path = self.env.relfn2path(name)[1]
        self.env.note_dependency(path)
        cells = nbformat.read(path, as_version=4).cells
        outputs = [output for cell in cells if cell.id == cell_id for output in cell.outputs]
        shown = [output["data"]["text/html"] for output in outputs if "data" in output]
        if len(shown) != 1:
            raise self.error(f"{name}, cell {cell_id!r}: {len(shown)} displayed outputs, not 1")
        return [nodes.raw("", shown[0], format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive with Sphinx."""
    app.add_directive("stored-output", StoredOutput)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
