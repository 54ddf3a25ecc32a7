//! What the library knows as JSON, for programs: with the keys of the reference, and what it is
//! ([`Schema`]) in front.

use analysis::adderboard::Score;
use analysis::answer::Answered;
use analysis::compare::SideBySide;
use analysis::errors::Errors;
use analysis::explain::Explanation;
use analysis::patch::Patching;
use analysis::ruler::Ruler;
use analysis::steps::Steps;
use analysis::table::Row;
use analysis::trace::AdditionTrace;
use analysis::{Report, Rows};
use formats::{Schema, metrics_json};
use model::exact::InFloat32;
use model::exact::versus::Comparison;
use model::file::Evaluation;
use model::{exact, robust};
use numbers::listed::Listed;
use numbers::words::grouped_digits;
use serde::Serialize;
use serde_json::{Map, Value, json};
use task::addition::Alignment;
use task::item::Item;

/// A report as programs read it: with the reference's keys.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct ModelReport<'a> {
    family: &'a str,
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Record<string, unknown>"))]
    config: Value,
    step: Option<u64>,
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Record<string, number | null> | null"))]
    metrics: Option<Value>,
    edited: bool,
    param_count: usize,
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Record<string, number>"))]
    parameter_breakdown: Map<String, Value>,
    token_embedding: &'a Rows,
    positions: &'a Rows,
    positions_qk: &'a Rows,
    positions_k: &'a Rows,
    mean_attention_500: &'a [Rows],
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Alignment"))]
    alignment: &'a str,
    errors: &'a Errors,
    rank1_readout: Option<&'a [f64]>,
    #[serde(rename = "out_proj_A")]
    out_proj_a: Option<&'a [f64]>,
    #[serde(rename = "out_proj_B")]
    out_proj_b: Option<&'a [f64]>,
    norm_weight: &'a [f64],
    trajectory: Option<&'a [Evaluation]>,
}

impl ModelReport<'_> {
    /// What there is to say of a report, with rows named so.
    pub fn new(report: &Report, alignment: Alignment) -> ModelReport<'_> {
        let rank1 = report.rank1.as_ref();
        ModelReport {
            family: &report.family,
            config: serde_json::from_str(&report.config).unwrap_or_default(),
            step: report.step,
            metrics: report.metrics.as_ref().map(metrics_json),
            edited: report.edited,
            param_count: report.param_count,
            parameter_breakdown: report
                .parameter_breakdown
                .iter()
                .map(|(name, count)| (name.clone(), json!(count)))
                .collect(),
            token_embedding: &report.geometry.token_embedding,
            positions: &report.geometry.positions,
            positions_qk: &report.geometry.positions_qk,
            positions_k: &report.geometry.positions_k,
            mean_attention_500: &report.mean_attention,
            alignment: alignment.name(),
            errors: report.errors.of(alignment),
            rank1_readout: rank1.map(|r| &*r.readout),
            out_proj_a: rank1.map(|r| &*r.a),
            out_proj_b: rank1.map(|r| &*r.b),
            norm_weight: &report.norms.norm1,
            trajectory: report.trajectory.as_deref(),
        }
    }
}

/// The report as one JSON object with the reference's keys.
pub fn report(report: &Report, alignment: Alignment) -> Value {
    Schema::Report.of(json!(ModelReport::new(report, alignment)))
}

/// An addition with every intermediate.
pub fn trace(trace: &AdditionTrace) -> Value {
    Schema::Trace.of(json!(trace))
}

/// A model's answer to one addition, and one digit's ruler and steps where that was asked for; `off` is what is switched
/// off, where something is.
pub fn addition(answered: &Answered, looked: Option<&(Ruler, Steps)>, off: &[String]) -> Value {
    let mut value = json!(answered);
    if !off.is_empty() {
        value["off"] = json!(off);
    }
    if let Some((ruler, steps)) = looked {
        value["ruler"] = json!(ruler);
        value["steps"] = json!(steps);
    }
    Schema::Addition.of(value)
}

/// A digit of one addition with ways from another, in all combinations.
pub fn patching(patching: &Patching) -> Value {
    Schema::Patch.of(json!(patching))
}

/// How a number was made in `a + b`, and what is made of it where it is one of a tensor.
pub fn explanation((a, b): (u64, u64), explanation: &Explanation, enters: &[Item]) -> Value {
    let mut value = json!({ "a": a, "b": b, "enters": enters });
    if let (Value::Object(all), Value::Object(map)) = (&mut value, json!(explanation)) {
        all.extend(map);
    }
    Schema::Explanation.of(value)
}

/// A score on a suite with this seed; without one, on pairs of someone's own.
pub fn score(score: &Score, seed: Option<u64>) -> Value {
    let mut value = json!(score);
    value["seed"] = json!(seed);
    Schema::Score.of(value)
}

