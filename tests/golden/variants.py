"""Writes variants/*.json: small made-up checkpoints of each supported variant, with what a
plain NumPy model computes for them. Independent of the Rust code on purpose: whole matrices,
no tables. Run once; the files are committed.

    python3 tests/golden/variants.py
"""

import json
import math
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
ROWS = 33
A, B = 9075318642, 1924681359


def tokens(vocab):
    plus, equals = {10: (0, 0), 12: (0, 0), 14: (10, 11)}[vocab]
    digits = lambda n, count: [n // 10**i % 10 for i in range(count)]
    return np.array(digits(A, 10) + [plus] + digits(B, 10) + [equals] + digits(A + B, 11))


def erf(x):
    return np.vectorize(math.erf)(x)


def forward(state, c):
    """Logits (33 × vocab). `state` has clean names, `c` every setting."""
    s = {k: np.array(v, dtype=np.float64) for k, v in state.items()}
    if "tok_emb.weight" in s:
        table = s["tok_emb.weight"]
        if len(table) < c["vocab"]:  # freeze_pad: PAD, the last token, is zero
            table = np.concatenate([table, np.zeros((1, c["tok_dim"]))])
    else:
        angle = s["tok_arc_start"] + np.arange(c["vocab"]) * s["tok_arc_stride"]
        other = s.get("tok_arc_B", s["tok_arc_A"])
        table = np.stack([s["tok_arc_A"] * np.cos(angle), other * np.sin(angle)], 1)

    i = np.arange(10)
    if "digit_pos" in s:
        digit = s["digit_pos"]
    else:
        angle = 2 * np.pi * i / 10 + s["spiral_phase"]
        digit = np.zeros((10, c["pos_dim"]))
        digit[:, 0] = s["spiral_amp"] * np.cos(angle)
        digit[:, 1] = s["spiral_amp"] * np.sin(angle)
        digit[:, 2] = s["spiral_slope"] * i + s["spiral_offset"]
    if "pos_correction" in s:
        digit = digit * (1 + s["pos_correction"])[:, None]
    elif "pos_corr_slope" in s:
        digit = digit * (1 + s["pos_corr_intercept"] + s["pos_corr_slope"] * i)[:, None]
    zero = np.zeros((1, c["pos_dim"]))
    if "special_pos" in s:
        plus, equals = s["special_pos"][0:1], s["special_pos"][1:2]
    elif "special_pos_learned" in s:
        plus, equals = s["special_pos_learned"][0:1], s["special_pos_learned"][1:2]
    else:
        plus, equals = zero, s.get("special_pos_equals", zero)
    position = np.concatenate([digit, plus, digit, equals, digit, s["z_hi_pos"]])

    ids = tokens(c["vocab"])
    x = np.concatenate([table[ids], position], 1)
    d, t = x.shape[1], c["tok_dim"]

    def norm(x, name):
        rms = np.sqrt((x * x).mean(1, keepdims=True) + 1e-5)
        mode = c["norm"]
        if mode == "no_ln2" and name == "norm2":
            return x
        if mode in ("full", "no_ln2"):
            w = s[name + ".weight"]
        elif mode in ("shared", "weighted"):
            w = s["norm1.weight"]
        elif mode == "scalar":
            w = s["norm1.scale"]
        elif mode == "structured":
            w = np.full(d, s["norm1.b"])
            w[1] = s["norm1.b"] + s["norm1.d1"]
            w[4] = s["norm1.b"] + s["norm1.d4"]
        else:
            w = np.ones(d)
        return x / rms * w

    h = norm(x, "norm1")
    heads, qk = c["heads"], c["qk_dim"]
    h_qk = h[:, :t] if c["qk_tok"] else h if c["qk_full"] else h[:, t:]
    q = (h_qk @ s["q_proj.weight"].T).reshape(ROWS, heads, qk)
    k = (h_qk @ s.get("k_proj.weight", s["q_proj.weight"]).T).reshape(ROWS, heads, qk)
    if "q_phase_angle" in s:
        q = q.copy()
        for p in range(0, qk - 1, 2):
            cos, sin = np.cos(s["q_phase_angle"]), np.sin(s["q_phase_angle"])
            q0, q1 = q[:, :, p].copy(), q[:, :, p + 1].copy()
            q[:, :, p], q[:, :, p + 1] = q0 * cos - q1 * sin, q0 * sin + q1 * cos
    score = np.einsum("rhd,jhd->hrj", q, k) / math.sqrt(qk)
    score = np.where(np.tril(np.ones((ROWS, ROWS))) == 1, score, -np.inf)
    att = np.exp(score - score.max(2, keepdims=True))
    # MicroAdder's trainer adds the 1 after the largest score is taken off.
    att = att / (att.sum(2, keepdims=True) + (1 if c["softmax1"] else 0))
    v = h[:, :t] @ (s["v_proj.weight"].T if "v_proj.weight" in s else s["head_proj.weight"])
    mixed = np.einsum("hrj,jhd->rhd", att, v.reshape(ROWS, heads, -1)).reshape(ROWS, -1)
    if "out_proj.weight" in s:
        x = x + mixed @ s["out_proj.weight"].T
    else:
        x = x + mixed @ s["out_proj.A"] @ s["out_proj.B"]

    hidden = norm(x, "norm2") @ s["fc1.weight"].T + s.get("fc1.bias", 0)
    hidden = 0.5 * hidden * (1 + erf(hidden / math.sqrt(2)))
    fc2 = s["fc2.weight"].T if "fc2.weight" in s else s["head_proj.weight"]
    x = x + hidden @ fc2 + s.get("fc2.bias", 0)
    return norm(x, "norm_f") @ s["head_proj.weight"].T @ table.T


RESEARCH = {
    "q_phase_angle": "blocks.0.attn.",
    "q_proj.weight": "blocks.0.attn.",
    "k_proj.weight": "blocks.0.attn.",
    "v_proj.weight": "blocks.0.attn.",
    "out_proj.A": "blocks.0.attn.",
    "out_proj.B": "blocks.0.attn.",
    "out_proj.weight": "blocks.0.attn.",
    "fc1.weight": "blocks.0.ffn.",
    "fc1.bias": "blocks.0.ffn.",
    "fc2.weight": "blocks.0.ffn.",
    "fc2.bias": "blocks.0.ffn.",
}


def research(name):
    for clean, there in (("norm1.", "blocks.0.ln1."), ("norm2.", "blocks.0.ln2."), ("norm_f.", "ln_f.")):
        if name.startswith(clean):
            return there + name[len(clean) :]
    return RESEARCH.get(name, "") + name


def variant(name, seed, config, c, shapes, count, given=None):
    """`shapes`: tensors with random values; `given`: tensors with these values."""
    rng = np.random.default_rng(seed)
    f32 = lambda x: np.float32(x).tolist()
    state = {n: f32(rng.normal(0, 1, shape)) for n, shape in shapes.items()}
    state |= {n: f32(v) for n, v in (given or {}).items()}
    c = {"vocab": 10, "tok_dim": 2, "pos_dim": 3, "heads": 1, "qk_dim": 5, "qk_full": False, "qk_tok": False, "softmax1": False} | c
    logits = forward(state, c)
    stored = {research(n) if c.get("research") else n: v for n, v in state.items()}
    out = {
        "checkpoint": {"step": 1, "model_state_dict": stored, "config": config, "metrics": {}},
        "golden": {"a": A, "b": B, "param_count": count, "logits": np.round(logits, 9).tolist()},
    }
    (HERE / "variants" / f"{name}.json").write_text(json.dumps(out) + "\n")


ARC = {"tok_arc_A": (), "tok_arc_start": (), "tok_arc_stride": ()}
SPIRAL = {"spiral_amp": (), "spiral_phase": (), "spiral_slope": (), "spiral_offset": ()}
RANK1 = {"out_proj.A": (5, 1), "out_proj.B": (1, 5)}
FFN = {"fc1.weight": (2, 5), "fc2.weight": (5, 2), "head_proj.weight": (2, 5)}
CLEAN = ARC | SPIRAL | {"special_pos_equals": (1, 3), "z_hi_pos": (1, 3), "q_phase_angle": (1,)} | RANK1 | FFN
BASE = {"d_model": 5, "tok_dim": 2, "pos_dim": 3, "n_heads": 1, "head_dim": 5, "ffn_dim": 2, "vocab_size": 10, "max_seq_len": 34}
FROZEN = {"spiral_amp": 3.5, "spiral_phase": 0.0, "spiral_slope": 0.15, "spiral_offset": 0.0}


def without(shapes, *names):
    return {n: s for n, s in shapes.items() if n not in names}


# 3 arc − 2 frozen + 4 spiral + 3 equals + 3 z_hi + 1 phase + 25 q + 10 out + 30
variant(
    "parameterless_full_input", 1,
    BASE | {"norm_mode": "parameterless", "qk_input": "full", "freeze_tok_arc": "A,start", "qk_dim": 0},
    {"norm": "parameterless", "qk_full": True},
    CLEAN | {"q_proj.weight": (5, 5)}, 77,
)
# as above with all arc, 15 q, 3 norm numbers, EQUALS frozen on the spiral
turn = 2 * math.pi * 10.5 / 10
variant(
    "structured_equals_on_spiral", 2,
    BASE | {"norm_mode": "structured", "equals_spiral_idx": 10.5, "freeze_spiral": "amp,phase,slope,offset", "tie_fc2_head": True},
    {"norm": "structured"},
    without(CLEAN, "fc2.weight", "special_pos_equals", *SPIRAL) | {"q_proj.weight": (5, 3), "norm1.b": (), "norm1.d1": (), "norm1.d4": ()},
    3 + 3 + 1 + 15 + 10 + 20 + 3,
    FROZEN | {"special_pos_equals": [[3.5 * math.cos(turn), 3.5 * math.sin(turn), 0.15 * 10.5]]},
)
variant(
    "learned_spiral_74p", 3, BASE | {"norm_mode": "weighted"}, {"norm": "weighted"},
    CLEAN | {"q_proj.weight": (5, 3), "norm1.weight": (5,)}, 74,
)
R = {"n_layers": 1, "ffn_bias": False, "pos_mode": "spiral_correct", "attn_mode": "split", "num_kv_heads": 0}
variant(
    "scalar_vocab_12", 4,
    BASE | R | {"norm_mode": "scalar", "vocab_size": 12, "tok_emb_mode": "learned", "pos_correction_mode": "none",
                "freeze_special": "eos", "tie_qk": True, "q_phase": True, "attn_out_rank": 1, "tie_vo": True},
    {"norm": "scalar", "vocab": 12, "research": True},
    {"tok_emb.weight": (12, 2), "special_pos_learned": (2, 3), "z_hi_pos": (1, 3), "q_phase_angle": (1,), "q_proj.weight": (5, 3), "norm1.scale": (1,)}
    | SPIRAL | RANK1 | FFN,
    24 + 6 + 3 + 1 + 15 + 1 + 4 + 10 + 30,
)
variant(
    "fixed_all_frozen", 5,
    BASE | R | {"norm_mode": "fixed", "tok_emb_mode": "parametric", "tie_tok_arc_ab": True, "freeze_tok_arc": "start,stride",
                "freeze_spiral": "amp,phase,slope,offset", "freeze_z_hi": True, "freeze_special": "plus_eos_equals",
                "pos_correction_mode": "none", "tie_qk": True, "q_phase": True, "attn_out_rank": 1, "tie_vo": True, "qk_dim": 4},
    {"norm": "fixed", "qk_dim": 4, "research": True},
    without(CLEAN, "tok_arc_start", "tok_arc_stride", *SPIRAL) | {"q_proj.weight": (4, 3)},
    1 + 1 + 12 + 10 + 30,
    FROZEN | {"tok_arc_start": -1.2, "tok_arc_stride": 0.29},
)
SIX = {"d_model": 6, "n_heads": 2, "head_dim": 3}
FFN6 = {"fc1.weight": (2, 6), "fc1.bias": (2,), "fc2.weight": (6, 2), "fc2.bias": (6,), "head_proj.weight": (2, 6)}
variant(
    "no_ln2_two_heads_170p_like", 6,
    BASE | R | SIX | {"norm_mode": "no_ln2", "pos_dim": 4, "vocab_size": 14, "ffn_bias": True, "freeze_special": "eos",
                      "pos_correction_mode": "linear", "tie_qk": True, "q_phase": True, "attn_out_rank": 2},
    {"norm": "no_ln2", "vocab": 14, "pos_dim": 4, "heads": 2, "qk_dim": 3, "research": True},
    {"tok_emb.weight": (14, 2), "special_pos_learned": (2, 4), "z_hi_pos": (1, 4), "q_phase_angle": (2,), "q_proj.weight": (6, 4),
     "v_proj.weight": (6, 2), "out_proj.A": (6, 2), "out_proj.B": (2, 6), "norm1.weight": (6,), "norm_f.weight": (6,),
     "pos_corr_slope": (), "pos_corr_intercept": ()} | SPIRAL | FFN6,
    28 + 8 + 4 + 2 + 24 + 12 + 24 + 12 + 2 + 4 + 12 + 2 + 12 + 6 + 12,
)
variant(
    "elliptic_arc_full_correction", 7,
    BASE | R | {"norm_mode": "full", "tok_emb_mode": "parametric", "pos_correction_mode": "full", "freeze_special": "all",
                "tie_qk": False, "attn_out_rank": 0},
    {"norm": "full", "research": True},
    {"tok_arc_B": (), "pos_correction": (10,), "z_hi_pos": (1, 3), "q_proj.weight": (5, 3), "k_proj.weight": (5, 3), "v_proj.weight": (5, 2),
     "out_proj.weight": (5, 5), "norm1.weight": (5,), "norm2.weight": (5,), "norm_f.weight": (5,)} | ARC | SPIRAL | FFN,
    4 + 4 + 10 + 3 + 15 + 15 + 10 + 25 + 15 + 30,
)
variant(
    "two_heads_tied_values", 8,
    BASE | R | SIX | {"norm_mode": "shared", "pos_dim": 3, "tok_dim": 3, "vocab_size": 14, "freeze_special": "none", "pos_correction_mode": "none",
                      "tie_qk": True, "q_phase": True, "attn_out_rank": 1, "tie_vo": True, "qk_dim": 4},
    {"norm": "shared", "vocab": 14, "tok_dim": 3, "heads": 2, "qk_dim": 4, "research": True},
    {"tok_emb.weight": (14, 3), "special_pos": (3, 3), "z_hi_pos": (1, 3), "q_phase_angle": (2,), "q_proj.weight": (8, 3),
     "out_proj.A": (6, 1), "out_proj.B": (1, 6), "norm1.weight": (6,), "fc1.weight": (2, 6), "fc2.weight": (6, 2),
     "head_proj.weight": (3, 6)} | SPIRAL,
    42 + 9 + 3 + 2 + 24 + 12 + 6 + 24 + 18 + 4,
)

# The trainer's own defaults: its "242p" configuration.
TRAINER = {
    "d_model": 6, "tok_dim": 3, "pos_dim": 3, "n_heads": 2, "head_dim": 3, "n_layers": 1, "ffn_dim": 2, "ffn_bias": True,
    "pos_mode": "learned", "pos_correction_mode": "full", "freeze_special": "none", "alibi": False, "qk_source": "pos",
    "tie_qk": False, "attn_out_rank": 0, "num_kv_heads": 0, "q_phase": False, "share_layers": False, "norm_mode": "full",
    "tie_vo": False, "freeze_pad": False, "freeze_z_hi": False, "freeze_spiral": "", "freeze_tok_arc": "",
    "tie_tok_arc_ab": False, "q_proj_rank": 0, "q_proj_mode": "full", "softmax1": False, "attn_mode": "split",
    "token_init": "spiral", "tok_emb_mode": "learned", "vocab_size": 14, "max_seq_len": 34,
}
TRAINED = {
    "tok_emb.weight": (14, 3), "digit_pos": (10, 3), "z_hi_pos": (1, 3), "special_pos": (3, 3),
    "q_proj.weight": (6, 3), "k_proj.weight": (6, 3), "v_proj.weight": (6, 3), "out_proj.weight": (6, 6),
    "fc1.weight": (2, 6), "fc1.bias": (2,), "fc2.weight": (6, 2), "fc2.bias": (6,), "head_proj.weight": (3, 6),
    "norm1.weight": (6,), "norm2.weight": (6,), "norm_f.weight": (6,),
}
OF_TRAINER = {"norm": "full", "vocab": 14, "tok_dim": 3, "heads": 2, "qk_dim": 3, "research": True}
variant("trainer_defaults_242p", 11, TRAINER, OF_TRAINER, TRAINED, 242)
variant(
    "trainer_softmax1", 12, TRAINER | {"softmax1": True, "num_kv_heads": 2}, OF_TRAINER | {"softmax1": True}, TRAINED, 242,
)
variant(
    "trainer_queries_of_tokens", 13, TRAINER | {"qk_source": "tok", "tok_dim": 2, "d_model": 5, "tie_qk": True},
    OF_TRAINER | {"qk_tok": True, "tok_dim": 2},
    {n: tuple(5 if x == 6 and n[:2] not in ("q_", "v_") and not (n == "out_proj.weight" and i) else x for i, x in enumerate(shape))
     for n, shape in TRAINED.items() if n != "k_proj.weight"}
    | {"tok_emb.weight": (14, 2), "q_proj.weight": (6, 2), "v_proj.weight": (6, 2), "head_proj.weight": (2, 5)},
    28 + 30 + 3 + 9 + 12 + 12 + 30 + 12 + 15 + 10 + 15,
)
variant(
    "trainer_frozen_pad", 14, TRAINER | {"freeze_pad": True}, OF_TRAINER, TRAINED | {"tok_emb.weight": (13, 3)}, 242 - 3,
)
# 67p with softmax1: all embeddings are equally long, so that attention is one fixed matrix
variant(
    "softmax1_on_a_circle", 15, BASE | {"norm_mode": "weighted", "softmax1": True, "freeze_spiral": "amp,phase,slope,offset", "qk_dim": 4},
    {"norm": "weighted", "softmax1": True, "qk_dim": 4},
    without(CLEAN, *SPIRAL) | {"q_proj.weight": (4, 3), "norm1.weight": (5,)},
    67, FROZEN,
)
