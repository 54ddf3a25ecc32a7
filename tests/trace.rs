//! A pass with all of its intermediates: what is kept under which name, that it is the plain forward's, and that a hook can
//! put other numbers in their place.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/models.rs"]
mod models;
#[path = "common/shared.rs"]
mod shared;

use adderscope::analysis::trace::trace;
use adderscope::model::layers::argmax;
use adderscope::model::pass::{Pass, unhooked};
use adderscope::model::{Forward, Model, Trace};
use adderscope::task::addition::{
    ANSWER_DIGITS, EQUALS, PROMPT, ROWS, SEQUENCE, Z0, Z10, number, tokens,
};
use adderscope::task::item::{Item, Point};
use serde_json::json;

/// A row in the middle of the answer.
const ROW: usize = EQUALS + 4;

fn example(model: &Model, (a, b): (u64, u64)) -> [u8; SEQUENCE] {
    tokens(a, b, model.config().vocabulary)
}

/// The bits of a row's numbers; of scores and weights, those of places that the row sees.
fn bits(trace: &Trace, point: Point, row: usize) -> Vec<u64> {
    let values = trace.at(point).map(|values| values.row(row).to_vec()).unwrap_or_default();
    values.into_iter().map(f64::to_bits).collect()
}

#[test]
fn it_predicts_what_the_plain_forward_predicts() {
    for (name, model) in models::all() {
        let forward = Forward::new(&model);
        for pair in [(57, 68), (9_999_999_999, 1), (5_000_000_000, 5_000_000_000)] {
            let example = example(&model, pair);
            let logits = forward.trace(&example);
            let logits = logits.at(Point::Logits).unwrap();
            let predicted = (EQUALS..ROWS).map(|row| argmax(&logits.row(row).to_vec()) as u8);
            assert_eq!(predicted.collect::<Vec<_>>(), forward.predict(&example), "{name}");
        }
    }
}

#[test]
fn json_has_every_point_under_its_name() {
    for (name, model) in models::all() {
        let (kept, printed) = (Trace::new(&model, &example(&model, (3, 9))), trace(&model, 3, 9));
        let printed = json!(printed);
        let keys: Vec<&String> = printed.as_object().unwrap().keys().collect();
        let points = Point::ALL.map(Point::name);
        let wanted: Vec<&str> =
            ["a", "b", "tokens"].into_iter().chain(points).chain(["answer", "correct"]).collect();
        assert_eq!(keys, wanted, "{name}");
        for item in kept.items() {
            let found = match item {
                Item::Number { point, row, index } => &printed[point.name()][row][index],
                Item::Source { point, row, place, head } => {
                    &printed[point.name()][head][row][place]
                }
                _ => panic!("{item}"),
            };
            assert_eq!(found.as_f64(), kept.number(&item), "{name}: {item}");
        }
        assert!(printed["score"][0][EQUALS][EQUALS].is_f64());
        assert!(printed["score"][0][EQUALS][Z0].is_null());
        assert_eq!(printed["attention"][0][EQUALS][Z0], 0.0);
        assert_eq!(printed["s"].is_null(), model.config().out_proj.rank().is_none(), "{name}");
    }
}

#[test]
fn what_the_pass_does_not_have_is_no_number() {
    let (_, model) = models::some().swap_remove(0);
    let trace = Trace::new(&model, &example(&model, (3, 9)));
    for text in [
        "score:Z4/Z4",
        "score:Z4/X0/9",
        "attention:Z4/X0/9",
        "hidden:Z4/99",
        "logits:Z4/10000000000000000000",
        "place:X3",
        "addition:1+2",
    ] {
        let number = text.parse().ok().and_then(|item| trace.number(&item));
        assert_eq!(number, None, "{text}");
    }
    assert_eq!(trace.number(&"attention:Z4/Z4".parse().unwrap()), Some(0.0));
}

