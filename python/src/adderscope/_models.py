"""What callers have of a model, as a file that AdderScope reads."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable


@runtime_checkable
class Module(Protocol):
    """A ``torch`` module, or what is like one: torch itself is not needed."""

    def state_dict(self) -> Mapping[str, Any]: ...


Model: TypeAlias = "Module | Mapping[str, Any] | str | PathLike[str]"
# The configuration of a model that has none with it: a dict, a dataclass or a namespace.
Config: TypeAlias = Any

# The name of the file that is made.
NAME = "model.json"
# A notebook is sent no more, in bytes: the largest run that is a MicroAdder's has a tenth of it.
MOST_BYTES = 64 * 2**20
# A tensor of more numbers is of no MicroAdder: no point in writing it down.
MOST = 1_000_000


def _plain(value: Any) -> Any:
    """What JSON has no form for: tensors, arrays, modules, configurations; of all else its text, which is left unread."""
    if callable(getattr(value, "tolist", None)):
        shape = tuple(getattr(value, "shape", ()))
        count = 1
        for length in shape:
            count *= length
        if count > MOST:
            raise ValueError(f"a tensor of shape {shape} is of no MicroAdder: these have some hundred numbers")
        return value.tolist()
    if isinstance(value, Module):
        return dict(value.state_dict())
    if isinstance(value, Mapping):
        return dict(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if hasattr(value, "__dict__") and not isinstance(value, type):
        return vars(value)
    return str(value)


def _checkpoint(model: Module | Mapping[str, Any], config: Config) -> Mapping[str, Any]:
    """As a training script would save it."""
    if isinstance(model, Module):
        config = getattr(model, "config", None) if config is None else config
        model = {"model_state_dict": model.state_dict()}
    elif config is not None and "model_state_dict" not in model:
        model = {"model_state_dict": model}
    return model if config is None else {**model, "config": config}


def as_bytes(model: Module | Mapping[str, Any], config: Config) -> bytes:
    """A module or a state dict as a file: each number is written so that the same one is read."""
    if not isinstance(model, (Module, Mapping)):
        raise TypeError(f"no model is of type {type(model).__name__}: give a torch module, a state dict or a path")
    checkpoint = _checkpoint(model, config)
    try:
        return json.dumps(checkpoint, default=_plain, skipkeys=True).encode()
    except (RecursionError, ValueError) as error:
        if "Circular" not in str(error) and isinstance(error, ValueError):
            raise
        raise ValueError(
            "something in the model or its config refers to itself: give its state dict, and a dict as config"
        ) from None


@contextmanager
def on_disk(model: Model, config: Config) -> Iterator[Path]:
    """Where a model's file is; one that is made for it is gone afterwards."""
    if isinstance(model, (str, PathLike)):
        if config is not None:
            raise TypeError("a file has its own configuration: give config with a module or a state dict")
        yield Path(fspath(model)).absolute()
        return
    content = as_bytes(model, config)
    with tempfile.TemporaryDirectory(prefix="adderscope-") as folder:
        path = Path(folder) / NAME
        path.write_bytes(content)
        yield path


def files(path: Path) -> list[dict[str, Any]]:
    """A file, or those of a folder that are not hidden, with their names."""
    inner = sorted(path.iterdir()) if path.is_dir() else [path]
    inner = [each for each in inner if each.is_file() and each.name[0] != "."]
    size = sum(each.stat().st_size for each in inner)
    if size > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise ValueError(f"{path}: {size / 2**20:.0f} MB, and a notebook is sent {most} at most: name the checkpoint")
    return [{"name": each.name, "bytes": each.read_bytes()} for each in inner]
