"""A model in a notebook: the element ``<adder-scope>`` as a Jupyter widget."""

from __future__ import annotations

import base64
import html
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ._models import Config, Model, files, on_disk
from ._program import run

# Panels that a still picture shows a view by, where they are not called alike.
STILL = {"map": "all_additions", "sum": "ruler", "steps": "ruler", "figure": None}
ADDITION = (57, 68, 1)
SETTINGS = ("a", "b", "digit", "theme", "hide")


class AdderScope(anywidget.AnyWidget):
    """A live view of a model; by ``show`` of the package.

    Traits follow what a reader does, and what they are set to is shown: ``view``, ``a``, ``b``, ``digit``, ``theme``,
    ``hide``. ``selected`` is the mark that was chosen last, ``verdict`` what is known of all additions, ``problem`` why
    something cannot be shown.
    """

    _esm = (Path(__file__).parent / "widget.js").read_text(encoding="utf-8")

    files = traitlets.List(traitlets.Dict()).tag(sync=True)
    view = traitlets.Unicode("ruler").tag(sync=True)
    a = traitlets.Int(ADDITION[0], min=0).tag(sync=True)
    b = traitlets.Int(ADDITION[1], min=0).tag(sync=True)
    digit = traitlets.Int(ADDITION[2], min=0, max=10).tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)
    hide = traitlets.Unicode("").tag(sync=True)
    selected = traitlets.Dict().tag(sync=True)
    verdict = traitlets.Dict().tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)

    still = b""

    @classmethod
    def of(cls, model: Model, view: str, config: Config, settings: Mapping[str, Any]) -> AdderScope:
        """Of a model as callers have it."""
        unknown = [name for name in settings if name not in SETTINGS]
        if unknown:
            raise TypeError(f"there is no setting {unknown[0]}: they are {', '.join(SETTINGS)}")
        with on_disk(model, config) as path:
            widget = cls(view=view, **settings)
            try:
                widget.still = widget._drawn(path)  # what cannot be opened is not sent
                widget.files = files(path)
            except Exception:
                widget.close()
                raise
        return widget

    def _drawn(self, path: Path) -> bytes:
        """The view as a still picture, in SVG: for where a notebook is read without Python."""
        panel = STILL.get(self.view, self.view)
        options = [] if panel is None else ["--panel", panel]
        if panel == "ruler":
            options += ["--add", str(self.a), str(self.b), "--digit", str(self.digit)]
        with tempfile.TemporaryDirectory(prefix="adderscope-") as folder:
            picture = Path(folder) / "still.svg"
            run("figure", path, [*options, "-o", picture])
            return picture.read_bytes()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The widget, and the still picture for what shows no widgets, such as a notebook as HTML."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        source = f"data:image/svg+xml;base64,{base64.b64encode(self.still).decode()}"
        words = html.escape(f"AdderScope: {self.view} of {self.files[0]['name']}, as it was when the cell was run")
        image = f'<img src="{source}" alt="{words}" style="max-width: 100%">'
        return {**data, "text/html": f"<figure>{image}<figcaption>{words}</figcaption></figure>"}, metadata
