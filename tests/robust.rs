//! How firm a model is: what is said to be proven holds, and what is said to be wrong is.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/models.rs"]
mod models;
#[path = "common/shared.rs"]
mod shared;

use adderscope::formats;
use adderscope::model::config::Config;
use adderscope::model::exact::{Exact, Firm, Interval, Ranged, Verdict};
use adderscope::model::layers::rms;
use adderscope::model::robust::{Along, Kept, Landscaping, Ranges, Ranging, Rounding, Shortening};
use adderscope::model::{Edit, Model, Trace};
use adderscope::task::addition::{ANSWER_DIGITS, DIGITS, EQUALS, tokens};
use adderscope::task::item::Point;
use adderscope::task::sampling::{PANEL_SEED, pairs};
use std::fs;
use std::rc::Rc;

const LOOKS: u64 = 100_000;

fn bundled(name: &str) -> Model {
    let root = env!("CARGO_MANIFEST_DIR");
    let file = format!("{root}/www/models/{name}/{name}.history.safetensors");
    formats::open(&fs::read(file).unwrap()).unwrap().model
}

fn with(model: &Model, tensor: &str, index: usize, value: f64) -> Model {
    let mut model = model.clone();
    model.edit(&[Edit { name: tensor.to_owned(), index, value: value as f32 }]).unwrap();
    model
}

fn is_right(model: &Model) -> bool {
    Exact::decided(model, LOOKS).count(DIGITS).proven()
}

fn ranges(model: &Model, part: f64, numbers: &[(&str, usize)]) -> Ranges {
    let mut ranging = Ranging::new(model, part).only(numbers).unwrap();
    let mut before = 0.0;
    while !ranging.step() {
        assert!((0.0..=1.0).contains(&ranging.progress()));
        before = ranging.progress().max(before);
    }
    assert!(before > 0.0 && ranging.progress() == 1.0);
    ranging.ranges()
}

/// One number of each kind: embeddings, positions, attention, what it writes, FFN, head, norm.
const SOME: [(&str, usize); 8] = [
    ("tok_arc_stride", 0),
    ("special_pos_equals", 0),
    ("q_phase_angle", 0),
    ("q_proj.weight", 3),
    ("out_proj.A", 1),
    ("fc1.weight", 5),
    ("head_proj.weight", 4),
    ("norm1.weight", 3),
];

#[test]
fn ranges_of_57p_are_proven_to_where_it_is_wrong() {
    let model = bundled("57p");
    let found = ranges(&model, 0.0, &SOME);
    assert_eq!((found.kept, found.total), (Kept::Right, SOME.len()));
    for range in &found.numbers {
        let name = format!("{}{}", range.tensor, range.subscript);
        assert!(range.read, "{name}");
        let value = f64::from(range.value);
        for side in [range.below, range.above] {
            let (proven, lost) = (side.proven, side.lost.unwrap());
            let share = (proven - value) / (lost - value);
            assert!((0.95..1.0).contains(&share), "{name}: {proven} of {lost}");
            assert_eq!((side.kept, side.tried), (proven, 0), "{name}");
            assert!(!is_right(&with(&model, &range.tensor, range.index, lost)), "{name} at {lost}");
            for i in 1..=8 {
                let inside = value + (proven - value) * f64::from(i) / 8.001;
                let changed = with(&model, &range.tensor, range.index, inside);
                assert!(is_right(&changed), "{name} at {inside}");
            }
        }
    }
}

