//! Panel 13: all additions, case by case.

use crate::chart::{
    Aspect, Axis, BandLabel, Chart, Facet, Key, Layer, Swatch, Verdict, VerdictCell,
};
use crate::panel::{Content, Panel, PanelSpec, Table, Written, whole};
use crate::section::Section;
use crate::subject::Subject;
use analysis::map::{Known, Map};
use numbers::listed::Listed;
use numbers::{order, words};
use serde::Serialize;
use task::addition::{ANSWER_DIGITS, DIGITS};
use task::item::{Case, Item};

pub const SPEC: PanelSpec = PanelSpec {
    key: "all_additions",
    number: 13,
    title: "All additions",
    script_title: None,
    section: Section::Exact,
    wide: true,
    named: [4, 4],
    under,
    build,
};

/// A column adds up to 0 to 18.
const SUMS: u8 = 18;
/// Places of cases.
const PLACES: usize = ANSWER_DIGITS * 11 * 2 * 20;
/// Leads, in units of a logit, from which the colour begins to grow and at which it is full: the same for all models, so
/// that pictures compare.
const LEADS: (f64, f64) = (0.01, 100.0);

fn build(subject: &Subject) -> Panel {
    let Some(map) = subject.map.filter(|map| !map.cases.is_empty()) else {
        return Panel::note(
            "Not decided yet: all additions have their turn after everything else.",
        );
    };
    Panel {
        aside: format!("{} cases, each after right digits", words::count(map.cases.len() as u64)),
        sentence: sentence(map),
        table: table(map),
        content: Content::Chart(chart(map)),
        ..Panel::default()
    }
}

/// Of the whole model, where that alone is decided.
fn under(subject: &Subject) -> String {
    let off = subject.map.map_or("", |map| &map.off);
    if off.is_empty() { whole(subject) } else { off.to_owned() }
}

fn chart(map: &Map) -> Chart {
    let mut known: Vec<Option<&Known>> = vec![None; PLACES];
    for each in &map.cases {
        if let Some(place) = known.get_mut(place(each.case())) {
            *place = Some(each);
        }
    }
    let cell = |case| known.get(place(case)).copied().flatten().map(cell);
    let first = [first_digit(&cell), carry_out(&cell)];
    let others = (1..DIGITS).map(|digit| others(digit, &cell));
    Chart {
        aspect: Aspect::Tiles,
        facets: first.into_iter().chain(others).listed(),
        legend: legend(),
        colour_bar: None,
    }
}

/// Where a case is among all that can be written.
fn place(Case { digit, before, carry, sum }: Case) -> usize {
    let [before, sum] = [before, sum].map(|part| part.map_or(0, |part| usize::from(part) + 1));
    ((digit * 11 + before) * 2 + usize::from(carry)) * 20 + sum
}

fn legend() -> Vec<Key> {
    let verdict = |verdict, text: &str| Key::new(Swatch::Verdict(verdict), text);
    vec![
        verdict(Verdict::Right(0.0), "right, by a small lead"),
        verdict(Verdict::Right(1.0), "by a large one"),
        verdict(Verdict::Partly(0.6), "right in part: as full"),
        verdict(Verdict::Wrong, "wrong"),
        verdict(Verdict::Open, "not decided"),
        Key::new(Swatch::None, "across: sum of the column"),
        Key::new(Swatch::None, "down: digit before, without a carry,"),
        Key::new(Swatch::None, "then with one"),
    ]
}

/// Names of bands, of which the heavier are shown where not all fit.
fn bands(names: impl Iterator<Item = (String, u8)>) -> Axis {
    let labels = names.map(|(text, weight)| BandLabel { text, weight }).listed();
    Axis::weighted(labels)
}

fn sums() -> Axis {
    bands(
        (0..=SUMS)
            .map(|sum| (sum.to_string(), if sum % 9 == 0 { 2 } else { u8::from(sum % 3 == 0) })),
    )
}

fn digits() -> impl Iterator<Item = (String, u8)> {
    (0..10).map(|digit: u8| (digit.to_string(), if digit == 0 { 2 } else { u8::from(digit == 5) }))
}

