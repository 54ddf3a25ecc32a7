#!/usr/bin/env python3
"""Checks a certificate of `adderscope prove --certificate` with a forward pass and a derivation of its own.

    python3 tools/check_certificate.py CHECKPOINT CERTIFICATE

CHECKPOINT is .safetensors or .json (`adderscope convert`); needs NumPy. Exit 0: accepted, and the output says how much was
checked; 1: refused, and it says why. Whole where attention writes one number: every case's interval is derived by shortest
paths over the columns, every verdict by interval evaluation in float64 that allows for `PAD` of the terms' sizes, the count
by an automaton. Of others: weights, witnesses, that the cases part all additions, the count from their verdicts, and in
10 000 cases, chosen by a digest of the certificate, the intervals and an addition.
"""

import hashlib, json, math, struct, sys
import numpy as np
PAD, DEPTH, STEPS, SAMPLED, EPSILON = 1e-11, 30, 40, 10_000, 1e-5
RIGHT, WRONG, STOPS, OPEN = "right", "wrong", "stops", "open"
# A column: two digits and the carry in; then its answer digit and its carry out.
X, Y, C = (v.ravel() for v in np.meshgrid(np.arange(10), np.arange(10), np.arange(2), indexing="ij"))
Z, SENDS = (X + Y + C) % 10, (X + Y + C) // 10
erf = np.vectorize(math.erf, otypes=[float])

class Refused(Exception): """Why a certificate is refused."""
def refuse_unless(truth, why):
    if not truth: raise Refused(why)
# The checkpoint.
def tensors_of(path):
    data = open(path, "rb").read()
    if data[:1] == b"{":
        file = json.loads(data).get("model_state_dict", json.loads(data))
        found = {k: np.array(v, np.float32) for k, v in file.items() if isinstance(v, (list, float, int))}
    else:
        length = struct.unpack("<Q", data[:8])[0]
        header, body, found = json.loads(data[8 : 8 + length]), data[8 + length :], {}
        header.pop("__metadata__", None)
        for name, entry in header.items():
            refuse_unless(entry["dtype"] == "F32", f"{name} is {entry['dtype']}, not F32")
            found[name] = np.frombuffer(body[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
    bare = lambda name: name.removeprefix("blocks.0.").removeprefix("attn.").removeprefix("ffn.")
    return {"norm" + bare(name)[2:] if bare(name)[:2] == "ln" else bare(name): v for name, v in found.items()}
def weights(certificate, found):
    """The tensors that are hashed, by name; refuses others than those of the certificate."""
    digest, tensors = hashlib.sha256(), {}
    for name, shape in certificate["weights"]["tensors"]:
        twins = [name] + [name.replace("norm1", twin) for twin in ("norm2", "norm_f")]
        nothing = np.zeros(shape, np.float32) if name in ("_plus_pos", "_eos_pos") else None
        value = next((found[twin] for twin in twins if twin in found), nothing)
        refuse_unless(value is not None and value.size == math.prod(shape), f"the checkpoint has no {name} of shape {shape}")
        tensors[name] = value.reshape(shape).astype(np.float64)
        head = name.encode() + b"\0" + struct.pack(f"<{1 + len(shape)}I", len(shape), *shape)
        digest.update(head + np.ascontiguousarray(value, "<f4").tobytes())
    refuse_unless(digest.hexdigest() == certificate["weights"]["sha256"], "the weights are not those of the certificate")
    return tensors

# The forward pass.
rms = lambda x: np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON)
gelu = lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2)))

