//! What panels 2 and 3 share. As the script draws them: two dimensions of `P·Wqᵀ` for each head, without norm or turn.
//!
//! X, Y and Z share their digit positions, so thirty of the thirty-four points coincide
//! in ten places. Each place is one mark with one label.

use super::parts::{Box2, by_head, unsquashed};
use super::queries;
use crate::chart::{
    Aspect, Axis, Chart, Dot, Facet, Key, Layer, Marker, Radius, Swatch, Tag, Unit,
};
use crate::facts;
use crate::panel::{Content, Panel, Table, Written};
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::Report;
use analysis::extremes::{Extremes, Span};
use numbers::listed::Listed;
use numbers::order;
use numbers::words;
use task::addition::{Alignment, DIGITS, Group, SEQUENCE, Y0, Z0};
use task::item::Item;

/// A point far outside is left off the scale when the digits would shrink to less than
/// this share of the plot.
const DIGITS_SHARE: f64 = 0.42;

/// What this file draws: the other alignment shows what rows ask for.
const SCRIPT: Alignment = Alignment::Script;

/// Two dimensions of one head.
struct Plane {
    clusters: Vec<Cluster>,
    /// What the horizontal axis shows.
    xs: (f64, f64),
    /// What the vertical axis shows.
    ys: (f64, f64),
}

impl Plane {
    fn new(subject: &Subject, columns: [usize; 2]) -> Plane {
        let clusters = clusters(&subject.report.geometry.positions_qk, columns);
        let own = ranges(clusters.iter().map(|c| (c.is_digit(), c.at)).listed());
        let of_run = |s: &Extremes| ranges(corners(&s.positions_qk, columns));
        let [xs, ys] = subject.scales.map_or(own, |scales| unsquashed(of_run(scales), own));
        Plane { clusters, xs, ys }
    }
}

/// Places that share one point.
pub struct Cluster {
    pub at: (f64, f64),
    pub members: Vec<usize>,
}

pub fn build(subject: &Subject, dims: [usize; 2]) -> Panel {
    let Subject { report, alignment, .. } = *subject;
    let (heads, width) = (report.shape.n_heads, report.shape.qk_dim);
    if width <= dims[1] {
        return Panel {
            table: match alignment {
                Alignment::Answer => queries::values(report, dims),
                Alignment::Script => values(report, dims),
            },
            ..Panel::note(missing(width, dims))
        };
    }
    if report.shape.qk_of_tokens {
        return Panel::note(OF_TOKENS);
    }
    if alignment == Alignment::Answer {
        return queries::build(subject, dims);
    }
    let columns = |h: usize| [h * width + dims[0], h * width + dims[1]];
    let planes: Vec<Plane> = (0..heads).map(|h| Plane::new(subject, columns(h))).listed();
    let chart = Chart {
        aspect: Aspect::Square,
        facets: by_head(&planes, |_, plane| facet(plane, dims)),
        legend: legend(),
        colour_bar: None,
    };
    let per_head = if heads > 1 { " per head" } else { "" };
    Panel {
        aside: format!("of {width} dims{per_head}"),
        sentence: sentence(dims, &planes),
        table: values(report, dims),
        content: Content::Chart(chart),
        ..Panel::default()
    }
}

const OF_TOKENS: &str = "Does not apply: queries and keys read the token part alone, so a position lies nowhere in their space.";

fn missing(width: usize, dims: [usize; 2]) -> String {
    let shown = if width > dims[0] { " The remaining one is in the table." } else { "" };
    format!(
        "Does not apply: queries and keys have {width} dimensions per head, so there is no plane \
         of dims {} and {}.{shown}",
        dims[0], dims[1]
    )
}

/// Places with the same two coordinates, in order of their first place.
pub fn clusters(rows: &[Vec<f64>], columns: [usize; 2]) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for (index, row) in rows.iter().enumerate().take(SEQUENCE) {
        let at = (row[columns[0]], row[columns[1]]);
        if !(at.0.is_finite() && at.1.is_finite()) {
            continue;
        }
        let size = 1.0 + at.0.abs() + at.1.abs();
        let same = |c: &&mut Cluster| (c.at.0 - at.0).abs() + (c.at.1 - at.1).abs() < 1e-9 * size;
        match clusters.iter_mut().find(same) {
            Some(cluster) => cluster.members.push(index),
            None => clusters.push(Cluster { at, members: vec![index] }),
        }
    }
    clusters
}

impl Cluster {
    pub fn names(&self, alignment: Alignment) -> String {
        let names: Vec<String> = self.members.iter().map(|&m| alignment.place_label(m)).listed();
        names.join(" ")
    }

