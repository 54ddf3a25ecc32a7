"""Writes gradients/golden.json: what PyTorch's autograd and AdamW compute for the made-up
variants, for models of our own (gradients/models) and for published checkpoints where they are
beside the repository. Independent of the Rust code on purpose: whole matrices, one batch at
once, ties by using one tensor twice. Run once; the file is committed.

    cargo build --release
    python3 tests/golden/gradients.py ../shared/checkpoints

Losses and gradients of a batch are float64; runs are float32, as PyTorch trains.
"""

import json
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
import torch.nn.functional as F

HERE = Path(__file__).parent
ROWS = 33
EXAMPLES = 24
RUN = {"steps": 10, "lr": 0.02, "warmup": 4, "final_lr": 0.1, "weight_decay": 0.01, "clip": 1.0}


def pairs(seed):
    rng = random.Random(seed)
    draw = lambda: rng.randint(0, 10**10 - 1)
    return [(draw(), draw()) for _ in range(EXAMPLES)]


def batch(seed, vocab):
    plus, equals, eos = {10: (0, 0, 0), 12: (0, 0, 10), 14: (10, 11, 12)}[vocab]
    digits = lambda n, count: [n // 10**i % 10 for i in range(count)]
    rows = [digits(a, 10) + [plus] + digits(b, 10) + [equals] + digits(a + b, 11) + [eos] for a, b in pairs(seed)]
    return torch.tensor(rows)


def clean(name):
    for there, here in (("blocks.0.attn.", ""), ("blocks.0.ffn.", ""), ("blocks.0.ln1.", "norm1."), ("blocks.0.ln2.", "norm2."), ("ln_f.", "norm_f.")):
        if name.startswith(there):
            return here + name[len(there) :]
    return name


class Adder:
    """A model out of a checkpoint in JSON; `learned` holds its parameters by clean name."""

    def __init__(self, checkpoint, dtype):
        c = checkpoint["config"]
        self.config = c = c.get("model", c)
        state = {clean(n): torch.tensor(v, dtype=dtype) for n, v in checkpoint["model_state_dict"].items()}
        self.research = any(n.startswith("blocks.") for n in checkpoint["model_state_dict"])
        self.norm = {"weighted": "shared", "parameterless": "fixed"}.get(c.get("norm_mode", "full"), c.get("norm_mode", "full"))
        frozen = {"_plus_pos", "_eos_pos", "causal_mask", "_frozen_special", "norm1.base_weight"}
        frozen |= {"tok_arc_" + n for n in c.get("freeze_tok_arc", "").split(",")}
        frozen |= {"spiral_" + n for n in c.get("freeze_spiral", "").split(",")}
        if c.get("freeze_z_hi"):
            frozen.add("z_hi_pos")
        if c.get("equals_spiral_idx", -1) >= 0 or c.get("freeze_special") == "plus_eos_equals":
            frozen.add("special_pos_equals")
        if self.norm == "spiral":
            frozen.add("norm1.weight")
        # One tensor under several names stands once here.
        drop = {"tok_arc_B"} if c.get("tie_tok_arc_ab") else set()
        drop |= {n for n in state if n.endswith("_reuse_pos")}
        if self.norm not in ("full", "no_ln2"):
            drop |= {n for n in state if n.startswith(("norm2.", "norm_f."))}
        self.state = {n: v for n, v in state.items() if n not in drop}
        self.learned = {n: v.requires_grad_() for n, v in self.state.items() if n not in frozen}

    def embeddings(self):
        s = self.state
        if "tok_emb.weight" in s:
            return F.pad(s["tok_emb.weight"], (0, 0, 0, 1 if self.config.get("freeze_pad") else 0))
        angle = s["tok_arc_start"] + torch.arange(self.config["vocab_size"]) * s["tok_arc_stride"]
        return torch.stack([s["tok_arc_A"] * angle.cos(), s.get("tok_arc_B", s["tok_arc_A"]) * angle.sin()], 1)

    def positions(self):
        s = self.state
        if "digit_pos" in s:
            digit = s["digit_pos"]
        else:
            i = torch.arange(10, dtype=s["spiral_amp"].dtype)
            angle = 2 * math.pi * i / 10 + s["spiral_phase"]
            digit = torch.stack([s["spiral_amp"] * angle.cos(), s["spiral_amp"] * angle.sin(), s["spiral_slope"] * i + s["spiral_offset"]], 1)
            digit = F.pad(digit, (0, self.config["pos_dim"] - 3))
        if "pos_correction" in s:
            digit = digit * (1 + s["pos_correction"])[:, None]
        elif "pos_corr_slope" in s:
            digit = digit * (1 + s["pos_corr_intercept"] + s["pos_corr_slope"] * i)[:, None]
        plus = equals = torch.zeros(1, self.config["pos_dim"], dtype=digit.dtype)
        if "special_pos" in s:
            plus, equals = s["special_pos"][0:1], s["special_pos"][1:2]
        elif "special_pos_learned" in s:
            plus, equals = s["special_pos_learned"].split(1)
        elif "special_pos_equals" in s:
            equals = s["special_pos_equals"]
        return torch.cat([digit, plus, digit, equals, digit, s["z_hi_pos"]])

    def normed(self, x, name):
        s, d = self.state, x.shape[-1]
        if self.norm == "no_ln2" and name == "norm2":
            return x
        if self.norm in ("full", "no_ln2"):
            w = s[name + ".weight"]
        elif self.norm == "scalar":
            w = s["norm1.scale"]
        elif self.norm == "structured":
            w = s["norm1.b"] + s["norm1.d1"] * F.one_hot(torch.tensor(1), d) + s["norm1.d4"] * F.one_hot(torch.tensor(4), d)
        elif self.norm == "fixed":
            w = 1
        elif "norm1.base_weight" in s:
            z = s["z_hi_pos"].flatten().abs()
            w = s["norm1.base_weight"] + F.pad(self.config["spiral_init_amp"] * z / (z.sum() + 1), (self.config["tok_dim"], 0))
        else:
            w = s["norm1.weight"]
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * w

    def logits(self, tokens):
        """Logits of the 33 input rows, teacher-forced."""
        return self.trace(tokens)["logits"]

    def trace(self, tokens):
        """Every intermediate of a pass over the 33 input rows, teacher-forced."""
        s, c = self.state, self.config
        table, ids = self.embeddings(), tokens[:, :ROWS]
        position = self.positions().expand(len(ids), -1, -1)
        embed = x = torch.cat([table[ids], position], -1)
        t, heads = c["tok_dim"], c.get("n_heads", 1)
        h = self.normed(x, "norm1")
        read = {"full": h, "pos": h[..., t:], "tok": h[..., :t]}[c.get("qk_input", c.get("qk_source", "pos"))]
        split = lambda y: y.unflatten(-1, (heads, -1)).transpose(1, 2)
        q, k = split(read @ s["q_proj.weight"].T), split(read @ s.get("k_proj.weight", s["q_proj.weight"]).T)
        if "q_phase_angle" in s:
            even = q.shape[-1] // 2 * 2
            pairs = torch.view_as_complex(q[..., :even].unflatten(-1, (-1, 2)).contiguous())
            turn = torch.polar(torch.ones_like(s["q_phase_angle"]), s["q_phase_angle"])
            turned = torch.view_as_real(pairs * turn[:, None, None]).flatten(-2)
            q = torch.cat([turned, q[..., even:]], -1)
        score = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).masked_fill(torch.ones(ROWS, ROWS).triu(1).bool(), -torch.inf)
        v = split(h[..., :t] @ (s["v_proj.weight"].T if "v_proj.weight" in s else s["head_proj.weight"]))
        attention = score.softmax(-1)
        if c.get("softmax1"):
            e = (score - score.max(-1, keepdim=True).values).exp()
            attention = e / (1 + e.sum(-1, keepdim=True))
        mixed = (attention @ v).transpose(1, 2).flatten(-2)
        after_attention = x = x + (mixed @ s["out_proj.weight"].T if "out_proj.weight" in s else mixed @ s["out_proj.A"] @ s["out_proj.B"])
        hidden = F.gelu(F.linear(self.normed(x, "norm2"), s["fc1.weight"], s.get("fc1.bias")))
        fc2 = s["head_proj.weight"].T if c.get("tie_fc2_head") else s["fc2.weight"]
        after_ffn = x + F.linear(hidden, fc2, s.get("fc2.bias"))
        logits = self.normed(after_ffn, "norm_f") @ s["head_proj.weight"].T @ table.T
        names = "embed", "normed", "attention", "after_attention", "after_ffn", "logits"
        return dict(zip(names, (embed, h, attention, after_attention, after_ffn, logits)))

    def loss(self, tokens):
        return F.cross_entropy(self.logits(tokens)[:, 21:].flatten(0, 1), tokens[:, 22:].flatten())


