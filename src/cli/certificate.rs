//! What `prove --certificate` writes: the verdict in a form that another program can check (`tools/check_certificate.py`).
//!
//! | key | what it is |
//! |---|---|
//! | `weights` | `sha256` of all tensors, and their names and shapes in the order that is hashed: of each the name in UTF-8, a byte 0, the number of dimensions and each of them as u32, then its numbers row by row as f32; all little-endian |
//! | `config` | the architecture |
//! | `digits`, `count` | of additions of at most so many digits, how many are right |
//! | `bounds` | `sha256` of the ends of all intervals of all cases, in their order, as little-endian f64 |
//! | `cases` | by answer row, parts that share no addition: `[row, digit before, carry, sum of the own column, fixed columns, intervals, verdict]`; a fixed column is `[column, x, y, carry in]` |
//! | `counterexamples`, `closest` | witnesses |

use adderscope::formats::Schema;
use adderscope::model::Model;
use adderscope::model::exact::{CertifiedCase, Exact, Report};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The certificate of a verdict.
pub fn certificate(model: &Model, exact: &Exact, report: &Report) -> Value {
    let case = |case: &CertifiedCase| {
        let CertifiedCase { row, before, carry, sum, columns, s, verdict } = case;
        json!([row, before, carry, sum, columns, s, verdict])
    };
    let cases = exact.cases();
    let bounds = bounds(&cases);
    let cases: Vec<Value> = cases.iter().map(case).collect();
    Schema::Certificate.of(json!({
        "weights": weights(model),
        "config": model.config(),
        "digits": report.digits,
        "count": {
            "total": report.total,
            "right": report.right,
            "right_at_least": report.right_at_least,
            "right_at_most": report.right_at_most,
        },
        "counterexamples": report.counterexamples,
        "closest": report.closest,
        "bounds": bounds,
        "cases": cases,
    }))
}

fn weights(model: &Model) -> Value {
    let mut hash = Sha256::new();
    let mut tensors = Vec::new();
    for param in model.params().iter() {
        hash.update(param.name.as_bytes());
        hash.update([0]);
        let shape = param.values.shape();
        for number in std::iter::once(shape.len()).chain(shape.iter().copied()) {
            hash.update((number as u32).to_le_bytes());
        }
        for value in &param.values {
            hash.update(value.to_le_bytes());
        }
        tensors.push(json!([param.name, shape]));
    }
    json!({ "sha256": hex(hash), "tensors": tensors })
}

fn bounds(cases: &[CertifiedCase]) -> String {
    let mut hash = Sha256::new();
    for (lo, hi) in cases.iter().flat_map(|case| &case.s) {
        hash.update(lo.to_le_bytes());
        hash.update(hi.to_le_bytes());
    }
    hex(hash)
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
