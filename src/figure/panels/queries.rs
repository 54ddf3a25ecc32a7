//! Panels 2 and 3 as they should be: keys of places, and the turned queries of answer rows, so that the picture shows what
//! each row asks for.
//!
//! X, Y and Z share their keys column by column, and so each column is one mark.

use super::parts::{by_head, unsquashed};
use super::positions::{self, Cluster, clusters, columns, ranges};
use crate::chart::{
    Aspect, Axis, Chart, Dot, Facet, Key, Layer, Marker, Radius, Swatch, Tag, Unit,
};
use crate::facts;
use crate::panel::{Content, Panel, Table, Written};
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::Report;
use numbers::listed::Listed;
use numbers::words;
use task::addition::{ANSWER_DIGITS, Alignment, DIGITS, EQUALS, Group, SEQUENCE, Z10, label};
use task::item::{Item, Point};

/// How long arrows are on average, as a share of how far keys are out: what they point at has room beyond them.
const LENGTH: f64 = 0.6;
/// The radius of a column's disc.
const DISC: f64 = 8.5;

/// Two dimensions of one head.
struct Plane {
    /// Of a query or a key.
    columns: [usize; 2],
    keys: Vec<Cluster>,
    /// Of each answer row: where its arrow ends, and its query.
    queries: Vec<[(f64, f64); 2]>,
    x: (f64, f64),
    y: (f64, f64),
}

impl Plane {
    fn new(subject: &Subject, columns: [usize; 2]) -> Plane {
        let geometry = &subject.report.geometry;
        // No answer row sees Z10 or EOS.
        let keys = clusters(&geometry.keys[..Z10], columns);
        let at = |row: &Vec<f64>| (row[columns[0]], row[columns[1]]);
        let queries: Vec<(f64, f64)> =
            geometry.queries[EQUALS..EQUALS + ANSWER_DIGITS].iter().map(at).listed();
        let out = mean_length(keys.iter().filter(|key| key.is_digit()).map(|key| key.at));
        let shortened = LENGTH * out / mean_length(queries.iter().copied()).max(f64::MIN_POSITIVE);
        let queries = queries.into_iter().map(|q| [(q.0 * shortened, q.1 * shortened), q]).listed();
        // Arrows begin at the origin.
        let of_keys = keys.iter().map(|key| (key.is_digit(), key.at));
        let own = ranges(of_keys.chain([(true, (0.0, 0.0))]).listed());
        let [x, y] = match subject.scales {
            Some(scales) => {
                let corners =
                    positions::corners(&scales.keys[..Z10.min(scales.keys.len())], columns);
                unsquashed(ranges(corners), own)
            }
            None => own,
        };
        Plane { columns, keys, queries, x, y }
    }
}

fn mean_length(points: impl Iterator<Item = (f64, f64)>) -> f64 {
    let lengths: Vec<f64> = points.map(|(x, y)| libm::sqrt(x * x + y * y)).listed();
    lengths.iter().sum::<f64>() / lengths.len().max(1) as f64
}

pub fn build(subject: &Subject, dims: [usize; 2]) -> Panel {
    let report = subject.report;
    let (heads, width) = (report.shape.n_heads, report.shape.qk_dim);
    let columns = |h: usize| [h * width + dims[0], h * width + dims[1]];
    let planes: Vec<Plane> = (0..heads).map(|h| Plane::new(subject, columns(h))).listed();
    let facets = by_head(&planes, |h, plane| facet(report, (h, plane), dims));
    let chart = Chart { aspect: Aspect::Square, facets, legend: legend(&planes), colour_bar: None };
    let per_head = if heads > 1 { " per head" } else { "" };
    Panel {
        aside: format!("of {width} dims{per_head}"),
        sentence: sentence(report, dims),
        table: values(report, dims),
        content: Content::Chart(chart),
        ..Panel::default()
    }
}

fn facet(report: &Report, (head, plane): (usize, &Plane), dims: [usize; 2]) -> Facet {
    let axis =
        |dim: usize, (lo, hi): (f64, f64)| Axis::numbers(format!("dim {dim}"), lo, hi, Unit::Plain);
    let queries = plane.queries.iter().enumerate();
    let queries = queries.map(|(k, [at, query])| arrow(report, (head, k), *at, *query));
    let dots = queries.chain(plane.keys.iter().map(|key| disc(key, plane)));
    // What is drawn of each: stored numbers that enter it mark it by these.
    let of = |point, row| plane.columns.map(|index| Item::Number { point, row, index });
    let dots = dots.map(|mut dot| {
        let numbers = match dot.items.first() {
            Some(Item::Row(row)) => of(Point::Query, *row),
            Some(Item::Place(place)) => of(Point::Key, *place), // those of a column are the same
            _ => return dot,
        };
        dot.items.extend(numbers);
        dot
    });
    let facet = Facet::new(axis(dims[0], plane.x), axis(dims[1], plane.y));
    Facet { equal_aspect: true, ..facet.with(Layer::Dots(dots.listed())) }
}

