//! What README says of the bundled models.

use super::snapshots;
use adderscope::model::Model;
use adderscope::model::exact::Exact;
use adderscope::numbers::words::{grouped, grouped_digits};
use adderscope::task::addition::DIGITS;
use std::fs;

/// More than any of them takes.
const LOOKS: u64 = 1_000_000;

/// A row of README's table.
fn row(name: &str, model: &Model) -> String {
    let exact = Exact::decided(model, LOOKS);
    let right = grouped_digits(&exact.count(DIGITS).right().unwrap().to_string());
    let wrong = exact.report(DIGITS).counterexamples.first().copied();
    let right = if wrong.is_none() { format!("**all**: {right}") } else { right };
    let wrong = wrong.map_or_else(String::new, |wrong| {
        let [a, b, got] = [wrong.a, wrong.b, wrong.got].map(grouped);
        format!("{a} + {b}, said to be {got}")
    });
    format!("| {name} | {} | {right} | {wrong} |", model.params().count())
}

#[test]
fn readme_says_the_verdict_of_every_bundled_model() {
    let mut rows: Vec<String> = Vec::new();
    for name in ["57p", "67p", "62p"] {
        rows.push(row(name, &snapshots::last(name)));
    }
    rows.push(row("67p at step 244 000, which qualifies", &snapshots::at("67p", 244_000)));
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let missing: Vec<&String> = rows.iter().filter(|row| !readme.contains(*row)).collect();
    assert!(missing.is_empty(), "README has no rows\n{missing:#?}");
}