fn facet(title: String, x: Axis, y: Axis, rows: Vec<Vec<Option<VerdictCell>>>) -> Facet {
    Facet { title, ..Facet::new(x, y.flipped()) }.with(Layer::Verdicts(rows))
}

/// Nothing but EQUALS stands before Z0.
fn first_digit(cell: &impl Fn(Case) -> Option<VerdictCell>) -> Facet {
    let row = (0..=SUMS).map(|s| cell(Case { digit: 0, before: None, carry: 0, sum: Some(s) }));
    let y = Axis::bands(["="]).labelled("nothing before it");
    facet("Z0".into(), sums(), y, vec![row.listed()])
}

/// Z10 has no column.
fn carry_out(cell: &impl Fn(Case) -> Option<VerdictCell>) -> Facet {
    let case = |before, carry| Case { digit: DIGITS, before: Some(before), carry, sum: None };
    let row = |carry| (0..10).map(|before| cell(case(before, carry))).listed();
    let y = Axis::bands(["0", "1"]).labelled("by Z9 and carry");
    facet(format!("Z{DIGITS}"), bands(digits()), y, vec![row(0), row(1)])
}

fn others(digit: usize, cell: &impl Fn(Case) -> Option<VerdictCell>) -> Facet {
    let row = |before, carry| {
        let case = |sum| Case { digit, before: Some(before), carry, sum: Some(sum) };
        (0..=SUMS).map(|sum| cell(case(sum))).listed()
    };
    let half = |carry| (0..10).map(move |before| row(before, carry));
    let rows = half(0).chain([Vec::new()]).chain(half(1)).listed();
    let y = bands(digits().chain([(String::new(), 0)]).chain(digits()));
    facet(format!("Z{digit}"), sums(), y, rows)
}

/// How far a right answer leads, from 0 to 1: equal steps are equal factors.
fn strength(lead: f64) -> f64 {
    let (from, to) = LEADS;
    (libm::log(lead.max(from) / from) / libm::log(to / from)).min(1.0)
}

fn share(part: u128, total: u128) -> f64 {
    part as f64 / total.max(1) as f64
}

/// In percent; 100 only where it is all of them.
fn percent(part: u128, total: u128) -> String {
    let most = if part < total { 100.0 - 1e-9 } else { 100.0 };
    words::percent((100.0 * share(part, total)).min(most))
}

fn verdict(known: &Known) -> Verdict {
    match known {
        k if k.is_right() => Verdict::Right(strength(k.lead.unwrap_or(0.0))),
        k if k.is_wrong() => Verdict::Wrong,
        k if k.is_decided() => Verdict::Partly(share(k.at_least, k.total)),
        _ => Verdict::Open,
    }
}

fn cell(known: &Known) -> VerdictCell {
    let case = known.case();
    VerdictCell {
        verdict: verdict(known),
        item: Item::Case(case),
        label: case.words(),
        says: says(known),
    }
}

/// What is known of its answers.
pub(super) fn says(known: &Known) -> String {
    let Known { at_least, at_most, total, lead, .. } = *known;
    match verdict(known) {
        Verdict::Right(_) => match lead.filter(|lead| *lead > 0.0) {
            Some(lead) => format!("right, lead at least {}", words::number(lead)),
            None => "right".into(),
        },
        Verdict::Wrong => "wrong".into(),
        Verdict::Partly(_) => format!("{} right", percent(at_least, total)),
        Verdict::Open => format!(
            "not decided, {} to {} right",
            percent(at_least, total),
            percent(at_most, total)
        ),
    }
}

fn sentence(map: &Map) -> String {
    let cases = &map.cases;
    let count = |is: fn(&Known) -> bool| cases.iter().filter(|k| is(k)).count() as u64;
    let (right, wrong) = (count(Known::is_right), count(Known::is_wrong));
    let open = count(|k| !k.is_decided());
    let partly = cases.len() as u64 - right - wrong - open;
    if right == cases.len() as u64 {
        // A bound of 0 says no more than that they are right.
        let least = cases.iter().min_by(|a, b| lead(a).total_cmp(&lead(b)));
        let least = least.filter(|known| lead(known) > 0.0);
        let closest = least.map_or_else(String::new, |known| {
            let lead = words::number(lead(known));
            format!("; no lead is below {lead}, which is the bound of {}", known.case().words())
        });
        return format!("All are right, in exact arithmetic{closest}.");
    }
    let parts =
        [(right, "right"), (partly, "right in part"), (wrong, "wrong"), (open, "not decided")];
    let parts = parts.into_iter().filter(|(n, _)| *n > 0);
    let parts: Vec<String> = parts.map(|(n, what)| format!("{} {what}", words::count(n))).listed();
    format!("{} of them, in exact arithmetic{}.", words::list(&parts), most_wrong(cases))
}