    /// The column whose X, Y and Z are exactly these members.
    pub fn column(&self) -> Option<usize> {
        let i = *self.members.first()?;
        (i < DIGITS && self.members == [i, Y0 + i, Z0 + i]).then_some(i)
    }

    pub fn tones(&self, alignment: Alignment) -> Vec<Tone> {
        let mut tones: Vec<Tone> = Vec::new();
        for &m in self.members.iter().rev() {
            let tone = Tone::of(alignment.place_group(m));
            if !tones.contains(&tone) {
                tones.push(tone);
            }
        }
        tones
    }

    /// Labels from best to shortest: the column's number where that says all, otherwise
    /// all names, or the first name.
    pub fn texts(&self, alignment: Alignment) -> Vec<String> {
        match (self.column(), alignment) {
            (Some(i), Alignment::Answer) => vec![i.to_string()],
            _ if self.members.len() == 1 => vec![self.names(alignment)],
            _ => {
                let first = alignment.place_label(self.members[0]);
                vec![self.names(alignment), format!("{first} …")]
            }
        }
    }

    pub fn marker(&self, alignment: Alignment) -> Marker {
        let group = |g: Group| self.members.iter().all(|&m| alignment.place_group(m) == g);
        if group(Group::Special) {
            Marker::Square
        } else if group(Group::CarryOut) {
            Marker::Diamond
        } else {
            Marker::Circle
        }
    }

    pub fn is_digit(&self) -> bool {
        self.members.iter().any(|&m| facts::column(m).is_some())
    }
}

fn facet(plane: &Plane, dims: [usize; 2]) -> Facet {
    let Plane { clusters, xs, ys } = plane;
    let middle = ((xs.0 + xs.1) / 2.0, (ys.0 + ys.1) / 2.0);
    let dots = clusters.iter().map(|c| {
        let tones = c.tones(SCRIPT);
        Dot {
            at: c.at,
            radius: Radius::Pixels(if tones.len() > 1 { 6.5 } else { 5.0 }),
            marker: c.marker(SCRIPT),
            tones,
            tag: Tag::Beside {
                texts: c.texts(SCRIPT),
                towards: (c.at.0 - middle.0, c.at.1 - middle.1),
                leader: true,
            },
            items: c.members.iter().map(|&place| Item::Place(place)).listed(),
            label: c.names(SCRIPT),
            says: words::pair(c.at),
        }
    });
    let mut facet = Facet::new(
        Axis::numbers(format!("dim {}", dims[0]), xs.0, xs.1, Unit::Plain),
        Axis::numbers(format!("dim {}", dims[1]), ys.0, ys.1, Unit::Plain),
    )
    .with(Layer::Dots(dots.listed()));
    facet.equal_aspect = true;
    facet
}

/// How far each place moves over a run, as two corners, and whether it is a digit's.
pub fn corners(places: &[Vec<Span>], columns: [usize; 2]) -> Vec<(bool, (f64, f64))> {
    let places = places.iter().enumerate();
    let both = places.filter_map(|(place, spans)| {
        let (x, y) = (spans.get(columns[0])?, spans.get(columns[1])?);
        let is_digit = facts::column(place).is_some();
        Some([(is_digit, (x.lo, y.lo)), (is_digit, (x.hi, y.hi))])
    });
    both.flatten().listed()
}

/// A box around the digits, which are marked `true`, grown by other points from near to far as
/// long as the digits keep their share of it.
pub fn ranges(points: Vec<(bool, (f64, f64))>) -> Box2 {
    let of = |kind: bool| points.iter().filter(move |p| p.0 == kind).map(|p| p.1);
    let mut digits: Vec<(f64, f64)> = of(true).listed();
    let (xs, ys) = bounds(&digits);
    let ring = (xs.1 - xs.0).max(ys.1 - ys.0).max(1e-9);
    let middle = ((xs.0 + xs.1) / 2.0, (ys.0 + ys.1) / 2.0);
    let nearness = |p: &(f64, f64)| -(p.0 - middle.0).abs().max((p.1 - middle.1).abs());
    let others: Vec<(f64, f64)> = of(false).listed();
    for other in order::falling(&others, nearness) {
        digits.push(other);
        let (xs, ys) = bounds(&digits);
        if ring / (xs.1 - xs.0).max(ys.1 - ys.0) < DIGITS_SHARE {
            digits.pop();
            break;
        }
    }
    let (xs, ys) = bounds(&digits);
    let margin = 0.16 * (xs.1 - xs.0).max(ys.1 - ys.0).max(1e-9);
    [(xs.0 - margin, xs.1 + margin), (ys.0 - margin, ys.1 + margin)]
}

