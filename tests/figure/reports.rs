//! Reports to draw: made-up ones for the committed pictures, and the reference's numbers
//! where that folder is.

use adderscope::addition::{ANSWER_DIGITS, EQUALS, PLUS, ROWS, SEQUENCE, Y0, Z0, Z10};
use adderscope::analysis::Report;
use serde_json::{Map, Value, json};
use std::path::Path;

/// A model that exists nowhere, of round numbers: one head, rank 1, some errors.
pub fn made_up() -> Report {
    let errors = errors([12, 180, 20, 31, 8, 0, 40, 16, 9, 60, 1], [(1, 120), (9, 257)]);
    let parts = json!({
        "family": "clean", "config": {}, "step": 80000, "metrics": {"exact_match": 0.875},
        "param_count": 62, "parameter_breakdown": [],
        "shape": {"n_heads": 1, "qk_dim": 4, "head_dim": 5, "vocab_size": 10, "out_proj_rank": 1,
            "dims": ["tok0", "tok1", "pos0", "pos1", "pos2"]},
        "geometry": {
            "token_embedding": (0..10).map(|d| {
                let d = f64::from(d) - 4.0;
                vec![8.0 - 0.05 * d * d, d]
            }).collect::<Vec<_>>(),
            "arc": {"a": 8.0, "b": 8.0, "start": -0.5, "stride": 0.12},
            "positions": positions(&[-30.0, -40.0]), "positions_qk": positions(&[-30.0, -40.0]),
            "positions_k": positions(&[-30.0, -40.0])},
        "mean_attention": [attention(0)],
        "errors": {"answer": errors, "script": errors},
        "rank1": {"readout": (0..10).map(|d| 12 * d - 80).collect::<Vec<i32>>(),
            "a": [0.1, -0.3, -0.7, -0.5, -0.85], "b": [0.3, -0.9, 0.01, 0.05, -0.07]},
        "norms": {"kind": "frozen spiral", "norm1": [1.0, 3.0, 4.25, 4.25, 3.0],
            "norm2": [1.0, 3.0, 4.25, 4.25, 3.0], "norm_f": [1.0, 3.0, 4.25, 4.25, 3.0]},
        "trajectory": (1..20).map(|i| json!({"step": 4000 * i,
            "val_exact": if i < 5 { 0.0 } else { 0.05 * f64::from(i) - 0.1 },
            "val_tok_acc": 1.0 - 0.8 / f64::from(i)})).collect::<Vec<_>>(),
    });
    serde_json::from_value(parts).unwrap()
}

/// Two heads, learned embeddings of three dimensions, output rank 2, no log, no errors.
pub fn two_heads() -> Report {
    let mut report = made_up();
    report.shape.n_heads = 2;
    report.shape.qk_dim = 3;
    report.shape.head_dim = 3;
    report.shape.out_proj_rank = Some(2);
    report.shape.dims = ["tok0", "tok1", "tok2", "pos0", "pos1", "pos2"].map(Into::into).into();
    report.rank1 = None;
    report.trajectory = None;
    report.geometry.arc = None;
    for row in &mut report.geometry.token_embedding {
        row.push(0.25);
    }
    let wide = positions(&[-30.0, -40.0]).iter().map(|r| [&r[..3], &r[..3]].concat()).collect();
    report.geometry.positions_qk = wide;
    report.mean_attention =
        [attention(0), attention(1)].map(|a| serde_json::from_value(a).unwrap()).into();
    report.norms.norm1 = vec![1.0, -0.5, 0.5, 2.0, 3.0, 2.0];
    report.norms.norm2 = None;
    report.norms.norm_f = vec![2.0, 0.5, 0.5, 2.0, 3.0, 2.0];
    let none = serde_json::from_value(errors([0; 11], [(1, 0), (9, 0)])).unwrap();
    report.errors.answer = none;
    report.errors.script = report.errors.answer.clone();
    report
}

fn errors(wrong: [u32; ANSWER_DIGITS], off: [(usize, u32); 2]) -> Value {
    let mut off_by = [0; 10];
    off.map(|(d, n)| off_by[d] = n);
    let split = |k: usize, n: u32| if k == 0 { [n, 0] } else { [n / 3, n - n / 3] };
    let pairs: Vec<[u32; 2]> = wrong.iter().enumerate().map(|(k, &n)| split(k, n)).collect();
    let totals: Vec<[u32; 2]> =
        (0..ANSWER_DIGITS).map(|k| if k == 0 { [3000, 0] } else { [1500, 1500] }).collect();
    json!({"n": 3000, "n_exact": 3000 - wrong.iter().sum::<u32>(), "digit_errors": wrong,
        "digit_totals": vec![3000; ANSWER_DIGITS], "carry_err": [0, 0], "carry_tot": [18000, 15000],
        "pos_carry_err": pairs, "pos_carry_tot": totals, "off_by": off_by, "not_digits": 0})
}

