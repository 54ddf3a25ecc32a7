//! Facts about a report that several sentences state.

use analysis::attention::top_sources;
use analysis::{Report, Rows};
use numbers::listed::Listed;
use numbers::{order, words};
use task::addition::{DIGITS, EQUALS, PLUS, Y0, Z0, Z10, label};

/// The column (0…9) of the digit at place `index`; `None` for special places and Z10.
pub fn column(index: usize) -> Option<usize> {
    match index {
        0..PLUS => Some(index),
        Y0..EQUALS => Some(index - Y0),
        Z0..Z10 => Some(index - Z0),
        PLUS | EQUALS | Z10.. => None,
    }
}

/// Whether Xi, Yi and Zi have the same position.
pub fn shares_position(report: &Report, i: usize) -> bool {
    let p = &report.geometry.positions;
    p[i] == p[Y0 + i] && p[i] == p[Z0 + i]
}

/// The column that holds more than half of what row `k` (predicting Zk) attends to.
pub fn focus(attention: &Rows, k: usize) -> Option<usize> {
    let mut mass = [0.0; DIGITS];
    for (j, w) in attention[EQUALS + k].iter().enumerate() {
        if let Some(c) = column(j) {
            mass[c] += w;
        }
    }
    mass.iter().position(|&m| m > 0.5)
}

/// What row `k` gives to all places of a column.
fn mass(attention: &Rows, k: usize, column_of_it: usize) -> f64 {
    let places = attention[EQUALS + k].iter().enumerate();
    places.filter(|(j, _)| column(*j) == Some(column_of_it)).map(|(_, w)| w).sum()
}

/// The way of the carry, where a head that reads its own column has it: most of what is left goes to the column before.
pub fn carry_path(attention: &Rows) -> Option<String> {
    const K: usize = 4;
    let others = |k: usize| (0..DIGITS).filter(move |&c| c != k && c + 1 != k);
    let leads = |k: usize| others(k).all(|c| mass(attention, k, c) < mass(attention, k, k - 1));
    let own = |k: usize| focus(attention, k) == Some(k);
    if !(1..DIGITS).all(|k| own(k) && leads(k)) {
        return None;
    }
    let share = words::percent(100.0 * mass(attention, K, K - 1));
    let (x, y, z) = (label(K - 1), label(Y0 + K - 1), label(Z0 + K - 1));
    Some(format!(
        "The carry comes by the column before: {x}, {y} and {z} get {share} of Z{K} together."
    ))
}

/// What keys are called that row `k` asks for: a column's, or those of one place.
pub fn column_name(column: usize) -> String {
    format!("column {column}")
}

/// What the row that predicts Zk asks for in a head, by its query and the keys that it sees, and the scores, the highest
/// first. Where X, Y and Z of a column differ, the best of them counts.
pub fn asked(report: &Report, head: usize, k: usize) -> Vec<(String, f64)> {
    let width = report.shape.qk_dim;
    let of_head = head * width..(head + 1) * width;
    let query = &report.geometry.queries[EQUALS + k][of_head.clone()];
    let score = |place: usize| {
        let key = &report.geometry.keys[place][of_head.clone()];
        let product: f64 = query.iter().zip(key).map(|(q, k)| q * k).sum();
        product / libm::sqrt(width.max(1) as f64)
    };
    let mut scores: Vec<(String, f64)> = Vec::new();
    for place in 0..=EQUALS + k {
        let name = column(place).map_or_else(|| label(place), column_name);
        let score = score(place);
        match scores.iter_mut().find(|(known, _)| *known == name) {
            Some((_, best)) => *best = best.max(score),
            None => scores.push((name, score)),
        }
    }
    order::falling(&scores, |(_, score)| *score)
}

/// How many of Z0…Z9 read their own column, and how many of Z1…Z9 the one before it.
pub fn reading(attention: &Rows) -> (usize, usize) {
    let own = (0..DIGITS).filter(|&k| focus(attention, k) == Some(k)).count();
    let before = (1..DIGITS).filter(|&k| focus(attention, k) == Some(k - 1)).count();
    (own, before)
}

/// What the heads do, in a sentence each.
pub fn who_reads_what(report: &Report) -> String {
    let heads = &report.mean_attention;
    let sentences: Vec<String> = heads
        .iter()
        .enumerate()
        .map(|(h, attention)| {
            let who = if heads.len() > 1 { format!("Head {}: ", h + 1) } else { String::new() };
            capitalised(&format!("{who}{}", describe(attention)))
        })
        .listed();
    sentences.join(" ")
}

fn describe(attention: &Rows) -> String {
    match reading(attention) {
        (DIGITS, _) => "every digit reads its own column.".into(),
        (_, 9) => {
            "every digit from Z1 on reads the column before it, where its carry comes from.".into()
        }
        (own, _) if own >= 6 => {
            let others: Vec<String> = (0..DIGITS)
                .filter(|&k| focus(attention, k) != Some(k))
                .map(|k| format!("Z{k}"))
                .listed();
            let verb = if others.len() == 1 { "does" } else { "do" };
            format!(
                "{own} of 10 digits read their own column; {} {verb} not.",
                words::list(&others)
            )
        }
        (_, before) if before >= 6 => {
            format!("{before} of the digits Z1 to Z9 read the column before their own.")
        }
        (own, before) => format!(
            "no order: {} reads its own column, {} the one before it.",
            of_ten(own),
            of_ten(before)
        ),
    }
}

fn of_ten(n: usize) -> String {
    match n {
        0 => "no digit".into(),
        1 => "one digit".into(),
        n => format!("each of {n} digits"),
    }
}

/// The two largest sources of the row that predicts Zk and their weights; names come from
/// `name`. `None` unless two sources hold most of the weight.
pub fn two_sources(
    attention: &Rows,
    k: usize,
    name: impl Fn(usize) -> String,
) -> Option<[(String, f64); 2]> {
    let [a, b] = top_sources(&attention[EQUALS + k], 2).try_into().ok()?;
    (a.1 + b.1 > 0.5).then(|| {
        // In order of place: X before Y.
        let (a, b) = if a.0 < b.0 { (a, b) } else { (b, a) };
        [(name(a.0), a.1), (name(b.0), b.1)]
    })
}

/// The first head in which Z4 reads its own column, and what it gives to whom: `Z4 gives
/// 44 % to X4 and 44 % to Y4`.
pub fn example(report: &Report) -> Option<(usize, String)> {
    const K: usize = 4;
    let head = report.mean_attention.iter().position(|a| focus(a, K) == Some(K))?;
    let [(a, wa), (b, wb)] = two_sources(&report.mean_attention[head], K, label)?;
    let (wa, wb) = (100.0 * wa, 100.0 * wb);
    Some((head, format!("Z{K} gives {wa:.0} % to {a} and {wb:.0} % to {b}")))
}

/// The text with a capital first letter, if that is one of the 26: the table of all letters
/// is 16 KB.
pub fn capitalised(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