#[test]
fn numbers_that_reach_no_answer_digit_are_named() {
    let model = bundled("57p");
    let numbers: Vec<(&str, usize)> = (0..3).map(|index| ("z_hi_pos", index)).collect();
    for range in ranges(&model, 0.0, &numbers).numbers {
        assert!(!range.read && range.below.proven < range.above.proven);
        let far = with(&model, &range.tensor, range.index, range.above.proven);
        assert!(is_right(&far), "{}", range.index);
    }
    for (name, model) in models::all() {
        let shared = Rc::new(model.clone());
        for param in model.params().iter() {
            let read = |index| Firm::new(&shared, param.name, index, LOOKS).is_read();
            let all = (0..param.values.len()).map(read).collect::<Vec<_>>();
            match param.name {
                // A norm of some architectures is made of it.
                "z_hi_pos" => assert!(all.windows(2).all(|two| two[0] == two[1]), "{name}"),
                "_eos_pos" => assert!(!all.contains(&true), "{name}"),
                "special_pos" => assert!(all[..6].iter().all(|read| *read) && !all[8], "{name}"),
                _ => assert!(!all.contains(&false), "{name}: {}", param.name),
            }
        }
    }
}

#[test]
fn a_model_that_is_not_right_keeps_a_part_of_its_answers() {
    let model = bundled("62p");
    let base = Exact::decided(&model, LOOKS).count(DIGITS).right().unwrap();
    let found = ranges(&model, 0.05, &[("fc1.weight", 0)]);
    assert_eq!(found.kept, Kept::Part { lost: 0.05 });
    assert_eq!(found.right_at_least, base.to_string());
    let base = base as f64;
    let range = &found.numbers[0];
    for side in [range.below, range.above] {
        assert_eq!(side.proven, f64::from(range.value));
        let right = |value: f64| {
            let changed = with(&model, "fc1.weight", 0, value);
            Exact::decided(&changed, LOOKS).count(DIGITS).right().unwrap() as f64
        };
        assert!(right(side.kept) >= 0.9499 * base && right(side.lost.unwrap()) <= 0.9501 * base);
        assert!(side.tried > 0);
    }
}

/// A range is right as a whole by interval arithmetic alone, too, where it is narrow.
#[test]
fn narrow_ranges_are_decided_as_they_are() {
    let model = bundled("57p");
    for (tensor, index) in SOME {
        let value = f64::from(*model.params().get(tensor).unwrap().iter().nth(index).unwrap());
        let range = Interval::around(value, 1e-9 * value.abs());
        let mut exact = Exact::over(&model, &[Ranged { tensor, index, range }]);
        exact.step(LOOKS);
        assert!(exact.count(DIGITS).proven(), "{tensor}");
        let mut firm = Firm::new(&Rc::new(model.clone()), tensor, index, 1_000);
        assert_eq!(firm.at(value), Verdict::Right);
        assert!(firm.between(value, value * (1.0 + 1e-7)) && !firm.between(value, 3.0 * value));
    }
}

/// Between two values no lead falls below the lesser of those at the ends by more than the margin, and half way between them
/// none is further from their mean than the second derivative allows.
#[test]
fn leads_bend_no_more_than_they_may() {
    let mut found = Vec::new();
    for (name, model) in models::all() {
        assert_bends(&name, &model);
        // Of softmax1 not all numbers' margins are known.
        let config = Config { softmax1: true, ..model.config().clone() };
        if !model.config().softmax1 {
            let softmax1 = Model::new(config, model.params().clone());
            found.extend(assert_bends(&format!("{name} with softmax1"), &softmax1));
        }
    }
    let count = |of: &dyn Fn(&str) -> bool| {
        let found = found.iter().filter(|(tensor, _, _)| of(tensor));
        found.fold((0, 0), |(finite, all), (_, known, of)| (finite + known, all + of))
    };
    let (all, scores) = (count(&|_| true), count(&|tensor| tensor == "q_proj.weight"));
    println!("softmax1: finite margins {all:?}, of queries {scores:?}");
    assert!(2 * all.0 > all.1 && 0 < scores.0 && scores.0 < scores.1);
}

