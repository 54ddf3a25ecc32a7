//! Reports to draw: made-up ones for the committed pictures, and the published checkpoints
//! where that folder is.

use adderscope::analysis::Report;
use adderscope::formats;
use adderscope::model::file::Evaluation;
use adderscope::task::addition::{ANSWER_DIGITS, EQUALS, PLUS, ROWS, SEQUENCE, Y0, Z0, Z10};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// A model that exists nowhere, of round numbers: one head, rank 1, some errors.
pub fn made_up() -> Report {
    let errors = errors([12, 180, 20, 31, 8, 0, 40, 16, 9, 60, 1], [(1, 120), (9, 257)]);
    let parts = json!({
        "family": "clean", "config": "{}", "step": 80000,
        "metrics": [{"name": "exact_match", "number": 0.875, "text": "0.875"}],
        "edited": false, "off": "",
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
            "positions_k": positions(&[-30.0, -40.0]),
            "keys": positions(&[-30.0, -40.0]), "queries": queries(), "turns": [0.628]},
        "mean_attention": [attention(0)],
        "errors": {"answer": errors, "script": errors},
        "rank1": {"readout": (0..10).map(|d| 12 * d - 80).collect::<Vec<i32>>(),
            "direction": [2.0, 9.5], "a": [0.1, -0.3, -0.7, -0.5, -0.85], "b": [0.3, -0.9, 0.01, 0.05, -0.07]},
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
    for rows in [&mut report.geometry.keys, &mut report.geometry.queries] {
        *rows = rows.iter().map(|r| [&r[..3], &r[..3]].concat()).collect();
    }
    report.geometry.turns = vec![0.628, 0.0];
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
    for (d, n) in off {
        off_by[d] = n;
    }
    let split = |k: usize, n: u32| if k == 0 { [n, 0] } else { [n / 3, n - n / 3] };
    let pairs: Vec<[u32; 2]> = wrong.iter().enumerate().map(|(k, &n)| split(k, n)).collect();
    let totals: Vec<[u32; 2]> =
        (0..ANSWER_DIGITS).map(|k| if k == 0 { [3000, 0] } else { [1500, 1500] }).collect();
    json!({"n": 3000, "n_exact": 3000 - wrong.iter().sum::<u32>(), "digit_errors": wrong,
        "digit_totals": vec![3000; ANSWER_DIGITS], "carry_err": [0, 0], "carry_tot": [18000, 15000],
        "pos_carry_err": pairs, "pos_carry_tot": totals, "off_by": off_by, "not_digits": 0,
        "off_by_carry": off_by.map(|n| [n / 4, n - n / 4]),
        "chain_tot": [18000, 7000, 4000, 2000, 1000, 500, 250, 125, 75, 40, 10],
        "chain_err": off_by_chain(wrong.iter().sum())})
}

/// A quarter without a carry, half after one column, the rest after more.
fn off_by_chain(wrong: u32) -> [u32; ANSWER_DIGITS] {
    let mut by_chain = [0; ANSWER_DIGITS];
    (by_chain[0], by_chain[1]) = (wrong / 4, wrong / 2);
    by_chain[3] = wrong - by_chain[0] - by_chain[1];
    by_chain
}

/// The row that holds a column's digit asks for the next column: its query is that column's key.
fn queries() -> Vec<Vec<f64>> {
    let keys = positions(&[-30.0, -40.0]);
    let next = |place: usize| match place {
        EQUALS => 0,
        Z0..Z10 if place < Z10 - 1 => place - Z0 + 1,
        _ => EQUALS,
    };
    (0..SEQUENCE).map(|place| keys[next(place)].clone()).collect()
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

/// The analyses of a published checkpoint, with its log if there is one; `None` where the
/// folder is not. Computed once.
pub fn published(name: &'static str) -> Option<&'static Report> {
    static DONE: Mutex<BTreeMap<&str, &Report>> = Mutex::new(BTreeMap::new());
    let folder = crate::shared::folder("checkpoints")?;
    let bytes = std::fs::read(folder.join(format!("{name}.pt"))).ok()?;
    let mut done = DONE.lock().unwrap();
    Some(done.entry(name).or_insert_with(|| {
        let log = std::fs::read(folder.join(format!("{name}.log.jsonl"))).ok();
        let log = log.map(|bytes| formats::read_log(&bytes).unwrap());
        let log: Option<Vec<Evaluation>> =
            log.map(|log| log.entries.iter().map(Evaluation::from).collect());
        let checkpoint = formats::open(&bytes).unwrap();
        Box::leak(Box::new(Report::new(&checkpoint, log.as_deref())))
    }))
}