def gradients(checkpoint, seed):
    model = Adder(checkpoint, torch.float64)
    loss = model.loss(batch(seed, model.config["vocab_size"]))
    loss.backward()
    return {
        "seed": seed,
        "pairs": EXAMPLES,
        "loss": loss.item(),
        "gradients": {n: (torch.zeros_like(p) if p.grad is None else p.grad).flatten().tolist() for n, p in sorted(model.learned.items())},
    }


def run(checkpoint, seed):
    """Losses of a short run; step i learns from `pairs(seed + i)`."""
    model = Adder(checkpoint, torch.float32)
    optimizer = torch.optim.AdamW(model.learned.values(), lr=RUN["lr"], weight_decay=RUN["weight_decay"])
    rise = torch.optim.lr_scheduler.LinearLR(optimizer, 1 / RUN["warmup"], 1, RUN["warmup"] - 1)
    fall = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, RUN["steps"] - RUN["warmup"], RUN["lr"] * RUN["final_lr"])
    losses = []
    for step in range(RUN["steps"]):
        loss = model.loss(batch(seed + step, model.config["vocab_size"]))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.learned.values(), RUN["clip"])
        optimizer.step()
        # The last warm step and the first of the cosine both have the whole rate.
        if step + 1 < RUN["warmup"]:
            rise.step()
        elif step + 1 > RUN["warmup"]:
            fall.step()
        losses.append(loss.item())
    return {"seed": seed, "losses": losses}


def published(folder):
    program = HERE.parent.parent / "target/release/adderscope"
    for path in sorted(Path(folder).glob("*.pt")):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            subprocess.run([program, "convert", path, file.name], check=True)
            yield path.stem, json.loads(Path(file.name).read_text())


def main():
    out = {"run": RUN | {"pairs": EXAMPLES}, "models": {}}
    for path in sorted((HERE / "variants").glob("*.json")):
        checkpoint = json.loads(path.read_text())["checkpoint"]
        out["models"][path.stem] = gradients(checkpoint, 7)
    for path in sorted((HERE / "gradients/models").glob("*.json")):
        checkpoint = json.loads(path.read_text())
        out["models"][path.stem] = gradients(checkpoint, 7) | {"run": run(checkpoint, 100)}
    for name, checkpoint in published(sys.argv[1]):
        out["models"][name] = gradients(checkpoint, 7)
    (HERE / "gradients/golden.json").write_text(json.dumps(out) + "\n")


if __name__ == "__main__":
    main()
