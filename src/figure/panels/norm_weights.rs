//! Panel 11: how much each dimension counts after a norm.

use super::parts::{around_zero, bar, beside, over_run};
use crate::chart::{Aspect, Axis, Bar, Chart, Facet, Hatch, Key, Layer, Swatch, Unit};
use crate::panel::{Content, Panel, PanelSpec, Table};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::Report;
use analysis::readout::LEARNED_67P;
use numbers::words;

pub const SPEC: PanelSpec = PanelSpec {
    key: "norm_weights",
    number: 11,
    title: "Norm weights",
    section: Section::Weights,
    wide: false,
    build,
};

const REFERENCE: &str = "67p learned";
const TONES: [Tone; 3] = [Tone::Accent, Tone::Second, Tone::Middling];

fn build(subject: &Subject) -> Panel {
    let report = subject.report;
    let dims = &report.shape.dims;
    let own = report.norms.distinct();
    let alone = own.len() == 1;
    let mut series: Vec<(String, Tone, Vec<f64>)> = own
        .into_iter()
        .zip(TONES)
        .map(|((name, w), tone)| {
            let name = if alone { "this model".into() } else { name.to_owned() };
            (name, tone, w.to_vec())
        })
        .collect();
    let compared = dims.len() == LEARNED_67P.len();
    if compared {
        series.push((REFERENCE.into(), Tone::Special, LEARNED_67P.to_vec()));
    }
    let bars: Vec<Bar> = series
        .iter()
        .enumerate()
        .flat_map(|(s, (name, tone, weights))| {
            let count = series.len();
            weights.iter().enumerate().map(move |(i, &w)| {
                let dim = dims.get(i).map_or("?", String::as_str);
                let bar = Bar {
                    label: format!("{name}, {dim}"),
                    says: words::number(w),
                    ..bar(i, w, *tone)
                };
                beside(bar, s, count)
            })
        })
        .collect();
    let (lo, hi) = around_zero(bars.iter().map(|b| b.value).chain(over_run(subject, |s| s.norms)));
    let facet = Facet::new(Axis::bands(dims.clone()), Axis::numbers("weight", lo, hi, Unit::Plain))
        .with(Layer::Bars(bars));
    let mut chart = Chart::one(Aspect::Landscape, facet);
    chart.legend = series
        .iter()
        .map(|(name, tone, _)| Key::new(Swatch::Bar(*tone, Hatch::Plain), name.clone()))
        .collect();
    Panel {
        aside: report.norms.kind.clone(),
        sentence: sentence(report, compared),
        table: values(dims, &series),
        content: Content::Chart(chart),
    }
}

fn sentence(report: &Report, compared: bool) -> String {
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
    if compared {
        finding
    } else {
        format!("{finding} With {} dimensions there is no 67p model to compare with.", dims.len())
    }
}

fn values(dims: &[String], series: &[(String, Tone, Vec<f64>)]) -> Table {
    let names = series.iter().map(|s| s.0.clone());
    let mut table = Table::new(std::iter::once("dimension".to_owned()).chain(names));
    for (i, dim) in dims.iter().enumerate() {
        let weights =
            series.iter().map(|s| s.2.get(i).copied().map_or_else(String::new, words::exact));
        table.push(std::iter::once(dim.clone()).chain(weights));
    }
    table
}
