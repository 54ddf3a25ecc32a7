//! Panel 10: what the output projection reads and where it writes.

use super::parts::{bar, bar_range, beside};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Hatch, Key, Layer, Swatch, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table, Written, whole};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::Report;
use analysis::extremes::Extremes;
use analysis::readout::Rank1;
use numbers::listed::Listed;
use numbers::words;
use task::addition::Alignment;
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "out_proj",
    number: 10,
    title: "Output projection",
    script_title: None,
    section: Section::Weights,
    wide: false,
    named: [2, 2],
    under: whole,
    build,
};

/// One of the two directions.
#[derive(Clone, Copy)]
struct Direction {
    tone: Tone,
    name: &'static str,
    /// What legends call its sizes alone.
    sizes: &'static str,
    /// What holds it.
    tensor: &'static str,
    /// How far it goes over a run.
    reach: fn(&Extremes) -> [f64; 2],
}

const READ: Direction = Direction {
    tone: Tone::Accent,
    name: "A read",
    sizes: "|A| read",
    tensor: "out_proj.A",
    reach: |s| s.read.ends(),
};
const WRITE: Direction = Direction {
    tone: Tone::Second,
    name: "B write",
    sizes: "|B| write",
    tensor: "out_proj.B",
    reach: |s| s.write.ends(),
};

impl Direction {
    /// Its number at `index`: the rank is 1, so that the flat index is the dimension.
    fn item(self, index: usize) -> Item {
        Item::Weight { tensor: self.tensor.into(), index }
    }
}

/// Why panels 9 and 10 have nothing to show.
pub fn not_rank_1(report: &Report) -> String {
    let rank = match report.shape.out_proj_rank {
        Some(rank) => format!("has rank {rank}"),
        None => "is a full matrix".into(),
    };
    format!(
        "Does not apply: the output projection {rank}. Only rank 1 has a single direction that \
         it reads and one that it writes."
    )
}

fn build(subject: &Subject) -> Panel {
    let Subject { report, alignment, .. } = *subject;
    let Some(rank1) = &report.rank1 else { return Panel::note(not_rank_1(report)) };
    let (reads, writes) = names(report, rank1);
    let chart = match alignment {
        Alignment::Answer => Chart {
            aspect: Aspect::Rows,
            facets: vec![
                signed(subject, READ, "A, read", (&rank1.a, &reads)),
                signed(subject, WRITE, "B, written", (&rank1.b, &writes)),
            ],
            legend: Vec::new(),
            colour_bar: None,
        },
        Alignment::Script => sizes(subject, rank1, (&reads, &writes)),
    };
    let most = |values, names| match alignment {
        Alignment::Answer => largest(values, names, true),
        Alignment::Script => largest(values, names, false),
    };
    Panel {
        aside: "rank 1".into(),
        sentence: match [&rank1.a, &rank1.b].map(|values| values.iter().all(|v| *v == 0.0)) {
            [true, true] => "Reads nothing and writes nothing: A and B are 0.".into(),
            [true, false] => "Reads nothing, and so writes nothing: A is 0.".into(),
            [false, true] => "Writes nothing: B is 0.".into(),
            [false, false] => format!(
                "Reads mostly along {} and writes mostly to {}.",
                most(&rank1.a, &reads),
                most(&rank1.b, &writes)
            ),
        },
        table: values(rank1, &reads, &writes),
        content: Content::Chart(chart),
        ..Panel::default()
    }
}

/// A direction with its signs, over its own space.
fn signed(
    subject: &Subject,
    direction: Direction,
    label: &str,
    (values, names): (&[f64], &[String]),
) -> Facet {
    // Heads have a band each, and a short name for it.
    let (lo, hi) = bar_range(subject, values.iter().copied(), direction.reach);
    let x = Axis::bands(names.iter().map(|name| short(name)));
    let bars = series(values, names, direction, |v| v);
    Facet::new(x, Axis::numbers(label, lo, hi, Unit::Plain)).with(Layer::Bars(bars))
}