class Model:
    def __init__(self, config, t):
        self.config, self.t, self.size = config, t, config["vocabulary"]["size"]
        for key, known in {"softmax1": [False], "frozen_pad": [False], "digit_positions": ["Spiral"], "qk_input": ["Position", "Full"]}.items():
            refuse_unless(config.get(key, known[0]) in known, f"this program does not compute models with {key} = {config.get(key)}")
        number = lambda name: float(t[name].ravel()[0]) if name in t else 0.0
        self.tok, self.heads, self.qk = config["tok_dim"], config["n_heads"], config["qk_dim"]
        arc = config["embedding"] != "Learned"
        a, b = number("tok_arc_A"), number("tok_arc_A" if arc and config["embedding"]["Arc"]["tied"] else "tok_arc_B")
        angle = number("tok_arc_start") + np.arange(self.size) * number("tok_arc_stride")
        self.E = np.stack([a * np.cos(angle), b * np.sin(angle)], 1) if arc else t["tok_emb.weight"]
        self.P, (self.norm1, self.norm2, self.norm_f) = self.positions(number), self.norms(number)
        self.head, self.Wq, self.fc1 = t["head_proj.weight"], t["q_proj.weight"], t["fc1.weight"]
        self.Wk = self.Wq if config["tie_qk"] else t["k_proj.weight"]
        self.Wv = self.head.T if config["tie_v_head"] else t["v_proj.weight"]
        self.fc2 = self.head.T if config["tie_fc2_head"] else t["fc2.weight"]
        self.angles = t["q_phase_angle"].ravel() if config["q_phase"] else np.zeros(self.heads)
        self.b1, self.b2 = t.get("fc1.bias", np.zeros(len(self.fc1))), t.get("fc2.bias", np.zeros(len(self.fc2)))
        if config["out_proj"] == "Full": self.A, self.B = np.eye(t["out_proj.weight"].shape[1]), t["out_proj.weight"].T
        else: self.A, self.B = t["out_proj.A"], t["out_proj.B"]
        self.is_whole = len(self.B) == 1
    def positions(self, number):
        t, i, P = self.t, np.arange(10), np.zeros((34, self.config["pos_dim"]))
        scale = {"None": np.ones(10), "Full": 1 + t.get("pos_correction", np.zeros(10)).ravel(),
                 "Linear": 1 + number("pos_corr_intercept") + number("pos_corr_slope") * i}[self.config["correction"]]
        angle = 2 * math.pi * i / 10 + number("spiral_phase")
        spiral = [number("spiral_amp") * np.cos(angle), number("spiral_amp") * np.sin(angle), number("spiral_slope") * i + number("spiral_offset")]
        for start in (0, 11, 22): P[start : start + 10, :3] = np.transpose(spiral) * scale[:, None]
        plus, equals = {"All": ("special_pos", "special_pos"), "PlusEquals": ("special_pos_learned", "special_pos_learned"),
                        "Equals": ("_plus_pos", "special_pos_equals"), "Zero": (None, None)}[self.config["special_positions"]]
        if plus: P[10], P[21] = t[plus][0], t[equals][-1 if equals == "special_pos_learned" else len(t[equals]) // 2]
        return P
    def norms(self, number):
        norm, t, d = self.config["norm"], self.t, self.tok + self.config["pos_dim"]
        w = t.get("norm1.weight", t.get("norm1.base_weight", np.ones(d))).copy()
        if norm in ("Full", "NoNorm2"): return w, t.get("norm2.weight"), t["norm_f.weight"]
        if norm == "Scalar": w *= number("norm1.scale")
        if norm == "Structured": w = number("norm1.b") + np.eye(d)[1] * number("norm1.d1") + np.eye(d)[4] * number("norm1.d4")
        if isinstance(norm, dict): w[self.tok :] += norm["SpiralBoost"]["amp"] * (z := abs(t["z_hi_pos"][0])) / (z.sum() + 1)
        return w, w, w
    def project(self, tokens, places):
        """The residual stream, and by head queries, keys and what is read of the values into each slot."""
        x = np.concatenate([self.E[tokens], np.broadcast_to(self.P[places], (*tokens.shape, self.P.shape[1]))], -1)
        h = x / rms(x) * self.norm1
        read = h if self.config["qk_input"] == "Full" else h[..., self.tok :]
        split = lambda v: v.reshape(*v.shape[:-1], self.heads, -1)
        Q, K, V = split(read @ self.Wq.T), split(read @ self.Wk.T), split(h[..., : self.tok] @ self.Wv.T)
        even, sin, cos = 2 * (self.qk // 2), np.sin(self.angles)[:, None], np.cos(self.angles)[:, None]
        q0, q1 = Q[..., 0:even:2].copy(), Q[..., 1:even:2].copy()
        Q[..., 0:even:2], Q[..., 1:even:2] = q0 * cos - q1 * sin, q0 * sin + q1 * cos
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
        plus, equals = (np.full((len(pairs), 1), self.config["vocabulary"][name]) for name in ("plus", "equals"))
        (a, b), z = (digits([pair[i] for pair in pairs], 10) for i in (0, 1)), digits(map(sum, pairs), 11)
        return np.concatenate([a, plus, b, equals, z], 1), z
    def decode(self, a, b):
        (tokens, _), said = self.tokens([(a, b)]), 0
        for k in range(11):
            tokens[0, 22 + k] = self.answer(tokens)[1][0, k].argmax()
            if tokens[0, 22 + k] >= 10: break
            said += int(tokens[0, 22 + k]) * 10**k
        return said

# Cases as sets of additions.
class Row:  # The cases of one answer row; a case is a mask over the values of each column.
    def __init__(self, row, cases):
        self.row, self.cases, self.verdicts = row, cases, np.array([case[6] for case in cases])
        self.of, self.masks, ids = np.zeros((len(cases), 10), int), [np.ones(200, bool)], {(): 0}
        for i, case in enumerate(cases):
            for j, key in self.constraints(case).items():
                if key not in ids: self.masks.append(self.mask(key))
                self.of[i, j] = ids.setdefault(key, len(self.masks) - 1)
        self.masks = np.array(self.masks)
        self.subsets, self.known, self.steps = [], {}, {}
        self.subset(np.arange(len(cases)))
    def constraints(self, case):
        """By column, what the case says of it: (digit, what it sends, carry in, sum, x, y); None is anything."""
        _, before, carry, total, columns, s, _ = case
        keys = {}
        if not s: return keys  # A row that nobody has looked at.
        note = lambda j, *key: keys.update({j: keys.get(j, ()) + (key,)})
        if self.row < 10: note(self.row, None, None, carry, total, None, None)
        if before is not None: note(self.row - 1, before, carry, None, None, None, None)
        for j, x, y, c in columns: note(j, None, None, c, None, x, y)
        return keys
    @staticmethod
    def mask(keys):
        mask = np.ones(200, bool)
        for *plain, x, y in keys:
            for of, wanted in zip((Z, SENDS, C, X + Y), plain): mask &= (wanted is None) | (of == wanted)
            mask &= (x is None) | (X == x) & (Y == y) | (X == y) & (Y == x)
        return mask
    def step(self, subset, j):
        """By value of column j, which cases of a subset are left: None where the column does not matter."""
        if (subset, j) not in self.steps:
            inside = self.subsets[subset]
            allowed = self.masks[self.of[inside, j]]
            patterns, inverse = np.unique(np.packbits(allowed, 0), axis=1, return_inverse=True)
            ids = [self.subset(inside[np.unpackbits(p)[: len(inside)].astype(bool)]) for p in patterns.T]
            self.steps[subset, j] = None if allowed.all() else np.array(ids)[inverse.ravel()]
        return self.steps[subset, j]
    def subset(self, inside):
        if inside.tobytes() not in self.known: self.subsets.append(inside)
        return self.known.setdefault(inside.tobytes(), len(self.subsets) - 1)
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
                    verdict = None if step is None else ends(row, s := next(rest))
                    if verdict is False: break
                    left.append(None if verdict else s)
                else:
                    after[way[0], tuple(left)] = after.get((way[0], tuple(left)), 0) + count * time
        states = after
    return states
def check_parts(row):
    for (_, (subset,)), count in run([row], np.ones((10, 200), bool), lambda row, s: None).items():
        refuse_unless(len(row.subsets[subset]) == 1, f"row {row.row}: {count} additions are in {len(row.subsets[subset])} cases, not in one")
def count_right(rows, digits, can_stop, wanted):
    """Right answers: rows whose verdict is wanted; or up to one that ends the answer where only zeros would follow."""
    def ends(row, s, accepted):
        good = np.isin(row.verdicts[row.subsets[s]], accepted)
        return True if good.all() else (None if good.any() else False)
    zero, within = (X == 0) & (Y == 0), [np.ones(200, bool) if j < digits else (X == 0) & (Y == 0) for j in range(10)]
    total = sum(run(rows, within, lambda row, s: ends(row, s, wanted)).values())
    for k in range(11 if can_stop else 0):  # Columns from k on are 0 + 0 without a carry.
        stops, above = [STOPS, *wanted[1:]], [mask & zero & (C == 0) if j >= k else mask for j, mask in enumerate(within)]
        if k == 10: above[9] = above[9] & (SENDS == 0)
        total += sum(run(rows[: k + 1], above, lambda row, s: ends(row, s, stops if row.row == k else wanted)).values())
    return min(total, 100**digits)

# The derivation.
class Derived:
    def __init__(self, model):
        self.model = model
        tokens = [[d] * 10 + [model.config["vocabulary"][name] for name in ("plus", "equals")] for d in range(10)]
        _, self.Q, self.K, self.reads = model.project(np.array(tokens), np.array([*range(10), 10, 21]))
    def least(self, row, index, terms):
        """Of some cases the least sum of terms[..., 0] over columns, by shortest paths with the carry as state, and terms[..., 1] there."""
        n, at = len(index), np.arange(len(index))
        best = np.full((n, 2, 2), np.inf)
        best[:, 0] = terms[:, 10, 0] + terms[:, 11, 0]
        for j in range(10):
            u, masks, after = terms[:, j], row.masks[row.of[index, j]], np.full((n, 2, 2), np.inf)
            for c, out in [(0, 0), (0, 1), (1, 0), (1, 1)]:
                way = np.flatnonzero((C == c) & (SENDS == out))
                adds = u[:, X[way]] + u[:, Y[way]] + (u[:, Z[way]] if j < row.row else 0)
                first = np.where(masks[:, way], adds[..., 0], np.inf).argmin(1)
                total = best[:, c] + adds[at, first]
                less = masks[at, way[first]] & (total[:, 0] < after[:, out, 0])
                after[less, out] = total[less]
            best = after
        return best[at, best[..., 0].argmin(1)]
    def extremes(self, row, index):
        """The least and greatest number in each slot over some cases of a row (2 × slots × cases), and how far given ones may lie outside."""
        q, few = np.array([(row.cases[i][1] or 0, len(row.cases[i][4]) < 2) for i in index]).T
        ends, slack = np.zeros((2, self.reads.shape[-1], len(index))), np.full((self.reads.shape[-1], len(index)), 1e-10)
        for own, h in [(own, h) for own in np.unique(q) for h in range(self.model.heads)]:
            mine = np.flatnonzero(q == own)
            query = self.Q[0, 11, h] if row.row == 0 else self.Q[own, row.row - 1, h]
            scores = (self.K[:, :, h] @ query / math.sqrt(self.model.qk)).T
            e = np.exp(scores - scores.max())
            for slot in range(len(slack)):
                v = self.reads[:, :, h, slot].T
                if not v.any(): continue  # Another head's.
                # Where few columns are fixed, a ratio is bounded to a millionth only.
                slack[slot, mine] += (1e-10 + 2e-6 * few[mine] * (np.ptp(scores, 1).max() > 1e-9)) * abs(v).max()
                for end, sign in enumerate([1, -1]):
                    # Dinkelbach's iteration: a ratio is below tau where its numerator less tau times its denominator is below 0.
                    tau = np.full(len(mine), v.mean())
                    for _ in range(STEPS):
                        f, d = self.least(row, index[mine], np.stack(np.broadcast_arrays(sign * e * (v - tau[:, None, None]), e), -1)).T
                        tau, moved = tau + sign * f / d, f / d
                        if (abs(moved) < 1e-13 * abs(v).max()).all(): break
                    ends[end, slot, mine] += tau
        return ends, slack
    def bounds(self, row, index):
        """Refuses cases whose bounds are not those derived: narrower, or wider than can be."""
        for part in np.array_split(index, len(index) // 2000 + 1) if len(index) else []:
            (ends, slack), said = self.extremes(row, part), np.array([row.cases[i][5] for i in part]).T
            wider = (said - ends) * np.array([-1, 1])[:, None, None]  # A narrower one is off by the checker's own rounding at most.
            off = np.flatnonzero(~((wider <= slack) & (wider >= -1e-10 * (1 + abs(ends)))).all((0, 1)))
            refuse_unless(not len(off), f"row {row.row}: the bounds of a case are not those derived: {[row.cases[part[i]] for i in off[:1]]}")
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
        least, most = np.sort([A + S * f[:, None, None] for f in (lo, hi)], 0)
        size = np.abs(a).max() + np.abs(b).max() * np.maximum(abs(lo), abs(hi))
        for h in range(len(p)):
            # Where the unit turns, if it does so inside.
            level = r[h] * q1 / 2 - p[h] * q2
            turn = (p[h] * q1 / 2 - r[h] * q0) / level if level else math.inf
            inside = (turn > lo) & (turn < hi)
            ends = [hidden(lo, h), hidden(hi, h), hidden(np.where(inside, turn, lo), h)]
            low, high = np.min(ends, 0), np.max(ends, 0)
            wide = PAD * (abs(low) + abs(high) + abs(self.model.b1[h]))
            active = [gelu(low - wide), gelu(high + wide)]
            bottom = np.where((low - wide < -0.7517) & (high + wide > -0.7518), -0.16997121, np.inf)
            low, high = np.minimum(np.min(active, 0), bottom), np.max(active, 0)
            one, two = np.sort([difference(c[:, h]) * f[:, None, None] for f in (low, high)], 0)
            least, most, size = least + one, most + two, size + np.abs(c[:, h]).max() * (abs(low) + abs(high) + 1)
        least, most = least - PAD * size[:, None, None], most + PAD * size[:, None, None]
        # Exactly alike: the first of them is said. A token needs no lead over itself.
        ties = (A == 0) & (S == 0) & np.all([difference(c[:, h]) == 0 for h in range(len(p))], 0)
        first = np.where(np.arange(len(a))[:, None] <= np.arange(len(a)), np.inf, -np.inf)
        return np.where(ties, first, least), np.where(ties, first, most)
    def check(self, row):
        """Every interval and every verdict of a row."""
        if not row.cases[0][5]: return  # Nobody has looked at it.
        self.bounds(row, np.arange(len(row.cases)))
        (lo, hi), can_not = np.array([case[5][0] for case in row.cases]).T, self.model.size == 10
        by_digit, target = (np.array([of(case) for case in row.cases]) for of in (lambda case: case[1] or 0, self.target))
        for q in range(10):
            todo = np.flatnonzero((by_digit == q) & (row.verdicts != OPEN))
            low, high = lo[todo], hi[todo]
            for _ in range(DEPTH):
                if not len(todo): break
                least, most = self.leads(row.row, q, low, high)
                at, wanted = (np.arange(len(todo)), target[todo]), row.verdicts[todo]
                leads, beaten = (least > 0).all(2), (most[at] < 0).any(1)
                said = np.where(wanted == STOPS, leads[:, 10:].any(1), ~leads[:, 10:].any(1) & (leads[:, :10].any(1) | can_not))
                done = np.where(wanted == RIGHT, leads[at], beaten & said)
                false = todo[np.where(wanted == RIGHT, beaten, leads[at])]
                refuse_unless(not len(false), f"row {row.row}: a case is not as it is said: {[row.cases[i] for i in false[:1]]}")
                todo, low, high = todo[~done], low[~done], high[~done]
                todo, low, high = np.tile(todo, 2), np.append(low, (low + high) / 2), np.append((low + high) / 2, high)
            refuse_unless(not len(todo), f"row {row.row}: a case cannot be confirmed: {[row.cases[i] for i in todo[:1]]}")
    @staticmethod
    def target(case):
        row, _, carry, total, columns, _, _ = case
        own = [x + y for j, x, y, _ in columns if j == row]
        return (sum(own) + (total or 0) + carry) % 10

# All of it.
def check_witnesses(model, certificate):
    for w in certificate["counterexamples"]:
        said = model.decode(w["a"], w["b"])
        refuse_unless(w["expected"] == w["a"] + w["b"] != said == w["got"], f"no counterexample: {w}, answered {said}")
    if closest := certificate["closest"]:
        a, b, k = closest["a"], closest["b"], closest["digit"]
        tokens, z = model.tokens([(a, b)])
        logits = model.answer(tokens)[1][0, k]
        lead = logits[z[0, k]] - np.delete(logits, z[0, k]).max()
        close = abs(lead - closest["lead"]) < 1e-6 and closest["lead_at_least"] <= lead + 1e-9 and model.decode(a, b) == a + b
        refuse_unless(close, f"the closest call is not right by {closest['lead']}")
def sample(row, case, random):
    """A random addition of a case, by the number of ways to its columns."""
    ways, masks = [np.array([1.0, 0.0])], row.masks[row.of[case]]
    for mask in masks:
        ways.append(np.array([(ways[-1][C] * (mask & (SENDS == out))).sum() for out in (0, 1)]))
    out, a, b = int(random.random() * ways[-1].sum() >= ways[-1][0]), 0, 0
    for j in reversed(range(10)):
        weight = ways[j][C] * (masks[j] & (SENDS == out))
        value = random.choice(200, p=weight / weight.sum())
        a, b, out = a + int(X[value]) * 10**j, b + int(Y[value]) * 10**j, int(C[value])
    return a, b
def check_samples(model, derived, rows, seed):
    """Cases chosen by a digest of the certificate: of a changed one they are others."""
    random = np.random.default_rng(seed)
    every = [(row, i) for row in rows if row.cases[0][5] for i in range(len(row.cases))]
    # All of them before one comes again.
    chosen = np.concatenate([random.permutation(len(every)) for _ in range(SAMPLED // len(every) + 1)])[:SAMPLED]
    for row in rows: derived.bounds(row, np.array(sorted({every[n][1] for n in chosen if every[n][0] is row}), int))
    for part in np.array_split(chosen, len(chosen) // 1000 + 1):
        cases = [every[i] for i in part]
        tokens, z = model.tokens([sample(row, i, random) for row, i in cases])
        s, logits = model.answer(tokens)
        for n, (row, i) in enumerate(cases):
            case, k = row.cases[i], row.row
            for (lo, hi), at in zip(case[5], s[n, k]):
                inside = abs(at - np.clip(at, lo, hi)) <= 1e-10 * (1 + abs(lo) + abs(hi))
                refuse_unless(inside, f"row {k}: {at} is outside of the bounds of {case}")
            said = logits[n, k].argmax()
            found = RIGHT if said == z[n, k] else (WRONG if said < 10 else STOPS)
            refuse_unless(case[6] in (found, OPEN), f"row {k}: an addition is {found} in {case}")
    return len(chosen), len(set(chosen))
def check(checkpoint, path):
    data = open(path, "rb").read()
    certificate = json.loads(data)
    refuse_unless((certificate["schema"], certificate["version"]) == ("adderscope/certificate", 1), "it is no certificate")
    model = Model(certificate["config"], weights(certificate, tensors_of(checkpoint)))
    count, digits = certificate["count"], certificate["digits"]
    digest = hashlib.sha256(b"".join(struct.pack("<d", end) for case in certificate["cases"] for ends in case[5] for end in ends))
    refuse_unless(digest.hexdigest() == certificate["bounds"], "the bounds of the cases are not those of its digest")
    rows = [Row(k, [case for case in certificate["cases"] if case[0] == k]) for k in range(11)]
    check_witnesses(model, certificate)
    for row in rows: check_parts(row)
    number, derived = sum(len(row.cases) for row in rows), Derived(model)
    if model.is_whole:
        for row in rows: derived.check(row)
        how = f"Checked whole: all {number} cases derived again, the count, and the witnesses."
    else:
        additions, cases = check_samples(model, derived, rows, list(hashlib.sha256(data).digest()))
        how = f"Checked in part: the count from {number} cases, the witnesses, and the bounds of {cases} cases derived again and {additions} additions in them."
    least, most = (count_right(rows, digits, model.size > 10, wanted) for wanted in ([RIGHT], [RIGHT, OPEN]))
    said = [count[key] for key in ("right_at_least", "right_at_most", "right", "total")]
    right = str(least) if least == most else None
    refuse_unless(said == [str(least), str(most), right, str(100**digits)], f"the count is not {least} to {most}: {said}")
    print(f"{right or f'{least} to {most}'} of {100**digits} additions are right.\n{how}")

if __name__ == "__main__":
    if len(sys.argv) != 3: sys.exit(__doc__)
    try:
        check(*sys.argv[1:])
    except Refused as why:
        sys.exit(print(f"Refused: {why}") or 1)
    except (KeyError, ValueError, TypeError, IndexError, OSError) as why:
        sys.exit(print(f"Refused: it cannot be read: {why!r}") or 1)
