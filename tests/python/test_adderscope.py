"""The package as a script uses it: every form of a model, the same answers as the command line, and errors in a line."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import subprocess
import tempfile
import unittest
import warnings
from pathlib import Path
from typing import Any

import adderscope
import numpy as np
from adderscope._program import program

ROOT = Path(__file__).parents[2]
VARIANT = json.loads((ROOT / "tests/golden/variants/learned_spiral_74p.json").read_text())["checkpoint"]
BUNDLED = ROOT / "www/models/57p/57p.history.safetensors"


class Tensor:
    """As much of a tensor of PyTorch as any is asked for, where that is not installed."""

    def __init__(self, array: np.ndarray) -> None:
        self.array, self.shape = array, array.shape

    def tolist(self) -> Any:
        return self.array.tolist()


class Module:
    """A module that was not saved."""

    def __init__(self, state: dict[str, Any], config: Any = None) -> None:
        self.state, self.config = state, config

    def state_dict(self) -> dict[str, Any]:
        return self.state


def arrays(checkpoint: dict[str, Any]) -> dict[str, np.ndarray]:
    return {name: np.array(value, dtype=np.float32) for name, value in checkpoint["model_state_dict"].items()}


def command(*words: object) -> Any:
    """What the command line says."""
    done = subprocess.run([program(), *map(str, words)], capture_output=True, check=False)
    return json.loads(done.stdout)


class Models(unittest.TestCase):
    """Each form of a model is the same model."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "model.json"
        self.path.write_text(json.dumps(VARIANT))

    def test_report_is_the_command_lines(self) -> None:
        said = command("report", self.path, "--json")
        state = arrays(VARIANT)
        bare = {"config": VARIANT["config"], "model_state_dict": state}
        for model in (
            self.path,
            str(self.path),
            VARIANT,
            {**bare, "step": VARIANT["step"], "metrics": VARIANT["metrics"]},
        ):
            self.assertEqual(adderscope.report(model), said)
        # What a module knows: its numbers and its configuration, and neither step nor metrics.
        here = {**said, "step": None, "metrics": None}
        tensors = {name: Tensor(array) for name, array in state.items()}
        config = VARIANT["config"]
        made = dataclasses.make_dataclass("Config", list(config))(**config)
        modules = [Module(state, config), Module(tensors, made), Module(state, argparse.Namespace(**config))]
        for report in [*map(adderscope.report, modules), adderscope.report(state, config=config)]:
            self.assertEqual({**report, "step": None, "metrics": None}, here)

    def test_the_log_and_the_labels(self) -> None:
        log = self.folder / "log.jsonl"
        log.write_text('{"step": 10, "val_exact": 0.5, "val_tok_acc": 0.9}\n')
        said = command("report", self.path, "--log", log, "--alignment", "script", "--json")
        self.assertEqual(adderscope.report(self.path, log=log, alignment="script"), said)

    def test_every_bit_of_every_number_arrives(self) -> None:
        saved = self.folder / "57p.json"
        subprocess.run([program(), "convert", BUNDLED, saved], check=True, capture_output=True)
        checkpoint = json.loads(saved.read_text())
        model = Module(arrays(checkpoint), checkpoint["config"])
        score = adderscope.verify(model)
        self.assertEqual((score["passed"], score["total"]), (10_010, 10_010))
        proof, said = adderscope.prove(model), command("prove", BUNDLED, "--json")
        self.assertTrue(proof["proven"])
        self.assertEqual(proof["right"], str(10**20))
        self.assertEqual({**proof, "milliseconds": 0}, {**said, "milliseconds": 0})
        self.assertIn(proof["float32"], ["proven", "refuted", "open"])

    def test_what_is_asked_for_is_asked(self) -> None:
        score = adderscope.verify(BUNDLED, seed=7, pairs=50)
        self.assertEqual((score["total"], score["seed"]), (60, 7))
        self.assertEqual(adderscope.prove(BUNDLED, digits=3)["total"], str(10**6))
        self.assertEqual(adderscope.prove(VARIANT, digits=1, seconds=1)["proven"], False)

    def test_notes_are_warnings_where_the_package_was_called(self) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            adderscope.verify(arrays(VARIANT), pairs=1)
        self.assertRegex(str(caught[0].message), "no configuration: it was inferred")
        self.assertEqual({warning.filename for warning in caught}, {__file__})

    def test_torch_where_it_is(self) -> None:
        try:
            import torch
        except ImportError:
            self.skipTest("there is no PyTorch")
        model = torch.nn.Module()
        for name, value in arrays(VARIANT).items():
            *modules, last = name.split(".")
            inner = model
            for module in modules:
                if not hasattr(inner, module):
                    inner.add_module(module, torch.nn.Module())
                inner = getattr(inner, module)
            inner.register_parameter(last, torch.nn.Parameter(torch.tensor(value)))
        model.register_buffer("causal_mask", torch.full((33, 33), float("-inf")).triu(1))
        model.config = VARIANT["config"]
        saved = {"model_state_dict": model.state_dict(), "config": VARIANT["config"]}
        for each in (model, model.bfloat16(), saved):
            self.assertEqual(adderscope.report(each)["param_count"], 74)


class Refused(unittest.TestCase):
    """What is no model is said to be none, in a line."""

    def refused(self, model: Any, words: str, **options: Any) -> None:
        with self.assertRaisesRegex((ValueError, TypeError), words) as caught:
            adderscope.report(model, **options)
        said = str(caught.exception)
        self.assertLessEqual(len(said), 300)
        self.assertNotIn("\n", said)
        # But for what it was called with.
        self.assertNotIn(tempfile.gettempdir(), said.replace(os.path.abspath(str(model)), ""))

    def test_each(self) -> None:
        self.refused(7, "no model is of type int: give a torch module, a state dict or a path")
        self.refused("nowhere.pt", r"nowhere\.pt: No such file")
        self.refused({"weight": np.zeros(3)}, r"^model\.json: this looks like another model's state dict")
        self.refused({"weight": np.zeros((2000, 1000))}, r"shape \(2000, 1000\) is of no MicroAdder")
        self.refused(BUNDLED, "a file has its own configuration", config={})
        config = argparse.Namespace()
        config.parent = config
        self.refused(Module(arrays(VARIANT), config), "refers to itself: give its state dict")
        broken = {name: array * np.nan for name, array in arrays(VARIANT).items()}
        self.refused(broken, "holds NaN")

    def test_nothing_is_left_of_a_model(self) -> None:
        before = set(os.listdir(tempfile.gettempdir()))
        adderscope.verify(VARIANT, pairs=1)
        left = set(os.listdir(tempfile.gettempdir())) - before
        self.assertEqual([name for name in left if name.startswith("adderscope-")], [])

    def test_the_wheel_has_the_licences_of_what_is_in_it(self) -> None:
        listed = (Path(adderscope.__file__).parent / "licences.txt").read_text()
        for crate in ["clap", "safetensors", "wasm-bindgen"]:  # of the command line, of both, of the element
            self.assertRegex(listed, rf"\n{crate} \d+\.\d+\.\d+: MIT|\n{crate} \d+\.\d+\.\d+: Apache")
        self.assertIn("Permission is hereby granted, free of charge", listed)


if __name__ == "__main__":
    unittest.main()
