//! Panel 7: error rates without and with a carry coming in, and by the length of the chain that it comes from.

use super::parts::{bar, beside, error_row, error_rows, percent_top};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Hatch, Key, Layer, Swatch, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table, Written, passes};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::errors::{Errors, interval};
use numbers::words;
use task::addition::{ANSWER_DIGITS, Alignment};
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "error_by_carry",
    number: 7,
    title: "Error rate by digit and carry-in",
    script_title: None,
    section: Section::Errors,
    wide: false,
    named: [2, 2],
    under: passes,
    build,
};

/// Tone and name of carry 0 and carry 1.
const SERIES: [(Tone, &str); 2] = [(Tone::Special, "carry 0"), (Tone::Carry, "carry 1")];

/// From this many columns on chains are taken together.
const LONG: usize = 5;

fn build(subject: &Subject) -> Panel {
    let Subject { report, alignment, .. } = *subject;
    let errors = report.errors.of(alignment);
    let names = error_rows(alignment);
    let by_digit = facet(subject, Axis::bands(names.clone()), by_digit(errors, &names, alignment));
    let (aspect, facets) = match alignment {
        Alignment::Answer => {
            let chains = Axis::bands((0..=LONG).map(|chain| chain_name(errors, chain)));
            let by_chain = facet(subject, chains, by_chain(errors));
            let named = |mut facet: Facet, label: &str| {
                facet.y.label = label.into();
                facet
            };
            let digits = named(by_digit, "by carry in");
            let chains = named(by_chain, "by carry chain");
            (Aspect::Rows, vec![digits, chains])
        }
        Alignment::Script => (Aspect::Landscape, vec![by_digit]),
    };
    let legend = SERIES.map(|(tone, name)| Key::new(Swatch::Bar(tone, Hatch::Plain), name)).into();
    Panel {
        aside: match alignment {
            Alignment::Answer => {
                format!("{} digits; below chains, how many", words::count(digits(errors)))
            }
            Alignment::Script => "carry into the column before".into(),
        },
        sentence: sentence(errors, alignment),
        table: values(errors, &names, alignment),
        content: Content::Chart(Chart { aspect, facets, legend, colour_bar: None }),
        ..Panel::default()
    }
}

fn digits(errors: &Errors) -> u64 {
    errors.digit_totals.iter().map(|total| u64::from(*total)).sum()
}

fn facet(subject: &Subject, x: Axis, bars: Vec<Bar>) -> Facet {
    let errors = subject.report.errors.of(subject.alignment);
    let most = bars.iter().map(|b| b.value).fold(0.0, f64::max);
    let top = percent_top(subject, most * 1.1, (1.1, 105.0));
    let mut facet = Facet::new(x, Axis::numbers("wrong", 0.0, top, Unit::Percent));
    if errors.total() == 0 {
        facet.statement = format!("No errors in {} additions", errors.n);
    }
    facet.with(Layer::Bars(bars))
}

fn by_digit(errors: &Errors, names: &[String], alignment: Alignment) -> Vec<Bar> {
    (0..ANSWER_DIGITS)
        .flat_map(|k| [(k, 0), (k, 1)])
        // A digit that never has this carry has no bar, not a bar of zero.
        .filter_map(|(k, c)| Some((k, c, errors.carry_rate(k, c)?)))
        .map(|(k, c, rate)| {
            let (tone, name) = SERIES[c];
            let (wrong, total) = (errors.pos_carry_err[k][c], errors.pos_carry_tot[k][c]);
            let bar = Bar {
                items: vec![item(alignment, k, c)],
                label: format!("{}, {name}", names[k]),
                says: format!("{wrong} of {total} wrong, {}", words::percent(rate)),
                ..bar(k, rate, tone)
            };
            beside(bar, c, 2)
        })
        .collect()
}

/// The lengths of chains that a bar is of.
fn lengths(chain: usize) -> std::ops::Range<usize> {
    chain..if chain == LONG { ANSWER_DIGITS } else { chain + 1 }
}

/// How many digits at the end of such chains are wrong, and how many there are.
fn at_chain(errors: &Errors, chain: usize) -> (u32, u32) {
    let sum = |counts: &[u32; ANSWER_DIGITS]| counts[lengths(chain)].iter().sum();
    (sum(&errors.chain_err), sum(&errors.chain_tot))
}

/// The length, and below it how many digits there are.
fn chain_name(errors: &Errors, chain: usize) -> String {
    let more = if chain == LONG { "+" } else { "" };
    format!("{chain}{more}\n{}", words::count(at_chain(errors, chain).1.into()))
}

