#!/usr/bin/env python3
"""Checks a certificate of `adderscope prove --certificate` with a forward pass and a derivation of its own.

    python3 tools/check_certificate.py CHECKPOINT CERTIFICATE

CHECKPOINT is .safetensors or .json (`adderscope convert`). Needs NumPy. Exit 0: accepted, and the output says how much of
it was checked. Exit 1: refused, and the output says why.

Whole: attention that is fixed and writes one number. Every case's interval is derived by shortest paths over the columns,
every verdict by interval evaluation in float64 that allows for `PAD` of the terms' sizes, and the count by an automaton.
Others: weights, witnesses, that the cases part all additions, the count from their verdicts, and an addition in each of
10 000 cases.
"""

import hashlib
import json
import math
import struct
import sys

import numpy as np

PAD, DEPTH, SAMPLED, EPSILON = 1e-11, 30, 10_000, 1e-5
RIGHT, WRONG, STOPS, OPEN = "right", "wrong", "stops", "open"
# A column: two digits and the carry in; then its answer digit and its carry out.
X, Y, C = (v.ravel() for v in np.meshgrid(np.arange(10), np.arange(10), np.arange(2), indexing="ij"))
Z, SENDS = (X + Y + C) % 10, (X + Y + C) // 10
erf = np.vectorize(math.erf, otypes=[float])


class Refused(Exception):
    pass


def refuse_unless(truth, why):
    if not truth:
        raise Refused(why)


# The checkpoint.


def tensors_of(path):
    data = open(path, "rb").read()
    if data[:1] == b"{":
        file = json.loads(data)
        file = file.get("model_state_dict", file)
        found = {k: np.array(v, np.float32) for k, v in file.items() if isinstance(v, (list, float, int))}
    else:
        length = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8 : 8 + length])
        found = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            refuse_unless(entry["dtype"] == "F32", f"{name} is {entry['dtype']}, not F32")
            start, end = (8 + length + at for at in entry["data_offsets"])
            found[name] = np.frombuffer(data[start:end], "<f4").reshape(entry["shape"])
    return {clean(name): value for name, value in found.items()}


def clean(name):
    for research, ours in [("blocks.0.attn.", ""), ("blocks.0.ffn.", ""), ("blocks.0.ln1.", "norm1."),
                           ("blocks.0.ln2.", "norm2."), ("ln_f.", "norm_f.")]:
        if name.startswith(research):
            return ours + name[len(research):]
    return name


def weights(certificate, found):
    """The tensors that are hashed, by name; refuses others than those of the certificate."""
    digest, tensors = hashlib.sha256(), {}
    for name, shape in certificate["weights"]["tensors"]:
        twins = [name] + [name.replace("norm1", twin) for twin in ("norm2", "norm_f")]
        value = next((found[twin] for twin in twins if twin in found), None)
        if value is None:
            refuse_unless(name in ("_plus_pos", "_eos_pos"), f"the checkpoint has no {name}")
            value = np.zeros(shape, np.float32)
        refuse_unless(value.size == math.prod(shape), f"{name} has another shape")
        tensors[name] = value.reshape(shape).astype(np.float64)
        digest.update(name.encode() + b"\0" + struct.pack(f"<{1 + len(shape)}I", len(shape), *shape))
        digest.update(np.ascontiguousarray(value, "<f4").tobytes())
    refuse_unless(digest.hexdigest() == certificate["weights"]["sha256"], "the weights are not those of the certificate")
    return tensors


# The forward pass.


def rms(x):
    return np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON)


def gelu(x):
    return 0.5 * x * (1 + erf(x / math.sqrt(2)))


