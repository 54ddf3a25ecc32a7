//! The rulers of one answer digit in both, on one axis: below each lane of A that of B, in outlines.

use super::both;
use crate::chart::{Axis, BandLabel, Chart, Layer, Scale, Track, Tracks};
use crate::panel::{Content, Panel, Table};
use analysis::ruler::{Ruler, RulerAxis};
use numbers::listed::Listed;
use numbers::words;

/// The panel that shows them.
pub const KEY: &str = "ruler";

/// Both rulers in one panel.
pub fn together([one, other]: [&Ruler; 2], a: Panel, b: Panel) -> Panel {
    let table = both_tables(&a.table, &b.table);
    let each = format!("A: {} B: {}", a.sentence, b.sentence);
    let (content, said) = match (&a.content, &b.content) {
        (Content::Chart(chart), Content::Chart(beside)) => match overlaid(chart, beside) {
            Some(chart) if one.along == other.along => (Content::Chart(chart), apart(one, other)),
            _ => {
                let why = "The one is read off one number and the other is not, so that they have no axis in common: \
                           A’s is drawn, and B’s where B is chosen.";
                (a.content.clone(), why.to_owned())
            }
        },
        _ => (a.content.clone(), String::new()),
    };
    let sentence = format!("{said} {each}").trim().to_owned();
    Panel { title: a.title, aside: a.aside, sentence, table, content }
}

/// Lanes of A with those of B below them.
fn overlaid(a: &Chart, b: &Chart) -> Option<Chart> {
    let mut chart = a.clone();
    let (own, other) = (chart.facets.first_mut()?, b.facets.first()?);
    let (Layer::Tracks(lanes), Layer::Tracks(below)) =
        (own.layers.first_mut()?, other.layers.first()?)
    else {
        return None;
    };
    if lanes.lanes.len() != below.lanes.len() {
        return None;
    }
    let headed = usize::from(!lanes.heading.is_empty());
    let names = (0..lanes.lanes.len()).flat_map(|i| {
        let name = own.y.band(i + headed);
        [format!("{name}, A"), "B".to_owned()]
    });
    let head = (headed > 0).then(|| own.y.band(0).to_owned()).into_iter();
    let label = |text| BandLabel { text, weight: 0 };
    let bands = Scale::Bands(head.chain(names).map(label).listed());
    own.y = Axis { scale: bands, strong: None, ..own.y.clone() };
    let hollow = |track: &Track| Track { hollow: true, own: false, ..track.clone() };
    let pairs = lanes.lanes.iter().zip(&below.lanes);
    let lanes_of_both = pairs.flat_map(|(a, b)| [a.clone(), hollow(b)]).listed();
    *lanes = Tracks { heading: lanes.heading.clone(), lanes: lanes_of_both };
    both::share(&mut own.x, &other.x);
    let missing = b.legend.iter().filter(|key| !a.legend.contains(key));
    chart.legend.extend(missing.cloned());
    chart.legend.splice(0..0, both::keys());
    Some(chart)
}

/// Where they differ, in words.
fn apart(a: &Ruler, b: &Ruler) -> String {
    let tokens = |ruler: &Ruler, at: usize| -> Vec<u8> {
        ruler.lanes.get(at).map_or(vec![], |lane| lane.segments.iter().map(|s| s.token).listed())
    };
    // Where one digit ends and the next begins: the outer ends are those of the axis.
    let places = |ruler: &Ruler, at: usize| -> Vec<f64> {
        let lane = ruler.lanes.get(at);
        lane.map_or(vec![], |lane| lane.segments.iter().skip(1).map(|s| s.from).listed())
    };
    let all = 0..a.lanes.len();
    let others: Vec<String> = all
        .clone()
        .filter(|at| tokens(a, *at) != tokens(b, *at))
        .map(|at| {
            let before = a.lanes.get(at).and_then(|lane| lane.before);
            before.map_or_else(|| "=".to_owned(), |before| before.to_string())
        })
        .listed();
    let own = match a.along {
        RulerAxis::Number => {
            " What attention adds up is each model’s own number: the axis is the same, its unit is not."
        }
        RulerAxis::Direction => "",
    };
    let [said, other] = [a, b].map(|ruler| ruler.pointer.said);
    let here = if said == other {
        format!("Both say {said} here.")
    } else {
        format!("Here A says {said} and B {other}.")
    };
    if !others.is_empty() {
        return format!(
            "{here} Other digits, or in another order, stand after {}.{own}",
            words::list(&others)
        );
    }
    if all.clone().all(|at| places(a, at) == places(b, at)) {
        let said = if a.pointer.s == b.pointer.s && a.written == b.written {
            "All segments are the same in both, and so is what attention wrote: every difference is 0."
        } else {
            "All segments are the same in both; what attention wrote into this row is not."
        };
        return format!("{here} {said}");
    }
    format!("{here} Every lane has the same digits in the same order, at other places.{own}")
}

/// The rows of both, each with whose it is.
fn both_tables(a: &Table, b: &Table) -> Table {
    let columns = std::iter::once("model".to_owned()).chain(a.columns.iter().cloned());
    let mut table = Table::new(columns);
    for (name, of) in [("A", a), ("B", b)] {
        for (row, items) in of.rows.iter().zip(&of.items) {
            let cells = row.iter().cloned().zip(items.iter().cloned());
            table.push_cells(std::iter::once((name.to_owned(), None)).chain(cells));
        }
    }
    table
}