fn bounds(points: &[(f64, f64)]) -> ((f64, f64), (f64, f64)) {
    let start = ((f64::MAX, f64::MIN), (f64::MAX, f64::MIN));
    points
        .iter()
        .fold(start, |(xs, ys), &(x, y)| ((xs.0.min(x), xs.1.max(x)), (ys.0.min(y), ys.1.max(y))))
}

fn legend() -> Vec<Key> {
    let groups = Group::ALL.into_iter().map(|g| {
        let (marker, text) = match g {
            Group::Special => (Marker::Square, "+ = EOS"),
            Group::CarryOut => (Marker::Diamond, "Zhi"),
            Group::Z => (Marker::Circle, "A"),
            _ => (Marker::Circle, g.label()),
        };
        Key::new(Swatch::Marker(marker, Tone::of(g)), text)
    });
    groups.listed()
}

fn sentence(dims: [usize; 2], heads: &[Plane]) -> String {
    let mut sentences = Vec::new();
    if dims[0] == 0 {
        sentences.push("Colours and names follow the script's late labels.".to_owned());
    }
    if heads.iter().all(|head| goes_around(&head.clusters)) {
        sentences.push("Columns 0 to 9 go around once, in order.".into());
    }
    let far: Vec<Vec<String>> = heads.iter().map(far_out).listed();
    let alike = far.windows(2).all(|w| w[0] == w[1]);
    for (h, names) in far.iter().enumerate().filter(|(h, f)| !f.is_empty() && (*h == 0 || !alike)) {
        let place = match (heads.len(), alike) {
            (1, _) => String::new(),
            (_, true) => " in all heads".into(),
            _ => format!(" in head {}", h + 1),
        };
        let verb = if names.len() == 1 { "lies" } else { "lie" };
        sentences.push(format!("{} {verb} far out{place}.", words::list(names)));
    }
    if sentences.is_empty() {
        sentences.push("The same positions along the next dimensions.".into());
    }
    sentences.join(" ")
}

/// Names of the points that are left off the scale.
fn far_out(Plane { clusters, xs, ys }: &Plane) -> Vec<String> {
    let outside = |c: &&Cluster| c.at.0 < xs.0 || c.at.0 > xs.1 || c.at.1 < ys.0 || c.at.1 > ys.1;
    clusters.iter().filter(outside).map(|c| c.names(SCRIPT)).listed()
}

/// Whether the columns, as they stand around their centre, follow each other in one
/// direction and close less than a whole turn.
fn goes_around(clusters: &[Cluster]) -> bool {
    let points: Vec<(f64, f64)> = (0..DIGITS)
        .filter_map(|i| clusters.iter().find(|c| c.members.contains(&i)).map(|c| c.at))
        .listed();
    let n = points.len() as f64;
    let sum = points.iter().fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1));
    let spokes: Vec<(f64, f64)> =
        points.iter().map(|p| (p.0 - sum.0 / n, p.1 - sum.1 / n)).listed();
    let turns: Vec<f64> = spokes
        .windows(2)
        .map(|w| libm::atan2(w[0].0 * w[1].1 - w[0].1 * w[1].0, w[0].0 * w[1].0 + w[0].1 * w[1].1))
        .listed();
    let total: f64 = turns.iter().sum();
    let one_way = turns.iter().all(|t| t * total > 0.0);
    points.len() == DIGITS && one_way && (4.7..6.3).contains(&total.abs())
}

/// The columns of a table of queries or keys in these dimensions: what each is called, and where it is among all heads'.
pub fn columns(report: &Report, dims: [usize; 2]) -> Vec<(String, usize)> {
    let (heads, width) = (report.shape.n_heads, report.shape.qk_dim);
    let all = (0..heads).flat_map(|h| dims.map(move |d| (h, d)));
    let columns = all.filter(|&(_, d)| d < width).map(|(h, d)| {
        let head = if heads > 1 { format!("head {}, ", h + 1) } else { String::new() };
        (format!("{head}dim {d}"), h * width + d)
    });
    columns.listed()
}

fn values(report: &Report, dims: [usize; 2]) -> Table {
    let columns = columns(report, dims);
    let mut table = Table::new(
        ["place".to_owned(), "group".into()].into_iter().chain(columns.iter().map(|c| c.0.clone())),
    );
    for (index, row) in report.geometry.positions_qk.iter().enumerate() {
        let name = SCRIPT.place_label(index);
        let group = SCRIPT.place_group(index).label().to_owned();
        let numbers = columns.iter().map(|c| Written::from(row[c.1]));
        table.push(Item::Place(index), [name, group].into_iter().map(Written::from).chain(numbers));
    }
    table
}
