//! Panel 5: the places that each answer row looks at; as the script draws it, the three that it looks at most.

use super::parts::{by_head, place_bands, source};
use super::shares;
use crate::chart::{
    Aspect, Axis, Chart, Dot, Facet, Key, Layer, Marker, Radius, Swatch, Tag, Zone,
};
use crate::panel::{Content, Panel, PanelSpec, Table, Written, passes};
use crate::section::Section;
use crate::subject::Subject;
use crate::theme::Tone;
use analysis::Rows;
use analysis::attention::top_sources;
use numbers::listed::Listed;
use numbers::order;
use numbers::words;
use task::addition::{Alignment, Group, ROWS};

pub const SPEC: PanelSpec = PanelSpec {
    key: "top_sources",
    number: 5,
    title: "What each digit looks at",
    script_title: Some("Top three sources"),
    section: Section::Attention,
    wide: true,
    named: [2, 3],
    under: passes,
    build,
};

/// Markers of the first, second and third source.
const RANKS: [(Marker, &str); 3] =
    [(Marker::Circle, "first"), (Marker::Square, "second"), (Marker::Triangle, "third")];
/// Weights above this are written out.
const LABELLED: f64 = 0.10;

fn build(subject: &Subject) -> Panel {
    let Subject { report, alignment, .. } = *subject;
    if alignment == Alignment::Answer {
        return shares::build(subject);
    }
    let heads = &report.mean_attention;
    let chart = Chart {
        aspect: Aspect::Wide,
        facets: by_head(heads, |head, attention| facet(attention, head, alignment)),
        legend: legend(),
        colour_bar: None,
    };
    Panel {
        aside: "area = weight, labels in %".into(),
        sentence: "The same weights under the script's late labels.".into(),
        table: values(heads, alignment),
        content: Content::Chart(chart),
        ..Panel::default()
    }
}

fn facet(attention: &Rows, head: usize, alignment: Alignment) -> Facet {
    let rows = alignment.attention_rows();
    let mut dots = Vec::new();
    for (k, row) in rows.clone().enumerate() {
        for (rank, (place, weight)) in top_sources(&attention[row], 3).into_iter().enumerate() {
            if weight > 0.0 {
                let items = vec![source(head, row, place)];
                dots.push(Dot { items, ..dot(alignment, k, rank, place, weight) });
            }
        }
    }
    // Small ones last, on top of large neighbours.
    let dots = order::falling(&dots, size);
    let zones = [Group::X, Group::Y, Group::Z].map(|g| zone(alignment, g));
    let names = (0..rows.len()).map(|k| alignment.row_label(k));
    let y = Axis::weighted(place_bands(alignment, ROWS)).labelled("looks at");
    let x = Axis::bands(names).labelled("row, as the script calls it");
    Facet { zones: zones.into(), ..Facet::new(x, y).with(Layer::Dots(dots)) }
}

fn size(dot: &Dot) -> f64 {
    match dot.radius {
        Radius::Area(share) | Radius::Pixels(share) => share,
    }
}

fn dot(alignment: Alignment, k: usize, rank: usize, place: usize, weight: f64) -> Dot {
    let percent = format!("{:.0}", 100.0 * weight);
    let tag = if weight > LABELLED {
        Tag::Beside {
            texts: vec![format!("{percent} %"), percent],
            towards: (0.0, 1.0),
            leader: false,
        }
    } else {
        Tag::None
    };
    Dot {
        at: (k as f64, place as f64),
        radius: Radius::Area(weight),
        marker: RANKS[rank].0,
        tones: vec![Tone::of(alignment.place_group(place))],
        tag,
        items: Vec::new(),
        label: format!("{} → {}", alignment.row_label(k), alignment.place_label(place)),
        says: format!("{}, {} source", words::percent(100.0 * weight), RANKS[rank].1),
    }
}

/// The rows of the vertical axis that belong to a group.
fn zone(alignment: Alignment, group: Group) -> Zone {
    let members = || (0..ROWS).filter(|&j| alignment.place_group(j) == group);
    let (first, last) = (members().min().unwrap_or(0), members().max().unwrap_or(0));
    Zone { from: first as f64 - 0.5, to: last as f64 + 0.5, tone: Tone::of(group) }
}

fn legend() -> Vec<Key> {
    let ranks =
        RANKS.iter().map(|&(marker, name)| Key::new(Swatch::Marker(marker, Tone::Muted), name));
    let groups = [(Tone::X, "X"), (Tone::Y, "Y"), (Tone::Z, "A"), (Tone::Special, "+ =")]
        .map(|(tone, name)| Key::new(Swatch::Bar(tone, Default::default()), name));
    ranks.chain(groups).listed()
}

fn values(heads: &[Rows], alignment: Alignment) -> Table {
    let mut table = Table::new(["head", "row", "rank", "source", "weight"]);
    for (h, attention) in heads.iter().enumerate() {
        for (k, row) in alignment.attention_rows().enumerate() {
            for (rank, (place, weight)) in top_sources(&attention[row], 3).into_iter().enumerate() {
                let cells: [Written; 5] = [
                    (h + 1).to_string().into(),
                    alignment.row_label(k).into(),
                    (rank + 1).to_string().into(),
                    alignment.place_label(place).into(),
                    weight.into(),
                ];
                table.push(source(h, row, place), cells);
            }
        }
    }
    table
}
