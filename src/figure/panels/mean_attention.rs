//! Panel 4: where the answer rows look, on average over 500 additions.

use super::parts::{by_head, place_bands, source};
use crate::chart::{Aspect, Axis, Cell, Cells, Chart, ColourBar, Facet, Layer, Scale};
use crate::facts;
use crate::panel::{Content, Panel, PanelSpec, Table};
use crate::section::Section;
use crate::subject::Subject;
use analysis::{Report, Rows};
use numbers::words;
use task::addition::{Alignment, EQUALS, ROWS};
use task::item::Item;
use task::sampling::ATTENTION_EXAMPLES;

pub const SPEC: PanelSpec = PanelSpec {
    key: "mean_attention",
    number: 4,
    title: "Mean attention",
    section: Section::Attention,
    wide: true,
    build,
};

/// The weight of the last colour; the same for all models, so that pictures compare.
const TOP: f64 = 0.5;

fn build(subject: &Subject) -> Panel {
    let Subject { report, alignment, .. } = *subject;
    let heads = &report.mean_attention;
    let chart = Chart {
        aspect: Aspect::Wide,
        facets: by_head(heads, |head, attention| facet(attention, head, alignment)),
        legend: Vec::new(),
        colour_bar: Some(ColourBar { top: TOP, step: 0.1 }),
    };
    Panel {
        aside: format!("{ATTENTION_EXAMPLES} additions; blank: not yet seen"),
        sentence: sentence(report, alignment),
        table: values(heads, alignment),
        content: Content::Chart(chart),
    }
}

/// A row of weights as far as the row can see; `None` beyond.
fn visible(attention: &Rows, head: usize, row: usize) -> Vec<Option<Cell>> {
    let cell = |place| Cell { value: attention[row][place], item: source(head, row, place) };
    (0..ROWS).map(|place| (place <= row).then(|| cell(place))).collect()
}

fn facet(attention: &Rows, head: usize, alignment: Alignment) -> Facet {
    let rows: Vec<Vec<Option<Cell>>> =
        alignment.attention_rows().map(|row| visible(attention, head, row)).collect();
    let names = (0..rows.len()).map(|k| alignment.row_label(k));
    let x = Axis {
        strong: None,
        label: String::new(),
        scale: Scale::Bands(place_bands(alignment, ROWS)),
        flip: false,
    };
    let y = match alignment {
        Alignment::Answer => Axis::bands(names).labelled("digit that the row predicts"),
        Alignment::Script => Axis::bands(names).labelled("row, as the script calls it"),
    };
    Facet::new(x, y.flipped()).with(Layer::Cells(Cells { rows, top: TOP }))
}

fn sentence(report: &Report, alignment: Alignment) -> String {
    match alignment {
        Alignment::Answer => {
            let who = facts::who_reads_what(report);
            match (report.mean_attention.as_slice(), facts::example(report)) {
                ([_], Some((_, example))) => format!("{who} {example}."),
                (_, Some((head, example))) => format!("{who} In head {}, {example}.", head + 1),
                (_, None) => who,
            }
        }
        Alignment::Script => script_sentence(report).unwrap_or_else(|| {
            "Rows and columns carry the script's labels, one place late from + on.".into()
        }),
    }
}

/// What the script's labels seem to say about a row, and what is so.
fn script_sentence(report: &Report) -> Option<String> {
    const K: usize = 4;
    let attention = report.mean_attention.first()?;
    let late = |index| Alignment::Script.place_label(index);
    let [(a, _), (b, _)] = facts::two_sources(attention, K, late)?;
    let [(x, _), (y, _)] = facts::two_sources(attention, K, task::addition::label)?;
    // The row that predicts Z4 is the script's A2.
    let row = Alignment::Script.row_label(EQUALS + K - Alignment::Script.attention_rows().start);
    Some(format!(
        "By the script's labels {row} looks at {a} and {b}. They are late: it is Z{K} looking at \
         {x} and {y}."
    ))
}

fn values(heads: &[Rows], alignment: Alignment) -> Table {
    let places = (0..ROWS).map(|j| alignment.place_label(j));
    let mut table = Table::new(["head".to_owned(), "row".into()].into_iter().chain(places));
    for (h, attention) in heads.iter().enumerate() {
        for (k, row) in alignment.attention_rows().enumerate() {
            let weights = visible(attention, h, row).into_iter().map(|cell| match cell {
                Some(Cell { value, item }) => (words::exact(value), Some(item)),
                None => (String::new(), None),
            });
            let head = ((h + 1).to_string(), None);
            let name = (alignment.row_label(k), Some(Item::Row(row)));
            table.push_cells([head, name].into_iter().chain(weights));
        }
    }
    table
}
