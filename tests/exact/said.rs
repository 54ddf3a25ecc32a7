//! What the plain forward says of one addition, and rules in words read back.

use adderscope::model::Forward;
use adderscope::model::layers::argmax;
use adderscope::task::addition::{ANSWER_DIGITS, DIGITS, carries, digit, tokens};
use adderscope::task::sampling::Pair;

/// An addition as the plain forward answers it.
pub struct Said {
    pub pair: Pair,
    /// Whether each answer row is right after true digits.
    pub rows: [bool; ANSWER_DIGITS],
    /// The smallest lead of its rows.
    pub lead: f64,
}

/// Of models whose vocabulary has no token that ends an answer.
pub fn said(forward: &Forward, pair: Pair) -> Said {
    let (a, b) = pair;
    let example = tokens(a, b, forward.model().config().vocabulary);
    let mut lead = f64::INFINITY;
    let rows = std::array::from_fn(|k| {
        let logits = forward.answer_logits(&example, k);
        let target = usize::from(digit(a + b, k));
        let others = logits.iter().enumerate().filter(|(t, _)| *t != target);
        let next = others.fold(f64::NEG_INFINITY, |most, (_, logit)| most.max(*logit));
        lead = lead.min(logits[target] - next);
        argmax(&logits) == target
    });
    Said { pair, rows, lead }
}

impl Said {
    pub fn is_right(&self) -> bool {
        self.first().is_none()
    }

    /// The first wrong digit.
    pub fn first(&self) -> Option<usize> {
        self.rows.iter().position(|right| !right)
    }

    /// The longest run of columns that send a carry.
    pub fn chain(&self) -> usize {
        let sends = &carries(self.pair.0, self.pair.1)[1..=DIGITS];
        sends.split(|carry| *carry == 0).map(<[u8]>::len).max().unwrap()
    }

    /// The simplest first: fewest digits, smallest sum, smallest first summand.
    pub fn simple(&self) -> (usize, u64, u64) {
        let (a, b) = self.pair;
        let digits = |n: u64| n.to_string().bytes().filter(|d| *d != b'0').count();
        (digits(a) + digits(b), a + b, a)
    }
}

/// Whether a sum is among "0 to 3, 7 or 9".
fn among(ranges: &str, sum: u64) -> bool {
    ranges.replace(" or ", ", ").split(", ").any(|range| {
        let (first, last) = range.split_once(" to ").unwrap_or((range, range));
        (first.parse().unwrap()..=last.parse().unwrap()).contains(&sum)
    })
}

/// Whether X and Y of a column are among "any pair", "a pair with the sum 3 or 4", "1 + 2 or 2 + 1"; nothing where pairs are
/// counted, not named.
fn has_pair(named: &str, x: u64, y: u64) -> Option<bool> {
    if named.starts_with("one of ") {
        return None;
    }
    if named == "any pair" {
        return Some(true);
    }
    match named.strip_prefix("a pair with the sum ") {
        Some(sums) => Some(among(sums, x + y)),
        None => Some(named.split(" or ").any(|pair| pair == format!("{x} + {y}"))),
    }
}

/// Whether an addition's column is as "1 + 2 or 2 + 1 without a carry, or any pair with a carry".
fn has_column(column: &str, (a, b): Pair) -> Option<bool> {
    let (number, values) = column.strip_prefix("column ")?.split_once(" is ")?;
    let j: usize = number.parse().ok()?;
    let of = |n: u64| n / 10u64.pow(j as u32) % 10;
    let carry = carries(a, b)[j];
    let mut has = false;
    for part in values.split(", or ") {
        let (named, wanted) =
            match (part.strip_suffix(" without a carry"), part.strip_suffix(" with a carry")) {
                (Some(named), _) => (named, Some(0)),
                (_, Some(named)) => (named, Some(1)),
                _ => (part, None),
            };
        has |= has_pair(named, of(a), of(b))? && wanted.is_none_or(|wanted| wanted == carry);
    }
    Some(has)
}

/// Whether an addition is as a rule says; nothing where that cannot be read out of its words.
pub fn reader(text: &str) -> Option<impl Fn(&Pair) -> bool + use<>> {
    let text = text.strip_suffix(", in part").unwrap_or(text);
    let columns: Vec<String> = text.split(" and ").map(str::to_owned).collect();
    columns.iter().try_for_each(|column| has_column(column, (0, 0)).map(|_| ()))?;
    Some(move |pair: &Pair| columns.iter().all(|column| has_column(column, *pair) == Some(true)))
}
