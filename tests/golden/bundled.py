"""Writes bundled/NAME.json: what PyTorch computes for the best snapshots of the bundled models, in the
shape of the golden files of published checkpoints. The model is that of gradients.py, independent of
the Rust code. Run once; the files are committed.

    cargo build --release
    python3 tests/golden/bundled.py

Tensors are float64, to twelve digits; what is counted is counted in float32, as PyTorch trains.
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
TRACED = (2746317213, 8697354961)
SEED = 42


def pairs(seed, count):
    rng = random.Random(seed)
    return [(rng.randint(0, TOP), rng.randint(0, TOP)) for _ in range(count)]


def tokens(pairs):
    digits = lambda n, count: [n // 10**i % 10 for i in range(count)]
    return torch.tensor([digits(a, 10) + [0] + digits(b, 10) + [0] + digits(a + b, 11) + [0] for a, b in pairs])


def carries(pairs):
    """Into columns 0 to 10."""
    return torch.tensor([[int(a % 10**k + b % 10**k >= 10**k) for k in range(11)] for a, b in pairs])


def board(model):
    """AdderBoard's suite, decoded greedily."""
    suite = EDGES + pairs(2025, 10_000)
    ids = tokens(suite)
    ids[:, 22:] = 0
    for row in range(21, 32):
        ids[:, row + 1] = model.logits(ids)[:, row].argmax(-1)
    answers = (ids[:, 22:33] * 10 ** torch.arange(11)).sum(-1).tolist()
    wrong = [[a, b, a + b, got] for (a, b), got in zip(suite, answers) if got != a + b]
    return {"total": len(suite), "passed": len(suite) - len(wrong), "first_failures": wrong[:20]}


def errors(model, first):
    """Of 3000 additions, teacher-forced; digit k is what row `first` + k predicts."""
    asked = pairs(SEED, 3000)
    ids, carry = tokens(asked), carries(asked)
    got, wanted = model.logits(ids)[:, first : first + 11].argmax(-1), ids[:, first + 1 : first + 12]
    wrong = got != wanted
    of = lambda what: [[int((what & (carry[:, k : k + 1] == c))[:, k].sum()) for c in (0, 1)] for k in range(11)]
    by_carry, all_by_carry = of(wrong), of(torch.ones_like(wrong))
    return {
        "n": len(asked),
        "n_exact": int((~wrong).all(-1).sum()),
        "digit_errors": wrong.sum(0).tolist(),
        "digit_totals": [len(asked)] * 11,
        "carry_err": [sum(column) for column in zip(*by_carry)],
        "carry_tot": [sum(column) for column in zip(*all_by_carry)],
        "pos_carry_err": by_carry,
        "pos_carry_tot": all_by_carry,
        "off_by": torch.bincount(((got - wanted) % 10)[wrong], minlength=10).tolist(),
    }


def tensors(model):
    """What panels and report show."""
    s = model.state
    position = torch.nn.functional.pad(model.positions(), (0, 0, 0, 1))  # EOS, which no row reads
    out = {
        "token_embedding": model.embeddings()[:10],
        "positions": position,
        "positions_qk": position @ s["q_proj.weight"].T,
        "positions_k": position @ s.get("k_proj.weight", s["q_proj.weight"]).T,
        "mean_attention_500": model.trace(tokens(pairs(SEED, 500)))["attention"].mean(0),
        "norm_weight": s["norm1.weight"],
    }
    value = s.get("v_proj.weight", s["head_proj.weight"].T)
    if "out_proj.A" in s and s["out_proj.A"].shape[1] == 1:
        out["rank1_readout"] = model.embeddings()[:10] @ value.T @ s["out_proj.A"][:, 0]
        out["out_proj_A"], out["out_proj_B"] = s["out_proj.A"][:, 0], s["out_proj.B"][0]
    return {name: plain(value) for name, value in out.items()}


def plain(values):
    """Lists of numbers."""
    if isinstance(values, torch.Tensor):
        values = values.tolist()
    return [plain(v) for v in values] if isinstance(values, list) else float(f"{values:.12g}")


@torch.no_grad()
def golden(checkpoint):
    single, double = Adder(checkpoint, torch.float32), Adder(checkpoint, torch.float64)
    breakdown = {name: value.numel() for name, value in double.learned.items()}
    trace = {name: plain(value[0]) for name, value in double.trace(tokens([TRACED])).items()}
    return tensors(double) | {
        "family": "clean",
        "config": checkpoint["config"],
        "step": checkpoint["step"],
        "metrics": checkpoint["metrics"],
        "param_count": sum(breakdown.values()),
        "parameter_breakdown": breakdown,
        "trace": trace | {"a": TRACED[0], "b": TRACED[1], "tokens": tokens([TRACED])[0, :33].tolist()},
        "errors_aligned": errors(single, 21),
        "errors_script": errors(single, 22),
        "adderboard": board(single),
        "python_random": {"seed": SEED, "first_pairs": [list(pair) for pair in pairs(SEED, 5)]},
    }


def main():
    (HERE / "bundled").mkdir(exist_ok=True)
    for path in sorted((ROOT / "www/models").glob("*/*.history.safetensors")):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            subprocess.run([ROOT / "target/release/adderscope", "convert", path, file.name], check=True)
            checkpoint = json.loads(Path(file.name).read_text())
        name = path.name.split(".")[0]
        (HERE / f"bundled/{name}.json").write_text(json.dumps(golden(checkpoint)) + "\n")


if __name__ == "__main__":
    main()