/// The case with the most additions that are certainly wrong.
fn most_wrong(cases: &[Known]) -> String {
    let wrong = |known: &Known| known.total - known.at_most;
    let Some(known) = cases.iter().max_by_key(|known| wrong(known)).filter(|k| wrong(k) > 0) else {
        return String::new();
    };
    let (part, total) = (words::grouped(wrong(known)), words::grouped(known.total));
    format!("; most wrong additions, {part} of {total}, are {}", known.case().words())
}

fn lead(known: &Known) -> f64 {
    known.lead.unwrap_or(0.0)
}

/// What is not right first, then by rising lead.
fn table(map: &Map) -> Table {
    let mut table = Table::new([
        "digit",
        "before",
        "carry",
        "sum",
        "right digit",
        "right at least",
        "right at most",
        "additions",
        "lead at least",
        "example",
        "wrong example",
    ]);
    let rank = |known: &&Known| match verdict(known) {
        Verdict::Wrong => 3.0,
        Verdict::Partly(_) => 2.0,
        Verdict::Open => 1.0,
        Verdict::Right(_) => -lead(known),
    };
    let cases: Vec<&Known> = map.cases.iter().listed();
    for known in order::falling(&cases, rank) {
        table.push_cells(row(known));
    }
    table
}

fn row(known: &Known) -> [(Written, Option<Item>); 11] {
    let case = known.case();
    let digit = |digit: Option<u8>| digit.map_or_else(String::new, |digit| digit.to_string());
    let of = |text: Written| (text, Some(Item::Case(case)));
    let cell = |text: String| of(text.into());
    let addition = |pair: Option<(u64, u64)>| {
        let text = pair.map_or_else(String::new, |(a, b)| format!("{a} + {b}"));
        (text.into(), pair.map(|(a, b)| Item::Addition(a, b)))
    };
    [
        cell(format!("Z{}", case.digit)),
        cell(digit(case.before)),
        cell(case.carry.to_string()),
        cell(digit(case.sum)),
        cell(known.target.to_string()),
        cell(known.at_least.to_string()),
        cell(known.at_most.to_string()),
        cell(known.total.to_string()),
        of(known.lead.into()),
        addition(known.example),
        addition(known.wrong),
    ]
}

/// A case in words, with additions of its kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct CaseText {
    /// `Z7 after 0, no carry, sum 11`.
    pub name: String,
    /// How many are right.
    pub sentence: String,
    /// One of them.
    pub example: Option<(u64, u64)>,
    /// One that is wrong.
    pub wrong: Option<(u64, u64)>,
}

/// What is known of a case; `None` where it has no additions.
pub fn case_text(map: &Map, case: Case) -> Option<CaseText> {
    let known = map.of(case)?;
    let Known { at_least, at_most, total, target, example, wrong, .. } = *known;
    let all = words::grouped(total);
    let how_many = match verdict(known) {
        Verdict::Right(_) => format!("All {all} additions are right"),
        Verdict::Wrong => format!("All {all} additions are wrong"),
        Verdict::Partly(_) => format!(
            "{} of {all} additions are right ({}), {} wrong",
            words::grouped(at_least),
            percent(at_least, total),
            words::grouped(total - at_least)
        ),
        Verdict::Open => format!(
            "Not decided: at least {} and at most {} of {all} additions are right",
            words::grouped(at_least),
            words::grouped(at_most)
        ),
    };
    let lead = known.lead.filter(|lead| *lead > 0.0);
    let lead = lead
        .map_or_else(String::new, |lead| format!(", and no lead is below {}", words::number(lead)));
    let sentence = format!(
        "The right digit is {target}. {how_many}{lead}: of this digit after right ones, in exact arithmetic."
    );
    Some(CaseText { name: case.words(), sentence, example, wrong })
}
