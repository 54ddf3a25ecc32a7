//! What marks and cells stand for: the same as their labels say, whatever the alignment calls it.

use crate::{models, reports};
use adderscope::analysis::Report;
use adderscope::figure::{self, Frame, Mark, Panel, PanelSpec, Subject, Theme};
use adderscope::numbers::words;
use adderscope::task::addition::{Alignment, EQUALS, label};
use adderscope::task::item::{Item, Norm};
use std::collections::BTreeMap;

/// Reports of models of every variant, and made-up ones.
fn reports() -> Vec<(String, Report)> {
    let made = [("made up", reports::made_up()), ("two heads", reports::two_heads())];
    let mut list: Vec<(String, Report)> = made.map(|(n, r)| (n.to_owned(), r)).into();
    let analysed = |(name, checkpoint)| (name, Report::new(&checkpoint, None));
    list.extend(models::checkpoints().into_iter().map(analysed));
    list
}

fn marks(panel: &Panel) -> Vec<Mark> {
    let height = figure::height(panel, 460.0);
    figure::marks(
        panel,
        Frame { width: 460.0, height, theme: Theme::Light, title: false, ground: true },
    )
}

/// All that a mark stands for.
fn all_items(mark: &Mark) -> Vec<&Item> {
    mark.item.iter().chain(&mark.also).collect()
}

#[test]
fn every_mark_and_every_row_of_a_table_stands_for_something() {
    for (name, report) in reports() {
        for alignment in Alignment::ALL {
            for spec in figure::panels() {
                let what = format!("{name}, {}, {}", spec.key, alignment.name());
                let panel = spec.panel(&Subject::new(&report, alignment));
                for mark in marks(&panel) {
                    assert!(mark.item.is_some(), "{what}: {mark:?}");
                    for item in all_items(&mark) {
                        assert_eq!(item.to_string().parse().as_ref(), Ok(item), "{what}");
                    }
                }
                assert_eq!(panel.table.rows.len(), panel.table.items.len(), "{what}");
                for (row, items) in panel.table.rows.iter().zip(&panel.table.items) {
                    assert_eq!(row.len(), items.len(), "{what}");
                    assert!(items.iter().any(Option::is_some), "{what}: {row:?}");
                    for item in items.iter().flatten() {
                        assert_eq!(item.to_string().parse().as_ref(), Ok(item), "{what}");
                    }
                }
            }
        }
    }
}

#[test]
fn no_two_marks_of_a_panel_stand_for_the_same() {
    for (name, report) in reports() {
        for alignment in Alignment::ALL {
            for spec in figure::panels() {
                let panel = spec.panel(&Subject::new(&report, alignment));
                // Each head has the same places, and both lines the same steps.
                let plots = match spec.key {
                    "positions_01" | "positions_23" => report.shape.n_heads,
                    "trajectory" => 2,
                    // Without a carry and with one.
                    "error_direction" => 2,
                    _ => 1,
                };
                let mut seen: BTreeMap<Item, usize> = BTreeMap::new();
                for item in marks(&panel).iter().flat_map(all_items) {
                    let count = seen.entry(item.clone()).or_default();
                    *count += 1;
                    assert!(*count <= plots, "{name}, {}, {}: {item}", spec.key, alignment.name());
                }
            }
        }
    }
}

/// What the labels of the answer alignment call an item.
fn called(spec: &PanelSpec, report: &Report, item: &Item) -> String {
    let heads = report.shape.n_heads;
    let digit = |row: &usize| format!("Z{}", row - EQUALS);
    match item {
        Item::Token(digit) => format!("digit {digit}"),
        Item::Place(place) => label(*place),
        Item::Source { row, place, head, .. } => {
            let title = match spec.key {
                "mean_attention" if heads > 1 => format!("Head {}: ", head + 1),
                _ => String::new(),
            };
            format!("{title}{} → {}", digit(row), label(*place))
        }
        Item::Row(row) if spec.key.starts_with("positions") => format!("query of {}", digit(row)),
        Item::Row(row) => digit(row),
        Item::Chain(columns) => format!("carry chain of {columns}"),
        Item::Carry { row, carry } => format!("{}, carry {carry}", digit(row)),
        Item::Direction(0) => "no digit".into(),
        Item::Direction(5) => "off by ±5".into(),
        Item::Direction(by @ ..5) => format!("off by +{by}"),
        Item::Direction(by) => format!("off by −{}", 10 - by),
        Item::Weight { tensor, index } if tensor == "out_proj.A" && heads > 1 => {
            let per_head = report.shape.head_dim;
            format!("A read, head {} value {}", index / per_head + 1, index % per_head)
        }
        Item::Weight { tensor, index } if tensor == "out_proj.A" => {
            format!("A read, value {index}")
        }
        Item::Weight { tensor, index } if tensor == "out_proj.B" => {
            format!("B write, {}", report.shape.dims[*index])
        }
        Item::NormWeight { norm, dim } => {
            let name = match (report.norms.distinct().len(), norm) {
                (1, _) => "this model",
                (_, Norm::First) => "norm 1",
                (_, Norm::Second) => "norm 2",
                (_, Norm::Last) => "norm f",
            };
            format!("{name}, {}", report.shape.dims[*dim])
        }
        Item::Step(step) => format!("step {}", words::count(*step)),
        // Of panel 9: X and Y of a column.
        Item::Addition(x, y) => format!("{x} + {y}"),
        other => panic!("{}: {other}", spec.key),
    }
}

