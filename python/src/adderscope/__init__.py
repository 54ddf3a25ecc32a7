"""Looks into MicroAdder checkpoints: transformers of about 60 numbers that add two 10-digit numbers.

A model is a ``torch`` module, a state dict (of tensors, arrays or lists), what ``torch.load`` returned, or the path of a
checkpoint or of a run's folder.
"""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

from ._models import Config, Model
from ._program import AdderScopeError, ask

if TYPE_CHECKING:
    from ._widget import AdderScope

__all__ = ["AdderScopeError", "prove", "report", "show", "verify"]


def report(
    model: Model,
    *,
    log: str | PathLike[str] | None = None,
    alignment: Literal["answer", "script"] = "answer",
    config: Config = None,
) -> dict[str, Any]:
    """All analyses of a model, with the run's log where one is named.

    ``alignment`` says how rows are named: by the digit that they predict, or as MicroAdder's script does, one row late.
    """
    options: list[str | PathLike[str]] = ["--alignment", alignment]
    if log is not None:
        options += ["--log", log]
    return ask("report", model, options, config)


def verify(
    model: Model, *, seed: int | Literal["random"] | None = None, pairs: int | None = None, config: Config = None
) -> dict[str, Any]:
    """AdderBoard's suite: its ten edge cases, then so many random pairs of a seed (10 000 of 2025)."""
    options = []
    if seed is not None:
        options += ["--seed", str(seed)]
    if pairs is not None:
        options += ["--pairs", str(pairs)]
    return ask("verify", model, options, config)


def prove(model: Model, *, digits: int = 10, seconds: int = 5, config: Config = None) -> dict[str, Any]:
    """How many of all additions of numbers of at most so many digits are right, decided in exact arithmetic.

    ``proven`` is true where all of them are; where that is not decided within the seconds, ``right_at_least`` and
    ``right_at_most`` say how far it got. ``float32`` is another claim: whether float32, in whatever order it adds, answers
    alike is ``"proven"``, ``"refuted"`` (``float32_differs`` names an addition) or ``"open"``.
    """
    return ask("prove", model, ["--digits", str(digits), "--seconds", str(seconds)], config)


def show(model: Model, view: str = "ruler", *, config: Config = None, **settings: Any) -> AdderScope:
    """A model in a notebook, by the element ``<adder-scope>``.

    ``view`` is ``ruler``, ``sum``, ``steps``, ``map``, ``figure`` or the name of a panel. ``settings`` are the element's:
    the addition ``a`` + ``b`` and its ``digit`` (0 is the ones), ``theme`` (``auto``, ``light``, ``dark``) and ``hide``, the
    parts that are left out. All of them are traits of what is returned; ``selected`` and ``verdict`` say what is chosen there
    and what is decided.
    """
    from ._widget import AdderScope  # its libraries take a second, which a script need not wait for

    return AdderScope.of(model, view, config, settings)