/// For one number of each tensor of a model. Gives by tensor how many margins bound anything, and how many there are.
fn assert_bends(name: &str, model: &Model) -> Vec<(&'static str, usize, usize)> {
    let mut found = Vec::new();
    let shared = Rc::new(model.clone());
    for param in model.params().iter().filter(|param| param.learned) {
        let (mut finite, mut all) = (0, 0);
        // Three values that an f32 has, with the same distance to both sides.
        let index = param.values.len() / 2;
        let value = (param.values.iter().nth(index).unwrap() * 256.0).round() / 256.0;
        let step = 1.0 / 128.0;
        let values = [-step, 0.0, step].map(|by| f64::from(value) + by);
        let firm = Firm::new(&shared, param.name, index, LOOKS);
        let margins = firm.margins(values[0], values[2]);
        for (a, b) in pairs(PANEL_SEED, 3) {
            let leads = values.map(|value| leads(&with(model, param.name, index, value), a, b));
            for (row, (q, low)) in leads[0].iter().enumerate() {
                let (middle, high) = (&leads[1][row].1, &leads[2][row].1);
                for (pair, margin) in margins.of(row, *q).iter().enumerate() {
                    (finite, all) = (finite + usize::from(margin.is_finite()), all + 1);
                    let ends = [low[pair], high[pair]];
                    let bend = ends[0] + ends[1] - 2.0 * middle[pair];
                    let off = 1e-9 * (1.0 + ends[0].abs() + ends[1].abs());
                    let about = format!("{name}: {}, row {row}, {bend} of {margin}", param.name);
                    assert!(middle[pair] >= ends[0].min(ends[1]) - margin - off, "{about}");
                    assert!(bend.abs() <= 2.0 * margin + off, "{about}");
                }
            }
        }
        found.push((param.name, finite, all));
    }
    found
}

/// By answer row: the digit before (0 in the first), and all leads times the last norm's root.
fn leads(model: &Model, a: u64, b: u64) -> Vec<(usize, Vec<f64>)> {
    let example = tokens(a, b, model.config().vocabulary);
    let trace = Trace::new(model, &example);
    let (logits, last) = (trace.at(Point::Logits).unwrap(), trace.at(Point::AfterFfn).unwrap());
    let of = |row: usize| {
        let place = EQUALS + row;
        let root = rms(last.row(place).as_slice().unwrap());
        let own = logits.row(place);
        let leads = own.iter().flat_map(|t| own.iter().map(move |d| (t - d) * root)).collect();
        (if row == 0 { 0 } else { usize::from(example[place]) }, leads)
    };
    (0..ANSWER_DIGITS).map(of).collect()
}

#[test]
fn the_fewest_decimals_of_57p() {
    let mut shortening = Shortening::new(&bundled("57p"), 0.0);
    while !shortening.step() {}
    let found = shortening.decimals();
    assert_eq!((found.decimals, found.significant), (Some(4), Some(4)));
    for rounded in &found.tried {
        assert_eq!(rounded.kept, rounded.digits == 4);
        assert_eq!(rounded.kept, rounded.right_at_least == format!("1{}", "0".repeat(20)));
    }
    assert_eq!(found.tried.iter().filter(|r| r.rounding == Rounding::Decimals).count(), 5);
}

#[test]
fn a_landscape_is_right_where_the_model_is() {
    let model = bundled("57p");
    let around = |index| Landscaping::around(&model, ("fc1.weight", index), 0.02, 3).unwrap();
    let (x, y): (Along, Along) = (around(0), around(3));
    let mut landscaping = Landscaping::new(&model, x.clone(), y.clone(), LOOKS).unwrap();
    while !landscaping.step() {}
    let cells = &landscaping.landscape().cells;
    assert_eq!(cells.len(), 9);
    assert!(cells[4].right && cells[4].decided);
    for (cell, (i, j)) in cells.iter().zip((0..9).map(|i| (i % 3, i / 3))) {
        let changed = with(&model, "fc1.weight", 0, f64::from(x.values[i]));
        let changed = with(&changed, "fc1.weight", 3, f64::from(y.values[j]));
        assert_eq!(cell.right, is_right(&changed));
        assert!(cell.at_least <= cell.at_most && cell.at_most <= 1.0);
    }
    assert!(Landscaping::around(&model, ("fc1.weight", 99), 1.0, 3).is_err());
    assert!(Landscaping::around(&model, ("no.such", 0), 1.0, 3).is_err());
}
