"""What ``show`` gives a notebook, before any browser comes."""

from __future__ import annotations

import base64
import re
import unittest
from unittest import mock

import adderscope
import traitlets
from test_adderscope import BUNDLED, VARIANT, Module, arrays


class Show(unittest.TestCase):
    """The widget's files, traits and still picture."""

    def still(self, widget: object) -> str:
        data, _ = widget._repr_mimebundle_()
        self.assertIn("application/vnd.jupyter.widget-view+json", data)
        source = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', data["text/html"])
        assert source is not None
        return base64.b64decode(source[1]).decode()

    def test_a_module_is_sent_as_a_file_and_drawn(self) -> None:
        view = adderscope.show(Module(arrays(VARIANT), VARIANT["config"]), a=1, b=2, digit=0)
        self.assertEqual([file["name"] for file in view.files], ["model.json"])
        self.assertIn(b'"config"', view.files[0]["bytes"])
        self.assertEqual((view.view, view.a, view.b, view.digit), ("ruler", 1, 2, 0))
        self.assertIn("Z0", self.still(view))

    def test_a_path_is_sent_as_it_is_and_views_are_drawn(self) -> None:
        pictures = set()
        for name in ("ruler", "map", "readout", "figure"):
            view = adderscope.show(BUNDLED, name)
            self.assertEqual(view.files, [{"name": BUNDLED.name, "bytes": BUNDLED.read_bytes()}])
            pictures.add(self.still(view))
        self.assertEqual(len(pictures), 4)

    def test_a_name_of_a_file_is_no_markup(self) -> None:
        view = adderscope.show(BUNDLED)
        view.files = [{"name": "<b>\"'.pt", "bytes": b""}]
        data, _ = view._repr_mimebundle_()
        self.assertNotIn("<b>", data["text/html"])

    def test_what_cannot_be_shown_is_said_at_once(self) -> None:
        with self.assertRaisesRegex(adderscope.AdderScopeError, "--panel nonsense: the panels are"):
            adderscope.show(BUNDLED, "nonsense")
        with self.assertRaisesRegex(adderscope.AdderScopeError, "No such file"):
            adderscope.show("nowhere.pt")
        with self.assertRaises(traitlets.TraitError):
            adderscope.show(BUNDLED, theme="pink")
        with self.assertRaisesRegex(TypeError, "zoom"):
            adderscope.show(BUNDLED, zoom=2)

    def test_a_folder_of_more_than_a_notebook_is_sent_is_refused(self) -> None:
        with mock.patch("adderscope._models.MOST_BYTES", 10), self.assertRaisesRegex(ValueError, "name the checkpoint"):
            adderscope.show(BUNDLED)


if __name__ == "__main__":
    unittest.main()
