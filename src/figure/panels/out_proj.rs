//! Panel 10: what the output projection reads and where it writes.

use super::parts::{around_zero, bar, beside, over_run};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Hatch, Key, Layer, Swatch, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::Report;
use analysis::readout::Rank1;
use numbers::words;
use task::addition::Alignment;
use task::item::Item;

pub const SPEC: PanelSpec = PanelSpec {
    key: "out_proj",
    number: 10,
    title: "Output projection",
    section: Section::Weights,
    wide: false,
    build,
};

/// One of the two directions.
#[derive(Clone, Copy)]
struct Direction {
    tone: Tone,
    name: &'static str,
    /// What holds it.
    tensor: &'static str,
}

const READ: Direction = Direction { tone: Tone::Accent, name: "|A| read", tensor: "out_proj.A" };
const WRITE: Direction = Direction { tone: Tone::Second, name: "|B| write", tensor: "out_proj.B" };

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
    let n = rank1.a.len().max(rank1.b.len());
    let bands: Vec<String> = (0..n).map(|i| band(i, &reads, &writes, alignment)).collect();
    let series = |values: &[f64], names: &[String], direction: Direction, s: usize| {
        let Direction { tone, name, .. } = direction;
        let bars = values.iter().enumerate().map(|(i, &v)| {
            let bar = Bar {
                items: vec![direction.item(i)],
                label: format!("{name}, {}", names[i]),
                says: words::number(v.abs()),
                ..bar(i, v.abs(), tone)
            };
            beside(bar, s, 2)
        });
        bars.collect::<Vec<Bar>>()
    };
    let mut bars = series(&rank1.a, &reads, READ, 0);
    bars.extend(series(&rank1.b, &writes, WRITE, 1));
    let (_, hi) =
        around_zero(bars.iter().map(|b| b.value).chain(over_run(subject, |s| s.out_proj)));
    let label = match alignment {
        Alignment::Answer => "value dimension read / residual dimension written",
        Alignment::Script => "",
    };
    let facet =
        Facet::new(Axis::bands(bands).labelled(label), Axis::numbers("size", 0.0, hi, Unit::Plain))
            .with(Layer::Bars(bars));
    let mut chart = Chart::one(Aspect::Landscape, facet);
    chart.legend =
        [READ, WRITE].map(|d| Key::new(Swatch::Bar(d.tone, Hatch::Plain), d.name)).into();
    Panel {
        aside: "rank 1".into(),
        sentence: format!(
            "Reads mostly along {} and writes mostly to {}.",
            largest(&rank1.a, &reads),
            largest(&rank1.b, &writes)
        ),
        table: values(rank1, &reads, &writes),
        content: Content::Chart(chart),
    }
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
    (reads.collect(), writes.collect())
}

/// A and B have different dimensions. The script shows both over the names of the
/// residual stream; that is right for B alone.
fn band(i: usize, reads: &[String], writes: &[String], alignment: Alignment) -> String {
    let read = if i < reads.len() { format!("v{i}") } else { "–".into() };
    let write = writes.get(i).map_or("–", String::as_str);
    match alignment {
        Alignment::Answer => format!("{read}\n{write}"),
        Alignment::Script => write.to_owned(),
    }
}

fn largest<'n>(values: &[f64], names: &'n [String]) -> &'n str {
    let most = values.iter().zip(names).max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
    most.map_or("nothing", |(_, name)| name)
}

fn values(rank1: &Rank1, reads: &[String], writes: &[String]) -> Table {
    let mut table = Table::new(["direction", "dimension", "value"]);
    let both = [("A (read)", READ, &rank1.a, reads), ("B (write)", WRITE, &rank1.b, writes)];
    for (what, direction, values, names) in both {
        for (i, (v, name)) in values.iter().zip(names).enumerate() {
            table.push(direction.item(i), [what, name, &words::exact(*v)]);
        }
    }
    table
}
