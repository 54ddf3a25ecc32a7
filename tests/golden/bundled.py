"""Writes bundled.json: what PyTorch computes for the best snapshots of the bundled models. The
model is that of gradients.py, independent of the Rust code. Run once; the file is committed.

    cargo build --release
    python3 tests/golden/bundled.py
"""

import json
import random
import subprocess
import tempfile
from pathlib import Path

import torch
from gradients import Adder

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOP = 10**10 - 1
EDGES = [(0, 0), (0, 1), (TOP, 0), (TOP, 1), (TOP, TOP), (5 * 10**9, 5 * 10**9), (1111111111, 8888888889), (1234567890, 9876543210), (TOP, TOP), (1, TOP)]
TRACED = [(2746317213, 8697354961), (TOP, 1), (0, 0)]


def pairs(seed, count):
    rng = random.Random(seed)
    return [(rng.randint(0, TOP), rng.randint(0, TOP)) for _ in range(count)]


def tokens(pairs):
    digits = lambda n, count: [n // 10**i % 10 for i in range(count)]
    return torch.tensor([digits(a, 10) + [0] + digits(b, 10) + [0] + digits(a + b, 11) + [0] for a, b in pairs])


@torch.no_grad()
def board(model):
    """AdderBoard's suite, decoded greedily."""
    suite = EDGES + pairs(2025, 10_000)
    ids = tokens(suite)
    ids[:, 22:] = 0
    for row in range(21, 32):
        ids[:, row + 1] = model.logits(ids)[:, row].argmax(-1)
    answers = (ids[:, 22:33] * 10 ** torch.arange(11)).sum(-1).tolist()
    wrong = [[a, b, got] for (a, b), got in zip(suite, answers) if got != a + b]
    return {"passed": len(suite) - len(wrong), "failures": wrong[:20]}


@torch.no_grad()
def errors(model):
    """Wrong digits Z0 to Z10 of 3000 additions, teacher-forced."""
    ids = tokens(pairs(42, 3000))
    return (model.logits(ids)[:, 21:32].argmax(-1) != ids[:, 22:33]).sum(0).tolist()


@torch.no_grad()
def logits(model):
    return model.logits(tokens(TRACED))[:, 21:33].tolist()


def main():
    out = {"traced": TRACED, "models": {}}
    for path in sorted((ROOT / "www/models").glob("*/*.history.safetensors")):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            subprocess.run([ROOT / "target/release/adderscope", "convert", path, file.name], check=True)
            checkpoint = json.loads(Path(file.name).read_text())
        single, double = Adder(checkpoint, torch.float32), Adder(checkpoint, torch.float64)
        name = path.name.split(".")[0]
        out["models"][name] = board(single) | {"digit_errors": errors(single), "logits": logits(double)}
    (HERE / "bundled.json").write_text(json.dumps(out) + "\n")


main()