/// `Z4 → X3 Y3` of `Z4 → X3` and `Z4 → Y3`.
fn label_of_sources(names: &[String]) -> String {
    let parts = names.iter().enumerate();
    let parts = parts.map(|(i, name)| match name.split_once("→ ") {
        Some((_, source)) if i > 0 => source,
        _ => name.as_str(),
    });
    parts.collect::<Vec<_>>().join(" ")
}

#[test]
fn an_item_names_what_the_label_says() {
    for (name, report) in reports() {
        for spec in figure::panels() {
            let panel = spec.panel(&Subject::new(&report, Alignment::Answer));
            for mark in marks(&panel) {
                // Queries and keys also stand for the numbers that are drawn of them.
                let named = |item: &&Item| !matches!(item, Item::Number { .. });
                let items = all_items(&mark).into_iter().filter(named);
                let mut names: Vec<String> =
                    items.map(|item| called(spec, &report, item)).collect();
                names.dedup();
                // Several things that are one mark have a name of their own.
                if mark.also.len() > 2 {
                    names = vec![mark.label.clone()];
                }
                let label = mark.label.trim_end_matches(", off the scale");
                let label = match spec.key {
                    "error_direction" => {
                        label.split_once(", carry").map_or(label, |(name, _)| name)
                    }
                    "error_by_carry" => label.trim_start_matches("no carry"),
                    _ => label,
                };
                let label = label
                    .split_once(", step")
                    .map_or(label, |_| label.split_once(", ").map_or(label, |(_, step)| step));
                // Several sources of a row share its name, and so do the lengths of "no carry".
                let names = match spec.key {
                    "top_sources" => label_of_sources(&names),
                    _ => names.join(" ").replace("carry chain of 0", ""),
                };
                assert_eq!(names, label, "{name}, {}", spec.key);
            }
        }
    }
}

/// Labels of the script lie; items do not: what is shown for an item is the same in both alignments.
#[test]
fn an_item_is_the_same_thing_in_both_alignments() {
    for (name, report) in reports().into_iter().skip(2) {
        // The script draws other numbers there: positions without norm, three sources alone.
        let others = ["positions_01", "positions_23", "top_sources", "error_direction"];
        for spec in figure::panels().filter(|spec| !others.contains(&spec.key)) {
            let values = |alignment| -> BTreeMap<Item, String> {
                let panel = spec.panel(&Subject::new(&report, alignment));
                let of = |mark: Mark| Some((mark.item?, format!("{} {:?}", mark.value, mark.also)));
                marks(&panel).into_iter().filter_map(of).collect()
            };
            let (answer, script) = (values(Alignment::Answer), values(Alignment::Script));
            let both = script.iter().filter_map(|(item, s)| Some((item, answer.get(item)?, s)));
            let mut compared = 0;
            for (item, answer, script) in both {
                // Intervals are not the script's.
                let interval = answer.find(" (95 %").zip(answer.find(')'));
                let answer = match interval {
                    Some((from, to)) => answer[..from].to_owned() + &answer[to + 1..],
                    None => answer.clone(),
                };
                assert_eq!(&answer, script, "{name}, {}: {item}", spec.key);
                compared += 1;
            }
            // The script pairs a row with the carry into the column before.
            assert_eq!(
                compared > 0,
                !answer.is_empty() && spec.key != "error_by_carry",
                "{name}, {}",
                spec.key
            );
        }
    }
    let report = reports::made_up();
    let first = |key: &str| {
        let spec = figure::panel(key).unwrap();
        let panel = spec.panel(&Subject::new(&report, Alignment::Script));
        let mark = marks(&panel).into_iter().next().unwrap();
        (mark.label, mark.item.unwrap().to_string())
    };
    let pair = |label: &str, item: &str| (label.to_owned(), item.to_owned());
    assert_eq!(first("mean_attention"), pair("A0 → X0", "attention:Z2/X0"));
    assert_eq!(first("error_rate"), pair("A0", "row:Z1"));
    assert_eq!(first("error_by_carry"), pair("A0, carry 0", "carry_before:Z1/0"));
}

#[test]
fn what_a_mark_stands_for_is_text_on_the_page() {
    let report = reports::made_up();
    let json = |key: &str, i: usize| {
        let spec = figure::panel(key).unwrap();
        let panel = spec.panel(&Subject::new(&report, Alignment::Answer));
        serde_json::to_value(&marks(&panel)[i]).unwrap()
    };
    let readout = json("readout", 3);
    assert_eq!((&readout["item"], readout.get("also")), (&"token:3".into(), None));
    assert_eq!(json("positions_01", 3)["item"], "row:Z3");
    let column = json("positions_01", 11 + 3);
    assert_eq!(column["item"], "place:X3");
    let also = ["place:Y3", "place:Z3", "key:x3/0", "key:x3/1"];
    assert_eq!(column["also"], serde_json::json!(also));
    let norms = json("norm_weights", 0);
    assert_eq!(norms["item"], "norm:1/0");
    assert_eq!(norms["also"], serde_json::json!(["norm:2/0", "norm:f/0"]));
}