fn by_chain(errors: &Errors) -> Vec<Bar> {
    let of = |chain: usize| {
        let (wrong, total) = at_chain(errors, chain);
        let rate = 100.0 * f64::from(wrong) / f64::from(total.max(1));
        let label = match chain {
            0 => "no carry".into(),
            LONG => format!("carry chain of {LONG} or more"),
            _ => format!("carry chain of {chain}"),
        };
        let bar = Bar {
            items: lengths(chain).map(|length| Item::Chain(length as u8)).collect(),
            label,
            says: format!("{wrong} of {total} wrong, {}", words::percent(rate)),
            ..bar(chain, rate, SERIES[usize::from(chain > 0)].0)
        };
        (total > 0).then_some(bar)
    };
    (0..=LONG).filter_map(of).collect()
}

/// Digit `k` with a carry: the one into its column, or what the script pairs with it.
fn item(alignment: Alignment, k: usize, carry: usize) -> Item {
    let (row, carry) = (error_row(alignment, k), carry as u8);
    match alignment {
        Alignment::Answer => Item::Carry { row, carry },
        Alignment::Script => Item::CarryBefore { row, carry },
    }
}

fn sentence(errors: &Errors, alignment: Alignment) -> String {
    if alignment == Alignment::Script {
        return "The script pairs each digit with the carry into the column before it.".into();
    }
    let note = if errors.carry_rate(0, 1).is_none() { " Z0 never has one." } else { "" };
    if errors.total() == 0 {
        return format!("No digit fails, with a carry coming in or without.{note}");
    }
    // Z0 never has a carry, so it would tilt the comparison.
    let rate = |c: usize| {
        let sum =
            |t: &[[u32; 2]; ANSWER_DIGITS]| t[1..].iter().map(|p| f64::from(p[c])).sum::<f64>();
        100.0 * sum(&errors.pos_carry_err) / sum(&errors.pos_carry_tot).max(1.0)
    };
    let (without, with) = (rate(0), rate(1));
    let both = format!("{} of digits against {}", words::percent(with), words::percent(without));
    let finding = if with > 1.1 * without {
        "Digits with a carry coming in fail more often"
    } else if without > 1.1 * with {
        "Digits with a carry coming in fail less often"
    } else {
        "A carry coming in makes little difference"
    };
    format!("{finding}: {both}.{note}{}", chains(errors))
}

/// Whether a longer chain makes a digit go wrong.
fn chains(errors: &Errors) -> String {
    let rate = |wrong: u32, total: u32| 100.0 * f64::from(wrong) / f64::from(total.max(1));
    let (one, long) = (at_chain(errors, 1), {
        let longer = (2..=LONG).map(|chain| at_chain(errors, chain));
        longer.fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
    });
    if one.1 == 0 || long.1 == 0 {
        return String::new();
    }
    let [first, longer] = [one, long].map(|(wrong, total)| words::percent(rate(wrong, total)));
    let apart = |a: (u32, u32), b: (u32, u32)| interval(a.0, a.1).0 > interval(b.0, b.1).1;
    let finding = if apart(long, one) {
        "Carries out of longer chains fail more often"
    } else if apart(one, long) {
        "Carries out of longer chains fail less often"
    } else {
        "The length of the carry chain makes no certain difference"
    };
    format!(" {finding}: {longer} against {first} where one column alone sent it.")
}

fn values(errors: &Errors, names: &[String], alignment: Alignment) -> Table {
    let mut table = Table::new(["digit", "carry", "wrong", "total", "wrong %"]);
    for (k, name) in names.iter().enumerate() {
        for c in 0..2 {
            let cells: [Written; 5] = [
                name.clone().into(),
                c.to_string().into(),
                errors.pos_carry_err[k][c].to_string().into(),
                errors.pos_carry_tot[k][c].to_string().into(),
                errors.carry_rate(k, c).into(),
            ];
            table.push(item(alignment, k, c), cells);
        }
    }
    if alignment == Alignment::Answer {
        for chain in 0..ANSWER_DIGITS {
            let (wrong, total) = (errors.chain_err[chain], errors.chain_tot[chain]);
            let rate = 100.0 * f64::from(wrong) / f64::from(total.max(1));
            let rate = (total > 0).then_some(rate);
            let of = [format!("chain of {chain}"), u8::from(chain > 0).to_string()];
            let counts = [wrong.to_string(), total.to_string()];
            let cells = of.into_iter().chain(counts).map(Written::from);
            table.push(Item::Chain(chain as u8), cells.chain([rate.into()]));
        }
    }
    table
}
