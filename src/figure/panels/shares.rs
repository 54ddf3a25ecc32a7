//! Panel 5 as it should be: what each answer row gives to its own column, to the one before, and to the rest.

use super::parts::{bar, by_head, source};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Hatch, Key, Layer, Swatch, Unit};
use crate::facts::column;
use crate::panel::{Content, Panel, Table, Written};
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::Rows;
use numbers::listed::Listed;
use numbers::words;
use task::addition::{ANSWER_DIGITS, EQUALS, PLUS, label};

/// What a row looks at, from the bottom of its bar to the top.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    OwnX,
    OwnY,
    Before,
    Signs,
    Others,
}

impl Part {
    const ALL: [Part; 5] = [Part::OwnX, Part::OwnY, Part::Before, Part::Signs, Part::Others];

    /// Of the row that predicts digit `k`, the part that place `j` is in.
    fn of(k: usize, j: usize) -> Part {
        match (j, column(j)) {
            (PLUS | EQUALS, _) => Part::Signs,
            (_, Some(c)) if c + 1 == k => Part::Before,
            (_, Some(c)) if c == k && j < PLUS => Part::OwnX,
            (_, Some(c)) if c == k && j < EQUALS => Part::OwnY,
            _ => Part::Others,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Part::OwnX => "own X",
            Part::OwnY => "own Y",
            Part::Before => "column before",
            Part::Signs => "+ =",
            Part::Others => "others",
        }
    }

    /// Neighbours differ in their pattern too.
    fn look(self) -> (Tone, Hatch) {
        match self {
            Part::OwnX => (Tone::X, Hatch::Plain),
            Part::OwnY => (Tone::Y, Hatch::Single),
            Part::Before => (Tone::Carry, Hatch::Cross),
            Part::Signs => (Tone::Special, Hatch::Plain),
            Part::Others => (Tone::Line, Hatch::Plain),
        }
    }

    /// What it is of the row that predicts digit `k`: `Z4 → X4`, `Z4 → X3 Y3 Z3`.
    fn label(self, k: usize, places: &[usize]) -> String {
        let names: Vec<String> = match self {
            Part::Others => vec!["others".into()],
            _ => places.iter().map(|&j| label(j)).listed(),
        };
        format!("Z{k} → {}", names.join(" "))
    }
}

/// The places of each part that row `k` sees, and what it gives to them.
fn parts(attention: &Rows, k: usize) -> impl Iterator<Item = (Part, Vec<usize>, f64)> {
    let row = &attention[EQUALS + k];
    Part::ALL.into_iter().filter_map(move |part| {
        let places: Vec<usize> = (0..=EQUALS + k).filter(|&j| Part::of(k, j) == part).listed();
        let share = places.iter().map(|&j| row[j]).sum();
        (!places.is_empty()).then_some((part, places, share))
    })
}

pub fn build(subject: &Subject) -> Panel {
    let heads = &subject.report.mean_attention;
    let key = |part: Part| {
        let (tone, hatch) = part.look();
        Key::new(Swatch::Bar(tone, hatch), part.name())
    };
    let chart = Chart {
        aspect: Aspect::Wide,
        facets: by_head(heads, |head, attention| facet(attention, head)),
        legend: Part::ALL.map(key).into(),
        colour_bar: None,
    };
    Panel {
        aside: "shares of each row's attention".into(),
        sentence: sentence(heads),
        table: values(heads),
        content: Content::Chart(chart),
        ..Panel::default()
    }
}

fn facet(attention: &Rows, head: usize) -> Facet {
    let x = Axis::bands((0..ANSWER_DIGITS).map(|k| format!("Z{k}")));
    let y = Axis::numbers("looks at", 0.0, 100.0, Unit::Percent);
    let bars = (0..ANSWER_DIGITS).flat_map(|k| stacked(attention, head, k));
    Facet::new(x.labelled("digit that the row predicts"), y).with(Layer::Bars(bars.listed()))
}

fn stacked(attention: &Rows, head: usize, k: usize) -> Vec<Bar> {
    let (mut from, mut bars) = (0.0, Vec::new());
    for (part, places, share) in parts(attention, k) {
        let (share, (tone, hatch)) = (100.0 * share, part.look());
        bars.push(Bar {
            from,
            hatch,
            // On a pattern it could not be read.
            text: if hatch == Hatch::Plain { format!("{share:.0}") } else { String::new() },
            inside: true,
            items: places.iter().map(|&j| source(head, EQUALS + k, j)).listed(),
            label: part.label(k, &places),
            says: format!("{}, {}", words::percent(share), part.name()),
            ..bar(k, from + share, tone)
        });
        from += share;
    }
    bars
}

fn sentence(heads: &[Rows]) -> String {
    let of_head = |(h, attention): (usize, &Rows)| {
        // Z0 has no column before it, Z10 none of its own.
        let share = |wanted: &[Part]| {
            let rows = (1..ANSWER_DIGITS - 1).flat_map(|k| parts(attention, k));
            let of = rows.filter(|(part, ..)| wanted.contains(part)).map(|(.., share)| share);
            100.0 * of.sum::<f64>() / (ANSWER_DIGITS - 2) as f64
        };
        let (own, before) = (share(&[Part::OwnX, Part::OwnY]), share(&[Part::Before]));
        let who = if heads.len() > 1 { format!("Head {}: ", h + 1) } else { String::new() };
        let [own, before] = [own, before].map(words::percent);
        let average = format!(
            "{who}Z1 to Z9 give {own} to X and Y of their own column and {before} to the one before, \
             where the carry comes from."
        );
        let last = &attention[EQUALS + ANSWER_DIGITS - 1];
        match last[EQUALS] > 0.5 {
            true => {
                format!("{average} Z10 looks at EQUALS ({}).", words::percent(100.0 * last[EQUALS]))
            }
            false => average,
        }
    };
    heads.iter().enumerate().map(of_head).listed().join(" ")
}

fn values(heads: &[Rows]) -> Table {
    let names = Part::ALL.map(|part| part.name().to_owned());
    let mut table = Table::new(["head".to_owned(), "row".into()].into_iter().chain(names));
    for (h, attention) in heads.iter().enumerate() {
        for k in 0..ANSWER_DIGITS {
            let row = task::item::Item::Row(EQUALS + k);
            let parts: Vec<_> = parts(attention, k).listed();
            let cell = |part: Part| match parts.iter().find(|found| found.0 == part) {
                Some((_, places, share)) => {
                    let first = places.first().map(|&j| source(h, EQUALS + k, j));
                    (Written::from(*share), first)
                }
                None => ("".into(), None),
            };
            let head = [((h + 1).to_string().into(), None), (format!("Z{k}").into(), Some(row))];
            table.push_cells(head.into_iter().chain(Part::ALL.map(cell)));
        }
    }
    table
}
