"""Times what AdderScope does with PyTorch, on one core: `./build.sh bench` runs it where torch is.

    python3 benches/reference.py CHECKPOINT.json

Prints one JSON object of milliseconds. The model is the tests' own (tests/golden/gradients.py).
"""

import json
import random
import statistics
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent / "tests/golden"))
from gradients import Adder  # noqa: E402

SUITE = 10_010
# As the original script asks: one addition at a time. Measured on so many, and scaled.
SINGLES = 40
BATCH = 256


def pairs(count, seed=2025):
    rng = random.Random(seed)
    return [(rng.randint(0, 10**10 - 1), rng.randint(0, 10**10 - 1)) for _ in range(count)]


def tokens(pairs, vocab):
    plus, equals, eos = {10: (0, 0, 0), 12: (0, 0, 10), 14: (10, 11, 12)}[vocab]
    digits = lambda n, count: [n // 10**i % 10 for i in range(count)]
    return torch.tensor([digits(a, 10) + [plus] + digits(b, 10) + [equals] + digits(a + b, 11) + [eos] for a, b in pairs])


def milliseconds(work, runs):
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def main():
    torch.set_num_threads(1)
    checkpoint = json.loads(Path(sys.argv[1]).read_text())
    model = Adder(checkpoint, torch.float32)
    vocab = model.config["vocab_size"]
    suite = tokens(pairs(SUITE), vocab)

    @torch.no_grad()
    def decode(batch):
        """Greedy: each row feeds on the prediction before it."""
        ids = batch.clone()
        ids[:, 22:] = 0
        for row in range(21, 32):
            ids[:, row + 1] = model.logits(ids)[:, row].argmax(-1)
        return ids

    @torch.no_grad()
    def analyses():
        model.logits(tokens(pairs(3000, 42), vocab))
        model.logits(tokens(pairs(500, 42), vocab))

    optimizer = torch.optim.AdamW(model.learned.values(), lr=1e-4)

    def step():
        loss = model.loss(tokens(pairs(BATCH), vocab))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.learned.values(), 1.0)
        optimizer.step()

    singles = milliseconds(lambda: [decode(suite[i : i + 1]) for i in range(SINGLES)], 3)
    print(
        json.dumps(
            {
                "torch": torch.__version__,
                "suite": milliseconds(lambda: decode(suite), 3),
                "suite, one at a time": singles / SINGLES * SUITE,
                "analyses": milliseconds(analyses, 5),
                "step": milliseconds(step, 20),
            }
        )
    )


main()
