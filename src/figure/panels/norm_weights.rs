//! Panel 11: how much each dimension counts after a norm. The script compares with what another model, of 67 numbers, learned.

use super::parts::{bar, bar_range, beside};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Hatch, Key, Layer, Swatch, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table, Written, whole};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::Report;
use analysis::readout::LEARNED_67P;
use numbers::listed::Listed;
use numbers::words;
use task::addition::Alignment;
use task::item::{Item, Norm};

pub const SPEC: PanelSpec = PanelSpec {
    key: "norm_weights",
    number: 11,
    title: "Norm weights",
    script_title: None,
    section: Section::Weights,
    wide: false,
    named: [1, 1],
    under: whole,
    build,
};

const REFERENCE: &str = "67p learned";
const TONES: [Tone; 3] = [Tone::Accent, Tone::Second, Tone::Middling];

/// The weights of one norm, or of several that are the same.
struct Weights {
    name: String,
    tone: Tone,
    /// Which norms of the model; none for the reference.
    norms: &'static [Norm],
    values: Vec<f64>,
}

impl Weights {
    /// What the weight of a dimension stands for: of the reference, the dimension alone.
    fn items(&self, dim: usize) -> Vec<Item> {
        match self.norms {
            [] => vec![Item::Dim(dim)],
            norms => norms.iter().map(|&norm| Item::NormWeight { norm, dim }).listed(),
        }
    }
}

fn series(report: &Report) -> Vec<Weights> {
    let own = report.norms.distinct();
    let alone = own.len() == 1;
    own.into_iter()
        .zip(TONES)
        .map(|((name, norms, values), tone)| {
            let name = if alone { "this model".into() } else { name.to_owned() };
            Weights { name, tone, norms, values: values.to_vec() }
        })
        .listed()
}

fn build(subject: &Subject) -> Panel {
    let report = subject.report;
    let dims = &report.shape.dims;
    let mut series = series(report);
    let is_script = subject.alignment == Alignment::Script;
    let compared = is_script && dims.len() == LEARNED_67P.len();
    if compared {
        let (name, values) = (REFERENCE.into(), LEARNED_67P.to_vec());
        series.push(Weights { name, tone: Tone::Special, norms: &[], values });
    }
    let bars: Vec<Bar> = series
        .iter()
        .enumerate()
        .flat_map(|(s, weights)| {
            let count = series.len();
            weights.values.iter().enumerate().map(move |(i, &w)| {
                let dim = dims.get(i).map_or("?", String::as_str);
                let bar = Bar {
                    items: weights.items(i),
                    label: format!("{}, {dim}", weights.name),
                    says: words::number(w),
                    ..bar(i, w, weights.tone)
                };
                beside(bar, s, count)
            })
        })
        .listed();
    let (lo, hi) = bar_range(subject, bars.iter().map(|b| b.value), |s| s.norms.ends());
    let facet = Facet::new(Axis::bands(dims.clone()), Axis::numbers("weight", lo, hi, Unit::Plain))
        .with(Layer::Bars(bars));
    let mut chart = Chart::one(Aspect::Landscape, facet);
    let keys = series.iter().map(|w| Key::new(Swatch::Bar(w.tone, Hatch::Plain), w.name.clone()));
    if series.len() > 1 {
        chart.legend = keys.listed();
    }
    Panel {
        aside: report.norms.kind.clone(),
        sentence: sentence(report, !is_script || compared),
        table: values(dims, &series),
        content: Content::Chart(chart),
        ..Panel::default()
    }
}

fn sentence(report: &Report, is_all: bool) -> String {
    let weights = &report.norms.norm1;
    let dims = &report.shape.dims;
    let by_size = |a: &usize, b: &usize| weights[*a].abs().total_cmp(&weights[*b].abs());
    let (most, least) = ((0..weights.len()).max_by(by_size), (0..weights.len()).min_by(by_size));
    let (Some(most), Some(least)) = (most, least) else { return String::new() };
    let what = if report.norms.distinct().len() == 1 { "The norms weigh" } else { "Norm 1 weighs" };
    let finding = if weights[most].abs() == weights[least].abs() {
        format!("{what} all dimensions alike.")
    } else {
        format!(
            "{what} {} most ({}) and {} least ({}).",
            dims[most],
            words::number(weights[most]),
            dims[least],
            words::number(weights[least])
        )
    };
    if is_all {
        finding
    } else {
        format!("{finding} With {} dimensions there is no 67p model to compare with.", dims.len())
    }
}

fn values(dims: &[String], series: &[Weights]) -> Table {
    let names = series.iter().map(|weights| weights.name.clone());
    let mut table = Table::new(std::iter::once("dimension".to_owned()).chain(names));
    for (i, dim) in dims.iter().enumerate() {
        let cells = series.iter().map(|weights| match weights.values.get(i) {
            Some(&value) => (Written::from(value), weights.items(i).into_iter().next()),
            None => ("".into(), None),
        });
        table.push_cells(std::iter::once((dim.clone().into(), Some(Item::Dim(i)))).chain(cells));
    }
    table
}
