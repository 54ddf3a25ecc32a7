//! What two numbers of a model do together: exact accuracy over their values, as a heat map. Not among the panels, drawn like
//! them.

use super::chart::{
    Aspect, Axis, BandLabel, Bar, Chart, Facet, Hatch, Key, Layer, Swatch, Verdict, VerdictCell,
};
use super::panel::{Content, Panel, Table, Written};
use super::theme::Tone;
use analysis::robust::{Along, Landscape, LandscapeCell};
use numbers::listed::Listed;
use numbers::words;
use task::item::Item;

/// Steps of the scale that the legend shows, from its lower end to its upper.
const STEPS: usize = 3;
/// How much of its place a cell fills that is drawn over the others.
const FILLED: f64 = 0.96;
/// Half of it.
const HALF: f64 = FILLED / 2.0;

/// What the two numbers are called, and which of their values are the model's own.
#[derive(Clone, Copy, Debug)]
pub struct Own<'a> {
    /// Names of x and y.
    pub names: [&'a str; 2],
    /// The places of the own values among those of x and of y.
    pub at: [usize; 2],
}

/// The panel of a landscape, as far as it is known.
pub fn landscape(found: &Landscape, own: Own) -> Panel {
    Panel {
        title: "Landscape of two numbers",
        aside: format!("{} and {}", own.names[0], own.names[1]),
        sentence: sentence(found),
        table: table(found, own),
        content: Content::Chart(chart(found, own)),
    }
}

/// Where the colours begin and end: the smallest and the largest share that is decided.
fn ends(found: &Landscape) -> Option<(f64, f64)> {
    let decided = found.cells.iter().filter(|cell| cell.decided);
    let ends = decided.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), cell| {
        (low.min(cell.at_least), high.max(cell.at_least))
    });
    (ends.0 <= ends.1).then_some(ends)
}

/// In percent; 100 only where it is all of them.
fn percent(share: f64, is_all: bool) -> String {
    let most = if is_all { 100.0 } else { 100.0 - 1e-9 };
    words::percent((100.0 * share).min(most))
}

/// So many decimals tell values apart that stand by the same step.
fn texts(along: &Along) -> Vec<String> {
    let step = match along.values.as_slice() {
        [first, second, ..] => f64::from(*second) - f64::from(*first),
        _ => 1.0,
    };
    let decimals = (1.0 - libm::floor(libm::log10(step.abs().max(1e-12)))).clamp(0.0, 12.0);
    along.values.iter().map(|v| words::fixed(f64::from(*v), decimals as usize)).listed()
}

/// An axis of values; where not all fit, the own one and the ends come first.
fn axis(along: &Along, name: &str, own: usize) -> Axis {
    let last = along.values.len().saturating_sub(1);
    let weight = |at: usize| match at {
        at if at == own => 3,
        at if at == 0 || at == last => 2,
        at => u8::from(at.abs_diff(own).is_multiple_of(2)),
    };
    let labels = texts(along).into_iter().enumerate();
    let labels = labels.map(|(at, text)| BandLabel { text, weight: weight(at) }).listed();
    Axis { strong: Some(own), ..Axis::weighted(labels).labelled(name) }
}

fn item(along: &Along) -> Item {
    Item::Weight { tensor: along.tensor.clone(), index: along.index }
}

/// What is known of a cell, in words.
fn says(cell: &LandscapeCell) -> String {
    match cell {
        cell if cell.right => "right on all additions".into(),
        cell if cell.decided => format!("{} of all additions right", percent(cell.at_least, false)),
        cell => format!(
            "not decided, {} to {} right",
            percent(cell.at_least, false),
            percent(cell.at_most, cell.at_most >= 1.0)
        ),
    }
}

fn chart(found: &Landscape, own: Own) -> Chart {
    let Landscape { x, y, cells } = found;
    let (width, ends) = (x.values.len(), ends(found));
    let (across, up) = (texts(x), texts(y));
    let label = |at: usize| {
        let text = |texts: &[String], at: usize| texts.get(at).cloned().unwrap_or_default();
        let (x, y) = (text(&across, at % width), text(&up, at / width));
        format!("{} {x}, {} {y}", own.names[0], own.names[1])
    };
    let mut rows: Vec<Vec<Option<VerdictCell>>> = vec![vec![None; width]; y.values.len()];
    let (mut all, mut frames) = (Vec::new(), Vec::new());
    for (at, cell) in cells.iter().enumerate().take(width * y.values.len()) {
        let (column, row) = (at % width, at / width);
        let is_own = [column, row] == own.at;
        let label = if is_own { format!("{}, the model’s own", label(at)) } else { label(at) };
        let says = says(cell);
        if is_own {
            let words = (label.clone(), says.clone());
            frames.push(filled((column, row), (Tone::Ink, ""), words, item(x)));
        }
        if cell.right {
            all.push(filled((column, row), (Tone::Good, "all"), (label, says), item(x)));
        } else {
            let verdict = verdict(cell, ends);
            rows[row][column] = Some(VerdictCell { verdict, item: item(x), label, says });
        }
    }
    let axes = (axis(x, own.names[0], own.at[0]), axis(y, own.names[1], own.at[1]));
    let mut facet = Facet::new(axes.0, axes.1).with(Layer::Verdicts(rows)).with(Layer::Bars(all));
    facet.ghost = vec![Layer::Bars(frames)];
    Chart { legend: legend(cells, ends), ..Chart::one(Aspect::Square, facet) }
}