/// The verdict on all additions, as programs read it. Numbers of additions are decimal texts, since they pass 2⁵³.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Proof<'a> {
    /// How many additions there are.
    total: &'a str,
    /// How many are answered right, where that is decided.
    right: Option<&'a str>,
    /// So many are certainly answered right.
    right_at_least: &'a str,
    /// All others are certainly answered wrong.
    right_at_most: &'a str,
    /// How many are answered wrong, where that is decided.
    wrong: Option<&'a str>,
    /// Whether the count is exact.
    decided: bool,
    /// Whether every one is certainly right, in exact arithmetic.
    proven: bool,
    /// Whether float32 answers alike, in whatever order it adds.
    float32: exact::Float32,
    /// Where it is known not to, an addition that it answers otherwise.
    float32_differs: Option<exact::Differs>,
    /// Wrong ones, the simplest first.
    counterexamples: &'a [exact::Counterexample],
    /// The smallest lead of a right answer digit.
    closest: Option<&'a exact::Closest>,
    /// The wrong ones in words, most of them first, with how many each is about.
    rules: Vec<String>,
    /// By answer digit and carry.
    by_digit: &'a [exact::DigitShare],
    /// By the longest run of carries.
    by_carry_chain: &'a [exact::ChainShare],
}

impl Proof<'_> {
    /// Of what is known in exact arithmetic, and of float32.
    pub fn new(report: &exact::Report, in_float32: InFloat32) -> Proof<'_> {
        Proof {
            total: &report.total,
            right: report.right.as_deref(),
            right_at_least: &report.right_at_least,
            right_at_most: &report.right_at_most,
            wrong: report.wrong.as_deref(),
            decided: report.decided,
            proven: report.proven,
            float32: in_float32.float32,
            float32_differs: in_float32.float32_differs,
            counterexamples: &report.counterexamples,
            closest: report.closest.as_ref(),
            rules: report.rules.iter().map(rule).listed(),
            by_digit: &report.by_digit,
            by_carry_chain: &report.by_carry_chain,
        }
    }
}

/// The verdict on all additions, which took so long.
pub fn proof(report: &exact::Report, in_float32: InFloat32, milliseconds: f64) -> Value {
    let mut value = json!(Proof::new(report, in_float32));
    value["milliseconds"] = json!(milliseconds);
    Schema::Proof.of(value)
}

/// A model as one of two that are compared.
pub struct Compared<'a> {
    /// Its file.
    pub file: &'a str,
    /// The training step, where the file says it.
    pub step: Option<u64>,
    /// How many additions it answers right.
    pub count: &'a exact::Count,
    /// Its right answer with the smallest lead.
    pub closest: Option<&'a exact::Closest>,
}

/// Two models side by side, and where they differ.
pub fn comparison(
    [a, b]: &[Compared; 2],
    sides: &SideBySide,
    differ: &Comparison,
    milliseconds: f64,
) -> Value {
    let model = |of: &Compared, parameters: usize, passed: usize| {
        json!({
            "file": of.file,
            "parameters": parameters,
            "step": of.step,
            "adderboard_passed": passed,
            "right": of.count.right().map(|n| n.to_string()),
            "right_at_least": of.count.at_least.to_string(),
            "right_at_most": of.count.at_most.to_string(),
            "closest": of.closest,
        })
    };
    let suite = &sides.suite;
    Schema::Comparison.of(json!({
        "a": model(a, sides.parameters_a, suite.passed_a),
        "b": model(b, sides.parameters_b, suite.passed_b),
        "settings": sides.settings,
        "tensors": sides.tensors,
        "adderboard": { "total": suite.total, "differences": suite.differences },
        "digits": differ.digits,
        "total": differ.total,
        "decided": differ.decided,
        "same": differ.same,
        "kinds": differ.kinds,
        "milliseconds": milliseconds,
    }))
}

/// The verdict with these parts switched off.
pub fn proof_without(
    report: &exact::Report,
    in_float32: InFloat32,
    milliseconds: f64,
    off: &[String],
) -> Value {
    let mut value = proof(report, in_float32, milliseconds);
    value["off"] = json!(off);
    value
}

/// Many models, a row each.
pub fn table(rows: &[Row]) -> Value {
    let row = |row: &Row| {
        // Passes 2⁵³, and what JSON has numbers for.
        let mut value = json!(Row { exact: None, ..row.clone() });
        value["exact"] = json!(row.exact.map(|right| right.to_string()));
        value
    };
    Schema::Table.of(json!({ "rows": rows.iter().map(row).collect::<Vec<_>>() }))
}

/// A rule and how many additions it is about, in words.
pub fn rule(rule: &exact::Rule) -> String {
    let additions = if rule.count == "1" { "addition" } else { "additions" };
    format!("{}: {} {additions}", rule.text, grouped_digits(&rule.count))
}

/// How firm a model is: what was asked for of ranges, decimals and a landscape; the others are null.
pub fn robustness(
    (ranges, decimals, landscape): (
        Option<&robust::Ranges>,
        Option<&robust::Decimals>,
        Option<&robust::Landscape>,
    ),
) -> Value {
    Schema::Robustness.of(json!({
        "ranges": ranges,
        "decimals": decimals,
        "landscape": landscape,
    }))
}