/// `h1 v0` of `head 1 value 0`. What finds a text in another is 1 KB of the page.
fn short(name: &str) -> String {
    let mut text = String::new();
    for word in name.split(' ') {
        match word {
            "head" => text.push_str(" h"),
            "value" => text.push_str(" v"),
            word => text.push_str(word),
        }
    }
    text.trim().to_owned()
}

/// The sizes of both over the same bands, as the script draws them.
fn sizes(subject: &Subject, rank1: &Rank1, (reads, writes): (&[String], &[String])) -> Chart {
    let of = |values: &[f64], names: &[String], direction: Direction, at: usize| {
        let bars = series(values, names, direction, f64::abs);
        bars.into_iter().map(move |bar| beside(bar, at, 2))
    };
    let both = of(&rank1.a, reads, READ, 0).chain(of(&rank1.b, writes, WRITE, 1));
    let bars: Vec<Bar> = both.listed();
    let n = rank1.a.len().max(rank1.b.len());
    let bands = (0..n).map(|i| writes.get(i).map_or("–", String::as_str));
    let (_, hi) = bar_range(subject, bars.iter().map(|b| b.value), sizes_of_run);
    let facet = Facet::new(Axis::bands(bands), Axis::numbers("size", 0.0, hi, Unit::Plain));
    let key = |d: Direction| Key::new(Swatch::Bar(d.tone, Hatch::Plain), d.sizes);
    Chart {
        legend: [READ, WRITE].map(key).into(),
        ..Chart::one(Aspect::Landscape, facet.with(Layer::Bars(bars)))
    }
}

/// How far the sizes of both go over a run.
fn sizes_of_run(run: &Extremes) -> [f64; 2] {
    let sizes = [run.read, run.write].map(|span| span.lo.abs().max(span.hi.abs()));
    [0.0, sizes[0].max(sizes[1])]
}

fn series(
    values: &[f64],
    names: &[String],
    direction: Direction,
    drawn: impl Fn(f64) -> f64,
) -> Vec<Bar> {
    let bar = |(i, (&v, name)): (usize, (&f64, &String))| Bar {
        items: vec![direction.item(i)],
        label: format!("{}, {name}", direction.name),
        says: words::number(v),
        ..bar(i, drawn(v), direction.tone)
    };
    values.iter().zip(names).enumerate().map(bar).listed()
}

/// Names of what A is read from (the concatenated heads) and B is written to.
fn names(report: &Report, rank1: &Rank1) -> (Vec<String>, Vec<String>) {
    let per_head = report.shape.head_dim.max(1);
    let reads = (0..rank1.a.len()).map(|i| match report.shape.n_heads {
        1 => format!("value {i}"),
        _ => format!("head {} value {}", i / per_head + 1, i % per_head),
    });
    let writes = (0..rank1.b.len())
        .map(|i| report.shape.dims.get(i).cloned().unwrap_or_else(|| format!("dim {i}")));
    (reads.listed(), writes.listed())
}

/// The name of the largest, with its value where that has a sign.
fn largest(values: &[f64], names: &[String], is_signed: bool) -> String {
    let most = values.iter().zip(names).max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
    match most {
        Some((v, name)) if is_signed => format!("{name} ({})", words::number(*v)),
        Some((_, name)) => name.clone(),
        None => "nothing".into(),
    }
}

fn values(rank1: &Rank1, reads: &[String], writes: &[String]) -> Table {
    let mut table = Table::new(["direction", "dimension", "value"]);
    let both = [("A (read)", READ, &rank1.a, reads), ("B (write)", WRITE, &rank1.b, writes)];
    for (what, direction, values, names) in both {
        for (i, (v, name)) in values.iter().zip(names).enumerate() {
            table.push(direction.item(i), [what.into(), name.as_str().into(), Written::from(*v)]);
        }
    }
    table
}
