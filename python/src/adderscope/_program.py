"""The command line, which comes with the package."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import warnings
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from ._models import NAME, Config, Model, on_disk

# Its exit codes that come with an answer: yes, no, and not decided.
ANSWERS = (0, 1, 3)
NOTE = "adderscope: note: "


class AdderScopeError(ValueError):
    """What a model could not be opened or asked for: what, where and what to do."""


def program() -> str:
    """Where it is: as ``ADDERSCOPE`` names it, else where this Python has its programs, else on the path."""
    name = f"adderscope{sysconfig.get_config_var('EXE') or ''}"
    schemes = [sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")]
    folders = [sysconfig.get_path("scripts", scheme) for scheme in schemes]
    # With `pip install --target` it lies in the folder that the package is in.
    folders.append(os.path.join(Path(__file__).parents[1], "bin"))
    places = [os.environ.get("ADDERSCOPE"), *(os.path.join(folder, name) for folder in folders), shutil.which(name)]
    for place in places:
        if place and os.path.isfile(place):
            return place
    raise AdderScopeError(
        f"the program {name} is not there: install the package's wheel again, with {sys.executable} -m pip"
    )


def run(command: str, path: Path, options: Sequence[str | PathLike[str]]) -> subprocess.CompletedProcess[bytes]:
    """Runs a command on a file; what it notes is a warning, what is wrong is raised."""
    words = [command, path, *options]
    done = subprocess.run([program(), *(os.fspath(word) for word in words)], capture_output=True)
    lines = done.stderr.decode(errors="replace").splitlines()
    if path.name == NAME:  # nobody named the folder that it was made in
        lines = [line.replace(f"{path.parent}{os.sep}", "") for line in lines]
    if done.returncode not in ANSWERS:
        said = [line.removeprefix("adderscope: ") for line in lines if not line.startswith(NOTE)]
        raise AdderScopeError(" ".join(said) or f"the program ended with {done.returncode}")
    for line in lines:
        if line.startswith(NOTE):
            warnings.warn(line.removeprefix(NOTE), stacklevel=4)  # where the package was called
    return done


def ask(command: str, model: Model, options: Sequence[str | PathLike[str]], config: Config = None) -> dict[str, Any]:
    """What a command says of a model, as it prints it."""
    with on_disk(model, config) as path:
        answer: dict[str, Any] = json.loads(run(command, path, [*options, "--json"]).stdout)
    return answer