/// A cell by itself.
fn filled(
    (column, row): (usize, usize),
    (tone, text): (Tone, &str),
    (label, says): (String, String),
    item: Item,
) -> Bar {
    Bar {
        x: column as f64,
        width: FILLED,
        from: row as f64 - HALF,
        value: row as f64 + HALF,
        interval: None,
        tone,
        hatch: Hatch::Plain,
        text: text.to_owned(),
        inside: true,
        items: vec![item],
        label,
        says,
    }
}

/// Where between the ends of the scale a share is.
fn level(share: f64, (low, high): (f64, f64)) -> f64 {
    if high > low { (share - low) / (high - low) } else { 1.0 }
}

fn verdict(cell: &LandscapeCell, ends: Option<(f64, f64)>) -> Verdict {
    match (cell.decided, ends) {
        (true, _) if cell.at_most == 0.0 => Verdict::Wrong,
        (true, Some(ends)) => Verdict::Right(level(cell.at_least, ends)),
        _ => Verdict::Open,
    }
}

fn legend(cells: &[LandscapeCell], ends: Option<(f64, f64)>) -> Vec<Key> {
    let has = |is: fn(&LandscapeCell) -> bool| cells.iter().any(is);
    let is_all = has(|cell| cell.right);
    let mut keys = Vec::new();
    if let Some((low, high)) = ends {
        keys.push(Key::new(Swatch::None, "right, of all additions:"));
        let count = if high > low { STEPS } else { 1 };
        for step in 0..count {
            let share = if count > 1 { step as f64 / (count - 1) as f64 } else { 1.0 };
            let text = percent(low + share * (high - low), is_all && step + 1 == count);
            keys.push(Key::new(Swatch::Verdict(Verdict::Right(share)), text));
        }
    }
    if is_all {
        keys.push(Key::new(Swatch::Bar(Tone::Good, Hatch::Plain), "“all”: right on all of them"));
    }
    if has(|cell| cell.decided && cell.at_most == 0.0) {
        keys.push(Key::new(Swatch::Verdict(Verdict::Wrong), "none right"));
    }
    if has(|cell| !cell.decided) {
        keys.push(Key::new(Swatch::Verdict(Verdict::Open), "not decided"));
    }
    keys.push(Key::new(Swatch::Ghost, "the model’s own values"));
    keys
}

fn sentence(found: &Landscape) -> String {
    let Landscape { cells, x, y } = found;
    let total = x.values.len() * y.values.len();
    let all = cells.iter().filter(|cell| cell.right).count() as u64;
    let open = cells.iter().filter(|cell| !cell.decided).count() as u64;
    let so_far = if cells.len() < total { " so far" } else { "" };
    let mut words = format!(
        "Right on all additions in {} of {} cells{so_far}, in exact arithmetic",
        words::count(all),
        words::count(cells.len() as u64)
    );
    if let Some((low, _)) = ends(found).filter(|(low, high)| *low > 0.0 && low < high) {
        words +=
            &format!("; where it is decided, no cell has fewer right than {}", percent(low, false));
    }
    if open > 0 {
        words += &format!("; {} not decided", words::count(open));
    }
    words + "."
}

/// The values of every cell, with all digits of the shares: one below 1 is never rounded to it.
fn table(found: &Landscape, own: Own) -> Table {
    let Landscape { x, y, cells } = found;
    let columns = [own.names[0], own.names[1], "right at least", "right at most", "what is known"];
    let mut table = Table::new(columns);
    let width = x.values.len().max(1);
    for (at, cell) in cells.iter().enumerate() {
        let (Some(across), Some(up)) = (x.values.get(at % width), y.values.get(at / width)) else {
            continue;
        };
        let known = match cell {
            cell if cell.right => "all right",
            cell if cell.decided => "decided",
            _ => "not decided",
        };
        let share = |share: f64| {
            // What rounds to 1 and is less is the number before it.
            if share < 1.0 || cell.right { share } else { 1.0f64.next_down() }
        };
        let most = if cell.decided { share(cell.at_most) } else { cell.at_most };
        let cells: [(Written, Option<Item>); 5] = [
            (across.to_string().into(), Some(item(x))),
            (up.to_string().into(), Some(item(y))),
            (share(cell.at_least).to_string().into(), None),
            (most.to_string().into(), None),
            (known.into(), None),
        ];
        table.push_cells(cells);
    }
    table
}