class Model:
    def __init__(self, config, t):
        self.config, self.t = config, t
        number = lambda name: float(t[name].ravel()[0]) if name in t else 0.0
        self.size = config["vocabulary"]["size"]
        self.tok, self.heads, self.qk = config["tok_dim"], config["n_heads"], config["qk_dim"]
        arc = config["embedding"] != "Learned"
        if arc:
            a = number("tok_arc_A")
            b = a if config["embedding"]["Arc"]["tied"] else number("tok_arc_B")
            angle = number("tok_arc_start") + np.arange(self.size) * number("tok_arc_stride")
            self.E = np.stack([a * np.cos(angle), b * np.sin(angle)], 1)
        else:
            self.E = t["tok_emb.weight"]
        self.P = self.positions(number)
        self.norm1, self.norm2, self.norm_f = self.norms(number)
        self.head = t["head_proj.weight"]
        self.Wq = t["q_proj.weight"]
        self.Wk = self.Wq if config["tie_qk"] else t["k_proj.weight"]
        self.Wv = self.head.T if config["tie_v_head"] else t["v_proj.weight"]
        self.angles = t["q_phase_angle"].ravel() if config["q_phase"] else np.zeros(self.heads)
        full = config["out_proj"] == "Full"
        self.A = np.eye(t["out_proj.weight"].shape[1]) if full else t["out_proj.A"]
        self.B = t["out_proj.weight"].T if full else t["out_proj.B"]
        self.fc1 = t["fc1.weight"]
        self.b1 = t["fc1.bias"] if config["ffn_bias"] else np.zeros(len(self.fc1))
        self.fc2 = self.head.T if config["tie_fc2_head"] else t["fc2.weight"]
        self.b2 = t["fc2.bias"] if config["ffn_bias"] else np.zeros(len(self.fc2))
        self.is_whole = len(self.B) == 1 and arc and abs(a) == abs(b) and config["qk_input"] == "Position"

    def positions(self, number):
        t, i, P = self.t, np.arange(10), np.zeros((34, self.config["pos_dim"]))
        scale = {"None": np.ones(10), "Full": 1 + t.get("pos_correction", np.zeros(10)).ravel(),
                 "Linear": 1 + number("pos_corr_intercept") + number("pos_corr_slope") * i}[self.config["correction"]]
        angle = 2 * math.pi * i / 10 + number("spiral_phase")
        spiral = np.zeros((10, P.shape[1]))
        spiral[:, 0], spiral[:, 1] = number("spiral_amp") * np.cos(angle), number("spiral_amp") * np.sin(angle)
        spiral[:, 2] = number("spiral_slope") * i + number("spiral_offset")
        for start in (0, 11, 22):
            P[start : start + 10] = spiral * scale[:, None]
        P[32] = t["z_hi_pos"][0]
        where = {"All": [(10, "special_pos", 0), (21, "special_pos", 1)],
                 "PlusEquals": [(10, "special_pos_learned", 0), (21, "special_pos_learned", 1)],
                 "Equals": [(10, "_plus_pos", 0), (21, "special_pos_equals", 0)], "Zero": []}
        for place, name, row in where[self.config["special_positions"]]:
            P[place] = t[name][row]
        return P

    def norms(self, number):
        norm, t, d = self.config["norm"], self.t, self.tok + self.config["pos_dim"]
        if norm == "Full":
            return t["norm1.weight"], t["norm2.weight"], t["norm_f.weight"]
        if norm == "NoNorm2":
            return t["norm1.weight"], None, t["norm_f.weight"]
        if norm in ("Shared", "Spiral"):
            w = t["norm1.weight"]
        elif norm == "Fixed":
            w = np.ones(d)
        elif norm == "Scalar":
            w = np.full(d, number("norm1.scale"))
        elif norm == "Structured":
            w = np.full(d, number("norm1.b"))
            w[1] += number("norm1.d1")
            w[4] += number("norm1.d4")
        else:
            z = abs(t["z_hi_pos"][0])
            w = t["norm1.base_weight"].copy()
            w[self.tok :] += norm["SpiralBoost"]["amp"] * z / (z.sum() + 1)
        return w, w, w

    def project(self, tokens, places):
        """The residual stream, and by head queries, keys and what is read of the values into each slot."""
        x = np.concatenate([self.E[tokens], np.broadcast_to(self.P[places], (*tokens.shape, self.P.shape[1]))], -1)
        h = x / rms(x) * self.norm1
        read = h if self.config["qk_input"] == "Full" else h[..., self.tok :]
        split = lambda v: v.reshape(*v.shape[:-1], self.heads, -1)
        Q, K, V = split(read @ self.Wq.T), split(read @ self.Wk.T), split(h[..., : self.tok] @ self.Wv.T)
        Q, sin, cos = Q.copy(), np.sin(self.angles), np.cos(self.angles)
        for i in range(0, self.qk - 1, 2):
            q0, q1 = Q[..., i].copy(), Q[..., i + 1].copy()
            Q[..., i], Q[..., i + 1] = q0 * cos - q1 * sin, q0 * sin + q1 * cos
        reads = np.einsum("...hi,hir->...hr", V, self.A.reshape(self.heads, -1, self.A.shape[1]))
        return x, Q, K, reads

    def answer(self, tokens):
        """What attention writes into each slot and the logits, in the eleven answer rows of N × 33 tokens."""
        x, Q, K, reads = self.project(tokens, np.arange(33))
        x, Q = x[:, 21:32], Q[:, 21:32]
        scores = np.einsum("nrhi,nphi->nhrp", Q, K) / math.sqrt(self.qk)
        scores[..., np.arange(33)[None, :] > np.arange(21, 32)[:, None]] = -np.inf
        e = np.exp(scores - scores.max(-1, keepdims=True))
        s = np.einsum("nhrp,nphs->nrs", e / e.sum(-1, keepdims=True), reads)
        x = x + s @ self.B
        g = x if self.norm2 is None else x / rms(x) * self.norm2
        x = x + gelu(g @ self.fc1.T + self.b1) @ self.fc2.T + self.b2
        return s, (x / rms(x) * self.norm_f) @ self.head.T @ self.E.T

    def tokens(self, pairs):
        digits = lambda numbers, n: np.array([[v // 10**k % 10 for k in range(n)] for v in numbers])
        v, n = self.config["vocabulary"], len(pairs)
        column = lambda token: np.full((n, 1), token)
        a, b = digits([a for a, _ in pairs], 10), digits([b for _, b in pairs], 10)
        z = digits([a + b for a, b in pairs], 11)
        return np.concatenate([a, column(v["plus"]), b, column(v["equals"]), z], 1), z

    def decode(self, a, b):
        tokens, _ = self.tokens([(a, b)])
        said = 0
        for k in range(11):
            token = int(self.answer(tokens)[1][0, k].argmax())
            if token >= 10:
                break
            tokens[0, 22 + k] = token
            said += token * 10**k
        return said


# Cases as sets of additions.


class Row:
    """The cases of one answer row; a case is a mask over the values of each column."""

    def __init__(self, row, cases):
        self.row, self.cases, self.verdicts = row, cases, np.array([case[6] for case in cases])
        self.masks, ids = [np.ones(200, bool)], {(): 0}
        self.of = np.zeros((len(cases), 10), int)
        for i, case in enumerate(cases):
            for j, key in self.constraints(case).items():
                if key not in ids:
                    ids[key] = len(self.masks)
                    self.masks.append(self.mask(key))
                self.of[i, j] = ids[key]
        self.masks = np.array(self.masks)
        self.subsets, self.known, self.steps = [np.arange(len(cases))], {}, {}
        self.known[self.subsets[0].tobytes()] = 0

    def constraints(self, case):
        _, before, carry, total, columns, _, _ = case
        keys = {}
        add = lambda j, key: keys.__setitem__(j, keys.get(j, ()) + (key,))
        if self.row < 10:
            add(self.row, ("carry", carry))
            if total is not None:
                add(self.row, ("sum", total))
        if before is not None:
            add(self.row - 1, ("digit", before, carry))
        for j, x, y, c in columns:
            add(j, ("pair", x, y, c))
        return keys

    @staticmethod
    def mask(key):
        mask = np.ones(200, bool)
        for kind, *of in key:
            if kind == "carry":
                mask &= C == of[0]
            elif kind == "sum":
                mask &= X + Y == of[0]
            elif kind == "digit":
                mask &= (Z == of[0]) & (SENDS == of[1])
            else:
                mask &= ((X == of[0]) & (Y == of[1])) | ((X == of[1]) & (Y == of[0]))
                mask &= (of[2] is None) | (C == of[2])
        return mask

    def step(self, subset, j):
        """By value of column j, which cases of a subset are left: None where the column does not matter."""
        if (subset, j) not in self.steps:
            inside = self.subsets[subset]
            allowed = self.masks[self.of[inside, j]]
            if allowed.all():
                self.steps[subset, j] = None
            else:
                patterns, inverse = np.unique(np.packbits(allowed, 0), axis=1, return_inverse=True)
                ids = [self.subset(inside[np.unpackbits(p)[: len(inside)].astype(bool)]) for p in patterns.T]
                self.steps[subset, j] = np.array(ids)[inverse.ravel()]
        return self.steps[subset, j]

    def subset(self, inside):
        key = inside.tobytes()
        if key not in self.known:
            self.known[key] = len(self.subsets)
            self.subsets.append(inside)
        return self.known[key]


def run(rows, within, ends):
    """Counts additions column by column. `ends(row, subset)`: True drops a row, False an addition, None goes on."""
    states = {(0, tuple(0 for _ in rows)): 1}
    for j in range(10):
        after = {}
        for (carry, subsets), count in states.items():
            values = np.flatnonzero(within[j] & (C == carry))
            steps = [row.step(s, j) if s is not None else None for row, s in zip(rows, subsets)]
            moved = np.array([SENDS[values]] + [step[values] for step in steps if step is not None])
            ways, times = np.unique(moved, axis=1, return_counts=True)
            for way, time in zip(ways.T.tolist(), times.tolist()):
                rest, left = iter(way[1:]), []
                for row, s, step in zip(rows, subsets, steps):
                    if step is not None:
                        s = next(rest)
                        verdict = ends(row, s)
                        if verdict is False:
                            break
                        s = None if verdict else s
                    left.append(s)
                else:
                    key = (way[0], tuple(left))
                    after[key] = after.get(key, 0) + count * time
        states = after
    return states


def check_parts(row):
    everything = [np.ones(200, bool)] * 10
    for (_, (subset,)), count in run([row], everything, lambda row, s: None).items():
        left = len(row.subsets[subset])
        refuse_unless(left == 1, f"row {row.row}: {count} additions are in {left} cases, not in one")


def count_right(rows, digits, wanted):
    """Right answers: rows whose verdict is wanted; or up to one that ends the answer where only zeros would follow."""
    def judged(accepted):
        def ends(row, s):
            good = np.isin(row.verdicts[row.subsets[s]], accepted(row))
            return True if good.all() else (None if good.any() else False)
        return ends
    zero = (X == 0) & (Y == 0)
    within = [np.ones(200, bool) if j < digits else zero for j in range(10)]
    total = sum(run(rows, within, judged(lambda row: wanted)).values())
    stops = [STOPS] + [v for v in wanted if v == OPEN]
    if any((row.verdicts == STOPS).any() for row in rows):
        for k in range(11):
            # Columns from k on are 0 + 0 without a carry.
            above = [mask & zero & (C == 0) if j >= k else mask for j, mask in enumerate(within)]
            if k == 10:
                above[9] = above[9] & (SENDS == 0)
            of = judged(lambda row: stops if row.row == k else wanted)
            total += sum(run(rows[: k + 1], above, of).values())
    return min(total, 100**digits)


# The derivation of models whose attention is fixed and writes one number.


class Derived:
    def __init__(self, model):
        self.model = model
        v = model.config["vocabulary"]
        places = np.array(list(range(10)) + [10, 21])
        tokens = np.array([[d] * 10 + [v["plus"], v["equals"]] for d in range(10)])
        _, Q, K, reads = model.project(tokens, places)
        self.terms, self.constants = [], []
        for k in range(11):
            query = Q[0, 11 if k == 0 else k - 1]
            scores = np.einsum("hi,phi->ph", query, K[0]) / math.sqrt(model.qk)
            e = np.exp(scores - scores.max(0))
            seen = np.array([3 if j < k else 2 for j in range(10)] + [1, 1])
            share = e / (e * seen[:, None]).sum(0)
            u = np.einsum("ph,dph->pd", share, reads[..., 0])
            self.terms.append(u[:10])
            self.constants.append(u[10, 0] + u[11, 0])

    def extremes(self, row):
        """The least and greatest s of every case of a row, by shortest paths with the carry as state."""
        n, u = len(row.cases), self.terms[row.row]
        lo, hi = np.full((n, 2), np.inf), np.full((n, 2), -np.inf)
        lo[:, 0] = hi[:, 0] = self.constants[row.row]
        for j in range(10):
            adds = u[j][X] + u[j][Y] + (u[j][Z] if j < row.row else 0)
            used, inverse = np.unique(row.of[:, j], return_inverse=True)
            new_lo, new_hi = np.full((n, 2), np.inf), np.full((n, 2), -np.inf)
            for c in (0, 1):
                for out in (0, 1):
                    ways = row.masks[used][:, (C == c) & (SENDS == out)]
                    costs = adds[(C == c) & (SENDS == out)]
                    least = np.where(ways, costs, np.inf).min(1)[inverse]
                    most = np.where(ways, costs, -np.inf).max(1)[inverse]
                    new_lo[:, out] = np.minimum(new_lo[:, out], lo[:, c] + least)
                    new_hi[:, out] = np.maximum(new_hi[:, out], hi[:, c] + most)
            lo, hi = new_lo, new_hi
        return lo.min(1), hi.max(1)

    def coefficients(self, row, q):
        """x at s = 0; hidden units as (p + r·s)/√(q0 + q1·s + q2·s²) + b; logits times the last root as a + b·s + Σ c·gelu."""
        m = self.model
        token, place = (m.config["vocabulary"]["equals"], 21) if row == 0 else (q, row - 1)
        x, B = np.concatenate([m.E[token], m.P[place]]), m.B[0]
        w = np.ones(len(x)) if m.norm2 is None else m.norm2
        square = [(x * x).mean() + EPSILON, 2 * (x * B).mean(), (B * B).mean()] if m.norm2 is not None else [1, 0, 0]
        out = m.E @ (m.head * m.norm_f)
        return square, (m.fc1 * w) @ x, (m.fc1 * w) @ B, (out @ (x + m.b2), out @ B, out @ m.fc2)

    def leads(self, row, q, lo, hi):
        """Of every pair (t, d) of tokens, the lead of t over d on intervals: least, greatest."""
        (q0, q1, q2), p, r, (a, b, c) = self.coefficients(row, q)
        hidden = lambda s, h: (p[h] + r[h] * s) / np.sqrt(q0 + s * (q1 + s * q2)) + self.model.b1[h]
        difference = lambda v: v[:, None] - v[None, :]
        A, S = difference(a), difference(b)
        least, most = (A + S * f[:, None, None] for f in (lo, hi))
        least, most = np.minimum(least, most), np.maximum(least, most)
        size = np.abs(a).max() + np.abs(b).max() * np.maximum(abs(lo), abs(hi))
        for h in range(len(p)):
            ends = [hidden(lo, h), hidden(hi, h)]
            # Where the unit turns, if it does so inside.
            level = r[h] * q1 / 2 - p[h] * q2
            turn = (p[h] * q1 / 2 - r[h] * q0) / level if level else np.inf
            inside = (turn > lo) & (turn < hi)
            ends.append(np.where(inside, hidden(turn if np.isfinite(turn) else 0.0, h), ends[0]))
            low, high = np.min(ends, 0), np.max(ends, 0)
            wide = PAD * (abs(low) + abs(high) + abs(self.model.b1[h]))
            active = [gelu(low - wide), gelu(high + wide)]
            bottom = np.where((low - wide < -0.7517) & (high + wide > -0.7518), -0.16997121, np.inf)
            low, high = np.minimum(np.min(active, 0), bottom), np.max(active, 0)
            T = difference(c[:, h])
            one, two = T * low[:, None, None], T * high[:, None, None]
            least, most = least + np.minimum(one, two), most + np.maximum(one, two)
            size = size + np.abs(c[:, h]).max() * (abs(low) + abs(high) + 1)
        pad = PAD * size[:, None, None]
        least, most = least - pad, most + pad
        ties = (A == 0) & (S == 0) & np.all([difference(c[:, h]) == 0 for h in range(len(p))], 0)
        first = np.where(np.arange(len(a))[:, None] < np.arange(len(a))[None, :], np.inf, -np.inf)
        least, most = (np.where(ties, first, v) for v in (least, most))
        diagonal = np.arange(len(a))
        least[:, diagonal, diagonal], most[:, diagonal, diagonal] = np.inf, np.inf
        return least, most

    def check(self, row):
        """Every interval and every verdict of a row."""
        lo, hi = self.extremes(row)
        said = np.array([case[5][0] for case in row.cases])
        wide = 1e-10 * (np.abs(self.terms[row.row]).sum() + abs(self.constants[row.row]))
        off = (abs(said[:, 0] - lo) > wide) | (abs(said[:, 1] - hi) > wide)
        refuse_unless(not off.any(), f"row {row.row}: the bounds of a case are not those derived: {row.cases[int(off.argmax())]}")
        lo, hi = np.minimum(lo, said[:, 0]), np.maximum(hi, said[:, 1])
        by_digit = np.array([case[1] or 0 for case in row.cases])
        target = np.array([self.target(case) for case in row.cases])
        for q in range(10):
            todo = np.flatnonzero((by_digit == q) & (row.verdicts != OPEN))
            low, high = lo[todo], hi[todo]
            for _ in range(DEPTH):
                if not len(todo):
                    break
                least, most = self.leads(row.row, q, low, high)
                at = np.arange(len(todo))
                wanted = row.verdicts[todo]
                leads = (least > 0).all(2)
                beaten = (most[at, target[todo]] < 0).any(1)
                done = np.where(wanted == RIGHT, leads[at, target[todo]], beaten)
                done &= np.where(wanted == STOPS, leads[:, 10:].any(1), True)
                false = np.where(wanted == RIGHT, beaten, leads[at, target[todo]])
                refuse_unless(not false.any(), f"row {row.row}: a case is not {wanted[false][:1]}: {row.cases[todo[false][0]] if false.any() else ''}")
                todo, low, high = todo[~done], low[~done], high[~done]
                middle = (low + high) / 2
                todo, low, high = np.tile(todo, 2), np.append(low, middle), np.append(middle, high)
            refuse_unless(not len(todo), f"row {row.row}: a case cannot be confirmed: {row.cases[todo[0]] if len(todo) else ''}")

    @staticmethod
    def target(case):
        row, _, carry, total, columns, _, _ = case
        if row == 10:
            return carry
        own = [x + y for j, x, y, _ in columns if j == row]
        return ((own[0] if total is None else total) + carry) % 10


# All of it.


def check_witnesses(model, certificate):
    for w in certificate["counterexamples"]:
        said = model.decode(w["a"], w["b"])
        refuse_unless(w["expected"] == w["a"] + w["b"] != said == w["got"], f"no counterexample: {w}, answered {said}")
    closest = certificate["closest"]
    if closest:
        a, b, k = closest["a"], closest["b"], closest["digit"]
        tokens, z = model.tokens([(a, b)])
        logits = model.answer(tokens)[1][0, k]
        lead = logits[z[0, k]] - np.delete(logits, z[0, k]).max()
        refuse_unless(model.decode(a, b) == a + b, "the closest call is not right")
        refuse_unless(abs(lead - closest["lead"]) < 1e-6 and closest["lead_at_least"] <= lead, f"the closest call leads by {lead}")


def sample(row, case, random):
    """A random addition of a case, by the number of ways to its columns."""
    ways = [np.array([1.0, 0.0])]
    masks = row.masks[row.of[case]]
    for mask in masks:
        ways.append(np.array([(ways[-1][C] * (mask & (SENDS == out))).sum() for out in (0, 1)]))
    out, a, b = int(random.random() * ways[-1].sum() >= ways[-1][0]), 0, 0
    for j in reversed(range(10)):
        weight = ways[j][C] * (masks[j] & (SENDS == out))
        value = random.choice(200, p=weight / weight.sum())
        a, b, out = a + int(X[value]) * 10**j, b + int(Y[value]) * 10**j, int(C[value])
    return a, b


def check_samples(model, rows):
    random = np.random.default_rng(1)
    every = [(row, i) for row in rows for i in range(len(row.cases))]
    chosen = random.choice(len(every), min(SAMPLED, len(every)), replace=False)
    for part in np.array_split(chosen, len(chosen) // 1000 + 1):
        cases = [every[i] for i in part]
        tokens, z = model.tokens([sample(row, i, random) for row, i in cases])
        s, logits = model.answer(tokens)
        for n, (row, i) in enumerate(cases):
            case, k = row.cases[i], row.row
            for (lo, hi), at in zip(case[5], s[n, k]):
                wide = 1e-10 * (1 + abs(lo) + abs(hi))
                refuse_unless(lo - wide <= at <= hi + wide, f"row {k}: {at} is outside of the bounds of {case}")
            said = int(logits[n, k].argmax())
            found = RIGHT if said == z[n, k] else (WRONG if said < 10 else STOPS)
            refuse_unless(case[6] in (found, OPEN), f"row {k}: an addition is {found} in {case}")
    return len(chosen)


def check(checkpoint, path):
    certificate = json.load(open(path))
    refuse_unless(certificate.get("schema") == "adderscope/certificate" and certificate.get("version") == 1,
                  "it is no adderscope/certificate, version 1")
    model = Model(certificate["config"], weights(certificate, tensors_of(checkpoint)))
    count, digits = certificate["count"], certificate["digits"]
    rows = [Row(k, [case for case in certificate["cases"] if case[0] == k]) for k in range(11)]
    check_witnesses(model, certificate)
    for row in rows:
        check_parts(row)
    if model.is_whole:
        for row in rows:
            Derived(model).check(row)
    else:
        sampled = check_samples(model, rows)
    least, most = count_right(rows, digits, [RIGHT]), count_right(rows, digits, [RIGHT, OPEN])
    said = [count["right_at_least"], count["right_at_most"], count["right"], count["total"]]
    right = str(least) if least == most else None
    # What had no room in the count is open there.
    refuse_unless(said == [str(least), str(most), right, str(100**digits)], f"the count is not {least} to {most}")
    number = sum(len(row.cases) for row in rows)
    print(f"{right or f'{least} to {most}'} of {100**digits} additions are right.")
    if model.is_whole:
        print(f"Checked whole: all {number} cases derived again, the count, and the witnesses.")
    else:
        print(f"Checked in part: the count from {number} cases, the witnesses, and an addition in {sampled} of the cases.")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        check(*sys.argv[1:])
    except Refused as why:
        print(f"Refused: {why}")
        sys.exit(1)
    except (KeyError, ValueError, TypeError, IndexError, OSError) as why:
        print(f"Refused: it cannot be read: {why!r}")
        sys.exit(1)