/// A decagon that X, Y and Z share, Z10 far away, the specials near the middle.
fn positions(z10: &[f64]) -> Vec<Vec<f64>> {
    let ring = [
        (6.0, 0.0),
        (5.0, 3.5),
        (2.0, 5.5),
        (-2.0, 5.5),
        (-5.0, 3.5),
        (-6.0, 0.0),
        (-5.0, -3.5),
        (-2.0, -5.5),
        (2.0, -5.5),
        (5.0, -3.5),
    ];
    let digit = |i: usize| vec![ring[i].0, ring[i].1, ring[(i + 2) % 10].0, ring[(i + 2) % 10].1];
    (0..SEQUENCE)
        .map(|index| match index {
            PLUS => vec![0.0; 4],
            EQUALS => vec![5.0, -2.0, 1.0, 4.0],
            Z10 => [z10, &[-9.0, 9.0]].concat(),
            Y0..EQUALS => digit(index - Y0),
            Z0..Z10 => digit(index - Z0),
            i if i < 10 => digit(i),
            _ => vec![0.0; 4],
        })
        .collect()
}

/// Every digit reads column `k − back`, Z10 reads EQUALS.
fn attention(back: usize) -> Value {
    let row = |r: usize| {
        let mut row = vec![0.0; ROWS];
        match (r.checked_sub(EQUALS), back) {
            (Some(k @ 0..=9), _) if k >= back => {
                row[k - back] = 0.4375;
                row[Y0 + k - back] = 0.4375;
                row[r] += 0.0625;
                row[0] += 0.0625;
            }
            (Some(_), _) => {
                row[EQUALS] = 0.875;
                row[9] = 0.125;
            }
            _ => row[0] = 1.0,
        }
        row
    };
    json!((0..ROWS).map(row).collect::<Vec<_>>())
}

/// The names of the reference checkpoints.
pub const NAMES: [&str; 8] = ["57p", "62p", "62p_boost", "67p", "100p", "133p", "203p", "226p"];

/// The reference's numbers for `name` as a report; `None` where the folder is not.
pub fn golden(name: &str) -> Option<Report> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let text = std::fs::read_to_string(shared.join(format!("golden/{name}.json"))).ok()?;
    let g: Map<String, Value> = serde_json::from_str(&text).unwrap();
    let config = &g["config"];
    let heads = config["n_heads"].as_u64().unwrap();
    let columns = g["positions_qk"][0].as_array().unwrap().len() as u64;
    let tok_dim = config["tok_dim"].as_u64().unwrap();
    let dims: Vec<String> =
        (0..tok_dim).map(|i| format!("tok{i}")).chain((0..3).map(|i| format!("pos{i}"))).collect();
    let e = |row: usize| -> Vec<f64> {
        serde_json::from_value(g["token_embedding"][row].clone()).unwrap()
    };
    let arc =
        (!g["parameter_breakdown"].as_object().unwrap().keys().any(|k| k.contains("tok_emb")))
            .then(|| {
                let (a, b) = (e(0), e(1));
                let (start, next) = (a[1].atan2(a[0]), b[1].atan2(b[0]));
                let radius = (a[0] * a[0] + a[1] * a[1]).sqrt();
                json!({"a": radius, "b": radius, "start": start, "stride": next - start})
            });
    let rank1 = g.get("rank1_readout").map(|r| {
        let or = |k: &str| g.get(k).cloned().unwrap_or(json!([0.5, -0.25, 0.125, 0.5, 0.75]));
        json!({"readout": r, "a": or("out_proj_A"), "b": or("out_proj_B")})
    });
    let rank = match name {
        "226p" => Value::Null,
        "133p" | "203p" => json!(2),
        _ => json!(1),
    };
    let counts = |key: &str| {
        let mut errors = g[key].clone();
        errors["not_digits"] = json!(0);
        errors
    };
    let parts = json!({
        "family": g["family"], "config": config, "step": g["step"], "metrics": g["metrics"],
        "param_count": g["param_count"], "parameter_breakdown": [],
        "shape": {"n_heads": heads, "qk_dim": columns / heads, "head_dim": config["head_dim"],
            "vocab_size": config["vocab_size"], "out_proj_rank": rank, "dims": dims},
        "geometry": {"token_embedding": g["token_embedding"], "arc": arc,
            "positions": g["positions"], "positions_qk": g["positions_qk"],
            "positions_k": g["positions_k"]},
        "mean_attention": g["mean_attention_500"],
        "errors": {"answer": counts("errors_aligned"), "script": counts("errors_script")},
        "rank1": rank1,
        "norms": {"kind": "as stored", "norm1": g["norm_weight"], "norm2": g["norm_weight"],
            "norm_f": g["norm_weight"]},
        "trajectory": log(&shared.join(format!("checkpoints/{name}.log.jsonl"))),
    });
    Some(serde_json::from_value(parts).unwrap())
}

fn log(path: &Path) -> Option<Vec<Value>> {
    let text = std::fs::read_to_string(path).ok()?;
    let pick = |line: &str| {
        let v: Value = serde_json::from_str(line).unwrap();
        json!({"step": v["step"], "val_exact": v["val_exact"], "val_tok_acc": v["val_tok_acc"]})
    };
    Some(text.lines().map(pick).collect())
}