/// What row `k` asks by.
fn arrow(report: &Report, (head, k): (usize, usize), at: (f64, f64), query: (f64, f64)) -> Dot {
    let scores = facts::asked(report, head, k);
    let asks = match scores.as_slice() {
        [(best, score), (next, other), ..] => format!(
            "asks most for {best} (score {}), then for {next} ({})",
            words::number(*score),
            words::number(*other)
        ),
        _ => String::new(),
    };
    Dot {
        at,
        radius: Radius::Pixels(3.0),
        marker: Marker::Arrow,
        tones: vec![Tone::Z],
        tag: Tag::Beside { texts: vec![format!("Z{k}")], towards: at, leader: false },
        items: vec![Item::Row(EQUALS + k)],
        label: format!("query of Z{k}"),
        says: format!("{}, {asks}", words::pair(query)),
    }
}

/// What a place is found by.
fn disc(key: &Cluster, plane: &Plane) -> Dot {
    let tones = match key.column() {
        Some(_) => vec![Tone::Accent],
        None => key.tones(Alignment::Answer),
    };
    let middle = ((plane.x.0 + plane.x.1) / 2.0, (plane.y.0 + plane.y.1) / 2.0);
    let (radius, tag) = match key.column() {
        Some(column) => (DISC, Tag::Inside(column.to_string())),
        None => {
            let texts = key.texts(Alignment::Answer);
            let towards = (key.at.0 - middle.0, key.at.1 - middle.1);
            (5.0, Tag::Beside { texts, towards, leader: true })
        }
    };
    Dot {
        at: key.at,
        radius: Radius::Pixels(radius),
        marker: key.marker(Alignment::Answer),
        tones,
        tag,
        items: key.members.iter().map(|&place| Item::Place(place)).listed(),
        label: key.names(Alignment::Answer),
        says: words::pair(key.at),
    }
}

fn legend(planes: &[Plane]) -> Vec<Key> {
    let keys = || planes.iter().flat_map(|plane| &plane.keys);
    let mut legend = Vec::new();
    if keys().any(|key| key.column().is_some()) {
        let swatch = Swatch::Marker(Marker::Circle, Tone::Accent);
        legend.push(Key::new(swatch, "keys"));
    }
    for group in [Group::X, Group::Y, Group::Z] {
        let is_alone = |key: &Cluster| {
            key.column().is_none() && key.members.iter().any(|&j| Group::of(j) == group)
        };
        if keys().any(is_alone) {
            let swatch = Swatch::Marker(Marker::Circle, Tone::of(group));
            legend.push(Key::new(swatch, format!("key of {}", group.label())));
        }
    }
    legend.push(Key::new(Swatch::Marker(Marker::Square, Tone::Special), "of + ="));
    let swatch = Swatch::Marker(Marker::Arrow, Tone::Z);
    legend.push(Key::new(swatch, "queries, shortened"));
    legend
}

fn sentence(report: &Report, dims: [usize; 2]) -> String {
    if dims[0] > 0 {
        return "The same queries and keys along the next two dimensions: a score adds up all of them.".into();
    }
    let heads = report.shape.n_heads;
    let of_head = |head: usize| {
        let asks = |k: usize, column: Option<usize>| {
            let best = facts::asked(report, head, k);
            best.first()
                .is_some_and(|(place, _)| Some(place.clone()) == column.map(facts::column_name))
        };
        let own = (1..DIGITS).filter(|&k| asks(k, Some(k))).count();
        let before = (1..DIGITS).filter(|&k| asks(k, k.checked_sub(1))).count();
        let who = if heads > 1 { format!("Head {}: ", head + 1) } else { String::new() };
        let turned = report.geometry.turns.get(head).copied().unwrap_or_default();
        let turn = match turned == 0.0 {
            true => String::new(),
            false => format!(" Queries are turned by {}°.", words::fixed(turned.to_degrees(), 0)),
        };
        let found = match (own, before) {
            (9, _) => "the row that holds Z(i) asks for column i+1, the next digits to add.".into(),
            (_, 9) => {
                "the row that holds Z(i) asks for column i once more, where its carry comes from."
                    .into()
            }
            (own, before) => format!(
                "of the nine rows that hold Z0 to Z8, {own} ask for the next column and {before} for their own."
            ),
        };
        facts::capitalised(&format!("{who}{found}")) + &turn
    };
    (0..heads).map(of_head).listed().join(" ")
}

pub fn values(report: &Report, dims: [usize; 2]) -> Table {
    let columns = columns(report, dims);
    let named = |what: &'static str| columns.iter().map(move |(name, _)| format!("{what}, {name}"));
    let places = ["place".to_owned(), "group".into()].into_iter();
    let mut table = Table::new(places.chain(named("key")).chain(named("query")));
    let geometry = &report.geometry;
    for place in 0..SEQUENCE {
        let numbers = |rows: &analysis::Rows| -> Vec<Written> {
            columns.iter().map(|(_, column)| rows[place][*column].into()).listed()
        };
        let names = [label(place), Group::of(place).label().to_owned()];
        let both = numbers(&geometry.keys).into_iter().chain(numbers(&geometry.queries));
        table.push(Item::Place(place), names.into_iter().map(Written::from).chain(both));
    }
    table
}
