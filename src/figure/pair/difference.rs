//! Two maps as one of their difference, B less A.

use crate::chart::{
    Axis, Cell, Cells, Chart, ColourBar, Facet, Hatch, Key, Layer, Scale, Shade, Swatch, Verdict,
    VerdictCell,
};
use crate::render::cells::signed;
use crate::theme::Tone;
use numbers::listed::Listed;

/// Cells with their numbers; `None` where there is nothing, or it is not known.
type Numbers = Vec<Vec<Option<Cell>>>;

/// Whether it is drawn of cells, so that two of them do not fit onto each other.
pub fn is_map(chart: &Chart) -> bool {
    let mut layers = chart.facets.iter().flat_map(|facet| &facet.layers);
    layers.any(|layer| matches!(layer, Layer::Cells(_) | Layer::Verdicts(_)))
}

/// What B has more than A; `None` where their cells are not of the same.
pub fn difference(a: &Chart, b: &Chart) -> Option<Chart> {
    if a.facets.len() != b.facets.len() {
        return None;
    }
    let pairs = a.facets.iter().zip(&b.facets);
    let mut facets = Vec::new();
    for (one, other) in pairs {
        facets.push(subtracted(one, other)?);
    }
    let values = facets.iter().flat_map(|facet| &facet.layers).filter_map(|layer| match layer {
        Layer::Cells(cells) => Some(&cells.rows),
        _ => None,
    });
    let cells = values.flatten().flatten().flatten();
    let most = cells.map(|cell| cell.value.abs()).fold(0.0, f64::max);
    // Where all is the same, a scale of all that there can be.
    let top = if most > 0.0 { most } else { 1.0 };
    let shade = Shade::Signed(top);
    for layer in facets.iter_mut().flat_map(|facet| &mut facet.layers) {
        if let Layer::Cells(cells) = layer {
            cells.shade = shade;
        }
    }
    let ticks = [-1.0, -0.5, 0.0, 0.5, 1.0].map(|share| share * top).into();
    let colour_bar = Some(ColourBar { shade, ticks });
    let legend = keys(a, &facets);
    Some(Chart { aspect: a.aspect, facets, legend, colour_bar })
}

/// How far the colours of a difference reach; `None` where there is none.
pub fn scale(chart: &Chart) -> Option<String> {
    let Shade::Signed(top) = chart.colour_bar.as_ref()?.shade else { return None };
    let mut layers = chart.facets.iter().flat_map(|facet| &facet.layers);
    let differs = |cell: &Option<Cell>| cell.as_ref().is_some_and(|cell| cell.value != 0.0);
    let has_any = layers.any(|layer| match layer {
        Layer::Cells(cells) => cells.rows.iter().flatten().any(differs),
        _ => false,
    });
    let ends = || format!("Colours reach from {} to {} points.", signed(-top), signed(top));
    has_any.then(ends)
}

/// What a legend says of a difference, after the words about the axes.
fn keys(a: &Chart, facets: &[Facet]) -> Vec<Key> {
    let words = a.legend.iter().filter(|key| key.swatch == Swatch::None).cloned();
    let mut keys: Vec<Key> = words.listed();
    keys.push(Key::new(Swatch::None, "B − A, in percentage points"));
    keys.push(Key::new(Swatch::None, "+ more in B"));
    keys.push(Key::new(Swatch::None, "− less"));
    keys.push(Key::new(Swatch::Bar(Tone::Grid, Hatch::Plain), "no difference"));
    let layers = || facets.iter().flat_map(|facet| &facet.layers);
    if layers().any(|layer| matches!(layer, Layer::Verdicts(_))) {
        keys.push(Key::new(Swatch::Verdict(Verdict::Open), "not decided in both"));
    }
    let is_blank = |layer: &Layer| match layer {
        Layer::Cells(cells) => cells.rows.iter().flatten().any(Option::is_none),
        _ => false,
    };
    if layers().any(is_blank) {
        keys.push(Key::new(Swatch::None, "blank: nothing there"));
    }
    keys
}

fn subtracted(a: &Facet, b: &Facet) -> Option<Facet> {
    if !are_same(&a.x, &b.x) || !are_same(&a.y, &b.y) {
        return None;
    }
    let [one, other] = [a, b].map(|facet| facet.layers.iter().find_map(numbers));
    let (one, other) = (one?, other?);
    let row = |(one, other): (&Vec<Option<Cell>>, &Vec<Option<Cell>>)| {
        let less = |(one, other): (&Option<Cell>, &Option<Cell>)| {
            let (one, other) = (one.as_ref()?, other.as_ref()?);
            Some(Cell { value: other.value - one.value, item: one.item.clone() })
        };
        one.iter().zip(other).map(less).listed()
    };
    let rows = one.iter().zip(&other).map(row).listed();
    let mut layers = vec![Layer::Cells(Cells { rows, shade: Shade::Root })];
    layers.extend(open(a, b));
    Some(Facet { layers, ..a.clone() })
}

/// The cells that are not decided in both; `None` where there are none.
fn open(a: &Facet, b: &Facet) -> Option<Layer> {
    let verdicts = |facet: &Facet| {
        let mut layers = facet.layers.iter();
        layers.find_map(|layer| match layer {
            Layer::Verdicts(rows) => Some(rows.clone()),
            _ => None,
        })
    };
    let of = |name: &str, cell: &Option<VerdictCell>| {
        let cell = cell.as_ref().filter(|cell| cell.verdict == Verdict::Open)?;
        Some(VerdictCell { label: format!("in {name}, {}", cell.label), ..cell.clone() })
    };
    let row = |(one, other): (Vec<Option<VerdictCell>>, Vec<Option<VerdictCell>>)| {
        let cells = one.iter().zip(&other);
        cells.map(|(one, other)| of("A", one).or_else(|| of("B", other))).listed()
    };
    let rows: Vec<Vec<_>> = verdicts(a)?.into_iter().zip(verdicts(b)?).map(row).listed();
    let has_any = rows.iter().flatten().any(Option::is_some);
    has_any.then_some(Layer::Verdicts(rows))
}

fn are_same(one: &Axis, other: &Axis) -> bool {
    match (&one.scale, &other.scale) {
        (Scale::Bands(one), Scale::Bands(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.text == b.text)
        }
        _ => false,
    }
}

/// The numbers of a map: of a verdict the share that is right.
fn numbers(layer: &Layer) -> Option<Numbers> {
    match layer {
        Layer::Cells(cells) => Some(cells.rows.clone()),
        Layer::Verdicts(rows) => {
            let row = |row: &Vec<Option<VerdictCell>>| {
                row.iter().map(|cell| share(cell.as_ref()?)).listed()
            };
            Some(rows.iter().map(row).listed())
        }
        _ => None,
    }
}

fn share(cell: &VerdictCell) -> Option<Cell> {
    let value = match cell.verdict {
        Verdict::Right(_) => 1.0,
        Verdict::Partly(share) => share,
        Verdict::Wrong => 0.0,
        Verdict::Open => return None,
    };
    Some(Cell { value, item: cell.item.clone() })
}