#[test]
fn a_hook_sees_every_point_of_every_row_in_order() {
    for (name, model) in models::all() {
        let mut seen = Vec::new();
        let example = example(&model, (57, 68));
        let trace = Trace::hooked(&model, &example, |point: Point, row, _: &mut [f64]| {
            seen.push((row, point));
        });
        let applies = |point: &Point| trace.at(*point).is_some();
        let points = Point::ALL.into_iter().filter(applies);
        let wanted: Vec<(usize, Point)> =
            (0..ROWS).flat_map(|row| points.clone().map(move |point| (row, point))).collect();
        assert_eq!(seen, wanted, "{name}");
    }
}

#[test]
fn what_a_hook_puts_there_changes_what_comes_after_and_nothing_before() {
    for (name, model) in models::all() {
        let example = example(&model, (57, 68));
        let plain = Trace::new(&model, &example);
        for changed in Point::ALL.into_iter().filter(|point| plain.at(*point).is_some()) {
            let hooked = Trace::hooked(&model, &example, |point, row, values: &mut [f64]| {
                if (point, row) == (changed, ROW) {
                    values.iter_mut().enumerate().for_each(|(i, v)| *v += 0.5 + i as f64);
                }
            });
            for (row, point) in (0..ROWS).flat_map(|row| Point::ALL.map(|point| (row, point))) {
                let same = bits(&plain, point, row) == bits(&hooked, point, row);
                if row < ROW || (row == ROW && point < changed) {
                    assert!(same, "{name}: {changed:?} changes {point:?} of row {row}");
                }
                if (row, point) == (ROW, changed) {
                    assert!(!same, "{name}: {changed:?}");
                }
            }
            // Later rows read keys and values, and with them all that these are made of.
            let later = (ROW + 1..ROWS).any(|row| {
                bits(&plain, Point::Attention, row) != bits(&hooked, Point::Attention, row)
                    || bits(&plain, Point::Read, row) != bits(&hooked, Point::Read, row)
            });
            let read = [Point::Embed, Point::Normed, Point::Key, Point::Value].contains(&changed);
            assert_eq!(later, read, "{name}: {changed:?}");
        }
    }
}

#[test]
fn another_additions_numbers_at_a_point_lead_to_its_logits() {
    /// Those that everything after them goes through.
    const NARROW: [Point; 6] = [
        Point::Embed,
        Point::AfterAttention,
        Point::AfterFfn,
        Point::Final,
        Point::TokenSpace,
        Point::Logits,
    ];
    for (name, model) in models::all() {
        let (one, other) = (example(&model, (57, 68)), example(&model, (9_876_543_210, 42)));
        let other = Trace::new(&model, &other);
        for patched in NARROW {
            let hooked = Trace::hooked(&model, &one, |point, row, values: &mut [f64]| {
                if point == patched {
                    values.copy_from_slice(other.at(point).unwrap().row(row).as_slice().unwrap());
                }
            });
            for row in 0..ROWS {
                let (found, wanted) =
                    (bits(&hooked, Point::Logits, row), bits(&other, Point::Logits, row));
                assert_eq!(found, wanted, "{name}: {patched:?}, row {row}");
            }
        }
    }
}

#[test]
fn a_pass_can_be_fed_with_what_it_predicts() {
    for (name, model) in models::all() {
        let forward = Forward::new(&model);
        for (a, b) in [(57, 68), (9_999_999_999, 1), (1, 9_999_999_999)] {
            let mut tokens = example(&model, (a, b));
            let mut pass = Pass::new(&model, unhooked);
            for place in 0..PROMPT + ANSWER_DIGITS - 1 {
                let next = argmax(pass.step(tokens[place]).unwrap()) as u8;
                if place + 1 >= PROMPT {
                    tokens[place + 1] = next;
                }
            }
            assert_eq!(number(&tokens[Z0..=Z10]), forward.decode(a, b), "{name}: {a} + {b}");
        }
    }
    let (_, model) = models::some().swap_remove(0);
    let mut pass = Pass::new(&model, unhooked);
    assert!((0..ROWS).all(|_| pass.step(0).is_some()));
    assert!(pass.step(0).is_none());
}
