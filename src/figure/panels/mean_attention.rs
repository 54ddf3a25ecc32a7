//! Panel 4: where the answer rows look, on average over 500 additions.

use super::parts::{by_head, place_bands, places, source};
use crate::chart::{Aspect, Axis, Cell, Cells, Chart, ColourBar, Facet, Layer, Shade};
use crate::facts;
use crate::panel::{Content, Panel, PanelSpec, Table, Written, passes};
use crate::section::Section;
use crate::subject::Subject;
use analysis::{Report, Rows};
use numbers::listed::Listed;
use task::addition::{Alignment, EQUALS, ROWS};
use task::item::Item;
use task::sampling::ATTENTION_EXAMPLES;

pub const SPEC: PanelSpec = PanelSpec {
    key: "mean_attention",
    number: 4,
    title: "Mean attention",
    script_title: None,
    section: Section::Attention,
    wide: true,
    named: [2, 2],
    under: passes,
    build,
};

/// The scale of colours and its ticks: the same for all models, so that pictures compare. The script's ends at a half.
fn colours(alignment: Alignment) -> ColourBar {
    match alignment {
        Alignment::Answer => {
            ColourBar { shade: Shade::Root, ticks: vec![0.0, 0.01, 0.05, 0.2, 0.5, 1.0] }
        }
        Alignment::Script => ColourBar {
            shade: Shade::Even(0.5),
            ticks: (0..=5).map(|i| f64::from(i) * 0.1).listed(),
        },
    }
}

fn build(subject: &Subject) -> Panel {
    let Subject { report, alignment, .. } = *subject;
    let heads = &report.mean_attention;
    let chart = Chart {
        aspect: Aspect::Wide,
        facets: by_head(heads, |head, attention| facet(attention, head, alignment)),
        legend: Vec::new(),
        colour_bar: Some(colours(alignment)),
    };
    Panel {
        aside: format!("{ATTENTION_EXAMPLES} additions; blank: not yet seen"),
        sentence: sentence(report, alignment),
        table: values(heads, alignment),
        content: Content::Chart(chart),
        ..Panel::default()
    }
}

/// A row of weights as far as the row can see; `None` beyond.
fn visible(attention: &Rows, head: usize, row: usize) -> Vec<Option<Cell>> {
    let cell = |place| Cell { value: attention[row][place], item: source(head, row, place) };
    (0..ROWS).map(|place| (place <= row).then(|| cell(place))).listed()
}

fn facet(attention: &Rows, head: usize, alignment: Alignment) -> Facet {
    let rows: Vec<Vec<Option<Cell>>> =
        alignment.attention_rows().map(|row| visible(attention, head, row)).listed();
    let names = (0..rows.len()).map(|k| alignment.row_label(k));
    let (x, label) = match alignment {
        Alignment::Answer => (places(), "digit that the row predicts"),
        Alignment::Script => {
            (Axis::weighted(place_bands(alignment, ROWS)), "row, as the script calls it")
        }
    };
    let y = Axis::bands(names).labelled(label).flipped();
    Facet::new(x, y).with(Layer::Cells(Cells { rows, shade: colours(alignment).shade }))
}

fn sentence(report: &Report, alignment: Alignment) -> String {
    match alignment {
        Alignment::Answer => {
            let who = facts::who_reads_what(report);
            let said = match (report.mean_attention.as_slice(), facts::example(report)) {
                ([_], Some((_, example))) => format!("{who} {example}."),
                (_, Some((head, example))) => format!("{who} In head {}, {example}.", head + 1),
                (_, None) => who,
            };
            let path = report.mean_attention.iter().find_map(facts::carry_path);
            path.map_or(said.clone(), |path| format!("{said} {path}"))
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
                Some(Cell { value, item }) => (Written::from(value), Some(item)),
                None => ("".into(), None),
            });
            let head = ((h + 1).to_string().into(), None);
            let name = (alignment.row_label(k).into(), Some(Item::Row(row)));
            table.push_cells([head, name].into_iter().chain(weights));
        }
    }
    table
}
