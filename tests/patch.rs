//! Interventions: each against a pass in which the same numbers are replaced by hand; and one digit of two additions in all
//! sixteen combinations.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/models.rs"]
mod models;
#[path = "patch/page.rs"]
mod page;
#[path = "common/shared.rs"]
mod shared;
#[path = "common/snapshots.rs"]
mod snapshots;

use adderscope::analysis::answer::{answer, answer_by};
use adderscope::analysis::explain::{explain_by, explain_text};
use adderscope::analysis::measured::Measured;
use adderscope::analysis::patch::{Patching, carried, patching, place_values};
use adderscope::analysis::ruler::{RulerAxis, ruler, ruler_by};
use adderscope::analysis::steps::{steps, steps_by};
use adderscope::model::intervened::switches;
use adderscope::model::layers::argmax;
use adderscope::model::{Engine, Forward, Intervened, Model, Trace};
use adderscope::task::addition::{
    ANSWER_DIGITS, DIGITS, EQUALS, MAX_SUMMAND, PLUS, ROWS, SEQUENCE, Z0, Z10, carries, digit,
    number, tokens,
};
use adderscope::task::intervene::{Interventions, Way};
use adderscope::task::item::Point;
use adderscope::task::sampling::{ATTENTION_EXAMPLES, ERROR_EXAMPLES, PANEL_SEED, pairs};
use proptest::prelude::*;

fn all() -> Vec<(String, Model)> {
    let bundled = snapshots::BUNDLED.map(|name| (name.to_owned(), snapshots::last(name)));
    models::all().into_iter().chain(bundled).collect()
}

fn under(model: &Model, texts: &[&str]) -> Intervened {
    Intervened::new(model, &Interventions::of(texts.iter().copied()).unwrap()).unwrap()
}

fn example(model: &Model, (a, b): (u64, u64)) -> [u8; SEQUENCE] {
    tokens(a, b, model.config().vocabulary)
}

/// To the bit, but for the sign of a zero.
fn row(trace: &Trace, point: Point, row: usize) -> Vec<f64> {
    trace.at(point).map(|all| all.row(row).to_vec()).unwrap_or_default()
}

fn flat(heads: &[Vec<Vec<f64>>]) -> impl Iterator<Item = &f64> {
    heads.iter().flatten().flatten()
}

#[test]
fn hidden_units_that_are_off_write_nothing() {
    for (name, model) in all() {
        for pair in [(57, 68), (9_999_999_999, 1)] {
            let example = example(&model, pair);
            let last = model.config().ffn_dim - 1;
            let by_hand = Trace::hooked(&model, &example, |point, _, values: &mut [f64]| {
                if point == Point::Active {
                    values[last] = 0.0;
                }
            });
            let off = under(&model, &[&format!("hidden:{last}")]);
            let found = Trace::under(&off, &example, EQUALS);
            let mut stream = vec![];
            let without =
                Trace::hooked(&model, &example, |point, _, values: &mut [f64]| match point {
                    Point::AfterAttention => stream = values.to_vec(),
                    Point::AfterFfn => values.copy_from_slice(&stream),
                    _ => {}
                });
            let no_ffn = under(&model, &["ffn"]);
            let no_ffn = Trace::under(&no_ffn, &example, EQUALS);
            for r in 0..ROWS {
                let logits = |trace: &Trace| row(trace, Point::Logits, r);
                assert_eq!(logits(&found), logits(&by_hand), "{name}: row {r}");
                assert_eq!(logits(&no_ffn), logits(&without), "{name}: row {r}");
            }
        }
    }
}

#[test]
fn places_that_no_row_looks_at_have_no_score() {
    let masks: [&[&str]; 5] = [
        &["place:X3"],
        &["column:4"],
        &["group:Y"],
        &["group:Z", "group:PLUS"],
        &["group:X", "group:Y", "group:Z", "group:PLUS", "group:EQUALS"],
    ];
    for (name, model) in all() {
        let example = example(&model, (4_070_378_921, 1_703_729_684));
        for mask in masks {
            let hidden = Interventions::of(mask.iter().copied()).unwrap().hidden();
            let nothing = |r: usize| hidden[..=r].iter().all(|hidden| *hidden);
            let by_hand = Trace::hooked(&model, &example, |point, r, values: &mut [f64]| {
                let place = |i: usize| i % ROWS;
                for (i, value) in values.iter_mut().enumerate() {
                    match point {
                        Point::Score if hidden[place(i)] => *value = f64::NEG_INFINITY,
                        Point::Read if nothing(r) => *value = 0.0,
                        _ => {}
                    }
                }
            });
            let off = under(&model, mask);
            let (found, forward) = (Trace::under(&off, &example, EQUALS), Forward::under(&off));
            for r in 0..ROWS {
                let logits = row(&found, Point::Logits, r);
                assert_eq!(logits, row(&by_hand, Point::Logits, r), "{name}, {mask:?}: row {r}");
                assert!(logits.iter().all(|logit| logit.is_finite()));
                let weights = row(&found, Point::Attention, r);
                let whole: f64 = weights.iter().sum::<f64>() / model.config().n_heads as f64;
                if model.config().softmax1 && !nothing(r) {
                    assert!(0.0 < whole && whole < 1.0, "{name}, {mask:?}: {whole}");
                } else {
                    let wanted = if nothing(r) { 0.0 } else { 1.0 };
                    assert!((whole - wanted).abs() < 1e-12, "{name}, {mask:?}: {whole}");
                }
                if let Some(k) = r.checked_sub(EQUALS).filter(|k| *k < ANSWER_DIGITS) {
                    assert_eq!(forward.answer_logits(&example, k), logits);
                }
            }
        }
    }
}

/// What row `r` has of each addition, put there by hand.
fn by_hand(model: &Model, [one, other]: [&[u8; SEQUENCE]; 2], k: usize, ways: &[Way]) -> Vec<f64> {
    let r = EQUALS + k;
    let (here, there) = (Trace::new(model, one), Trace::new(model, other));
    let has = |way: Way| ways.contains(&way);
    let read = |place: usize| {
        (has(Way::Pair) && k < DIGITS && [k, 11 + k].contains(&place))
            || (has(Way::PairBefore) && k > 0 && [k - 1, 11 + k - 1].contains(&place))
            || (has(Way::AnswerBefore) && k > 0 && place == r)
    };
    let hooked = Trace::hooked(model, one, |point, place, values: &mut [f64]| {
        let is_own = place == r && has(Way::Own);
        let from = match point {
            Point::Embed | Point::Query if is_own => &there,
            Point::Key | Point::Value if read(place) => &there,
            Point::Key | Point::Value => &here,
            _ => return,
        };
        values.copy_from_slice(&row(from, point, place));
    });
    row(&hooked, Point::Logits, r)
}

#[test]
fn a_patched_row_is_a_pass_with_the_same_numbers_replaced() {
    let additions = [((57, 68), (9_876_543_210, 42)), ((4_070_378_921, 1_703_729_684), (93, 8))];
    for (name, model) in all() {
        for (one, other) in additions {
            let both = [&example(&model, one), &example(&model, other)];
            for k in [0, 1, 4, 10] {
                for bits in 0..16 {
                    let ways: Vec<Way> =
                        (0..4).filter(|i| bits >> i & 1 == 1).map(|i| Way::ALL[i]).collect();
                    let names: String = ways.iter().map(|way| format!("/{}", way.name())).collect();
                    let patch = format!("patch:Z{k}/{}+{}{names}", other.0, other.1);
                    let patched = under(&model, &[&patch]);
                    let found = Forward::under(&patched).answer_logits(both[0], k);
                    assert_eq!(found, by_hand(&model, both, k, &ways), "{name}: {patch}");
                    let trace = Trace::under(&patched, both[0], EQUALS + k);
                    assert_eq!(row(&trace, Point::Logits, EQUALS + k), found);
                    // All other rows read the addition as it is.
                    let (forward, plain) = (Forward::under(&patched), Forward::new(&model));
                    let elsewhere = (k + 3) % ANSWER_DIGITS;
                    let logits = |forward: &Forward| forward.answer_logits(both[0], elsewhere);
                    assert_eq!(logits(&forward), logits(&plain));
                }
            }
        }
    }
}

/// Whether a digit's row reads nothing but what the four ways are of is another matter: what is certain is the first.
#[test]
fn sixteen_combinations_begin_with_the_first_addition() {
    for (name, model) in all() {
        let (one, other) = ((4_070_378_921, 1_703_729_684), (4_070_378_921, 1_703_729_694));
        for k in 0..ANSWER_DIGITS {
            let off = Interventions::of(["column:9"]).unwrap().off;
            for off in [&off, &Default::default()] {
                let told = patching(&model, off, (one, other), k).unwrap();
                let Patching { combinations, ways, first, second, .. } = &told;
                assert_eq!(
                    (*first, *second),
                    (digit(one.0 + one.1, k), digit(other.0 + other.1, k))
                );
                assert_eq!(combinations.len(), 16);
                let texts: std::collections::HashSet<_> =
                    combinations.iter().map(|c| c.patch.clone()).collect();
                assert_eq!(texts.len(), 16, "{name}");
                let mut all: Vec<&str> = told.off.iter().map(String::as_str).collect();
                let switched = under(&model, &all);
                let plain = answer_by(&Forward::under(&switched), one.0, one.1);
                let bare = &combinations[0];
                assert_eq!(bare.lead, plain.places[k].forced_lead, "{name}: Z{k}");
                assert_eq!(Some(bare.said).filter(|said| *said < 10), plain.places[k].forced);
                // A way that is the same in both changes nothing.
                for (bits, combination) in combinations.iter().enumerate() {
                    let without =
                        (0..4).filter(|i| ways[*i].same).fold(bits, |bits, i| bits & !(1 << i));
                    assert_eq!(
                        combination.lead, combinations[without].lead,
                        "{name}: Z{k}, {bits:b}"
                    );
                    assert_eq!(combination.is_first, combination.said == *first);
                }
                // The ruler stops where the table says, on the lane of the row's own token.
                let last = &combinations[15];
                all.push(&last.patch);
                let patched = under(&model, &all);
                let forward = Forward::under(&patched);
                let ruler = ruler_by(&forward, one.0, one.1, k).unwrap();
                assert_eq!(ruler.pointer.said, last.said);
                assert_eq!(last.s, (ruler.along == RulerAxis::Number).then_some(ruler.pointer.s));
                let before = (k > 0).then(|| digit(other.0 + other.1, k.saturating_sub(1)));
                assert_eq!(ruler.own().unwrap().before, before);
                if ruler.along == RulerAxis::Number {
                    let segment = ruler.own().unwrap().segment(ruler.pointer.s).unwrap();
                    assert_eq!(segment.token, last.said, "{name}: Z{k}");
                }
            }
        }
    }
}

#[test]
fn steps_and_their_arithmetic_are_those_of_the_row_under_interventions() {
    for (name, model) in all() {
        let texts = ["patch:Z3/9999999999+1/own/xy_before", "place:X7", "hidden:0"];
        let intervened = under(&model, &texts);
        let forward = Forward::under(&intervened);
        let (a, b) = (57_068, 68_057);
        let told = steps_by(&forward, a, b, 3).unwrap();
        let sum: f64 = told.sources.iter().map(|source| source.product).sum();
        let size: f64 = told.sources.iter().map(|source| source.product.abs()).sum();
        assert!((sum - told.total).abs() <= 1e-11 * size, "{name}: {sum}, {}", told.total);
        let source = |name: &str| told.sources.iter().find(|source| source.name == name).unwrap();
        assert_eq!((source("X2").token, source("X3").token), (9, 7));
        assert_eq!((source("X7").weight.value, told.before), (0.0, Some(0)));
        assert_eq!(told.units[0].after.value, 0.0, "{name}");
        let logit = |token: u8| told.tokens[usize::from(token)].logit.value;
        let place = &answer_by(&forward, a, b).places[3];
        assert_eq!(Some(told.said).filter(|said| *said < 10), place.forced);
        for item in ["logits:Z3/7", "s:Z3/0", "read:Z3/0", "attention:Z3/X3", "embed:Z3/0"] {
            let Ok(explained) = explain_by(&forward, (a, b), EQUALS + 3, item) else { continue };
            let near = (explained.combined() - explained.value).abs();
            assert!(near <= 1e-9 * explained.value.abs().max(1.0), "{name}: {item}");
            if item == "logits:Z3/7" {
                assert_eq!(explained.value, logit(7));
            }
        }
        let off = explain_by(&forward, (a, b), EQUALS + 3, "attention:Z3/X7").unwrap();
        assert!(off.value == 0.0 && off.formula.contains("switched off"), "{}", off.formula);
        assert!(explain_by(&forward, (a, b), EQUALS + 3, "score:Z3/X7").is_err());
        // Without any, all is as it was.
        let nothing = under(&model, &[]);
        let nothing = Forward::under(&nothing);
        assert_eq!(answer_by(&nothing, a, b), answer(&model, a, b));
        assert_eq!(ruler_by(&nothing, a, b, 3), ruler(&model, a, b, 3));
        assert_eq!(steps_by(&nothing, a, b, 3), steps(&model, a, b, 3));
        let item = "attention:Z3/X7";
        let plain = explain_text(&model, a, b, item).unwrap();
        assert_eq!(explain_by(&nothing, (a, b), EQUALS, item).unwrap(), plain);
    }
}

#[test]
fn a_ruler_reaches_as_far_as_additions_do_with_parts_switched_off() {
    let masks: [&[&str]; 4] =
        [&["place:X3"], &["group:Y"], &["column:2", "group:PLUS"], &["group:Z"]];
    for (name, model) in all() {
        for mask in masks {
            let off = under(&model, mask);
            let forward = Forward::under(&off);
            for (a, b) in pairs(7, 40) {
                let k = (a % ANSWER_DIGITS as u64) as usize;
                let ruler = ruler_by(&forward, a, b, k).unwrap();
                let (lo, hi) = ruler.own().unwrap().reach;
                let allow = 1e-9 * (hi - lo).abs().max(1e-12);
                let s = ruler.pointer.s;
                assert!(lo - allow <= s && s <= hi + allow, "{name}, {mask:?}: Z{k} {lo} {s} {hi}");
            }
        }
    }
}

#[test]
fn answers_go_on_with_what_a_patched_row_says() {
    let model = snapshots::last("57p");
    let other = (57, 69);
    let patch = under(&model, &["patch:Z1/57+69/own/xy/xy_before/z_before"]);
    let answered = answer_by(&Forward::under(&patch), 57, 43);
    let plain = answer(&model, 57, 43);
    assert_eq!(answered.places[0], plain.places[0]);
    assert_eq!(answered.places[1].forced, Some(digit(other.0 + other.1, 1)));
    let mut tokens = example(&model, (57, 43));
    for k in 0..ANSWER_DIGITS {
        tokens[Z0 + k] = answered.places[k].said.unwrap();
        let forward = Forward::new(&model);
        let next = argmax(&forward.answer_logits(&tokens, (k + 1).min(10))) as u8;
        if (1..10).contains(&k) {
            assert_eq!(answered.places[k + 1].said, Some(next));
        }
    }
    assert_eq!(answered.answer, number(&tokens[Z0..=Z10]));
}

/// As measured by other means: all columns of the models for the ratio that a carry needs.
#[test]
fn place_values_are_about_ten_where_a_model_adds() {
    for (name, mean) in [("57p", 9.93), ("62p", 9.9), ("67p", 10.19)] {
        let model = snapshots::last(name);
        let of = |a, b| -> Vec<f64> {
            let all = place_values(&Forward::new(&model), a, b);
            assert_eq!(
                all.iter().map(|each| each.column).collect::<Vec<_>>(),
                (1..10).collect::<Vec<_>>()
            );
            all.iter().map(|each| each.ratio.unwrap()).collect()
        };
        let ratios = of(57, 68);
        let found = ratios.iter().sum::<f64>() / 9.0;
        println!("{name}: {found} {ratios:?}");
        assert!((found - mean).abs() < 0.5, "{name}: {found}");
        // Its attention does not move with the digits.
        for (one, other) in ratios.iter().zip(of(9_876_543_210, 123)) {
            assert!((one - other).abs() < 1e-9 * one.abs());
        }
    }
    for (name, model) in all() {
        let single = model.weights().out.single().is_some();
        let count = place_values(&Forward::new(&model), 57, 68).len();
        assert_eq!(count, if single { 9 } else { 0 }, "{name}");
    }
    // Where no row looks at digits, none weighs anything.
    let model = snapshots::last("57p");
    let off = under(&model, &["group:X", "group:Y"]);
    let all = place_values(&Forward::under(&off), 57, 68);
    assert!(all.iter().all(|each| each.ratio.is_none()));
}

#[test]
fn what_a_model_has_can_be_switched_off_and_nothing_else() {
    for (name, model) in models::some() {
        let config = model.config();
        for off in switches(config) {
            assert!(
                Intervened::new(&model, &Interventions::of([off.to_string().as_str()]).unwrap())
                    .is_ok()
            );
        }
        let beyond = format!("hidden:{}", config.ffn_dim);
        let refused =
            Intervened::new(&model, &Interventions::of([beyond.as_str()]).unwrap()).err().unwrap();
        let wanted = format!("{beyond}: this model's hidden units are 0 to {}", config.ffn_dim - 1);
        assert_eq!(refused.to_string(), wanted, "{name}");
    }
}

proptest! {
    #[test]
    fn another_carry_comes_of_one_column_alone(
        a in 0..=MAX_SUMMAND, b in 0..=MAX_SUMMAND, k in 1..ANSWER_DIGITS
    ) {
        let (c, d) = carried(a, b, k).unwrap();
        prop_assert!(c <= MAX_SUMMAND && d <= MAX_SUMMAND);
        prop_assert_ne!(carries(a, b)[k], carries(c, d)[k]);
        for j in (0..DIGITS).filter(|j| *j != k - 1) {
            prop_assert_eq!((digit(a, j), digit(b, j)), (digit(c, j), digit(d, j)));
        }
        let total = digit(a, k - 1) + digit(b, k - 1) + carries(a, b)[k - 1];
        let is_same = digit(a + b, k - 1) == digit(c + d, k - 1);
        prop_assert!(is_same || (9..=10).contains(&total), "{total}");
    }
}

#[test]
fn nothing_is_carried_into_the_ones() {
    assert_eq!((carried(57, 68, 0), carried(57, 68, ANSWER_DIGITS)), (None, None));
}

#[test]
fn panels_are_measured_with_what_is_switched_off() {
    for (name, model) in all() {
        let hidden = under(&model, &["hidden:0"]);
        let found = Measured::new(&hidden, "Switched off: hidden unit 0.".into());
        // Hidden units are off by their weights, and so the engine has another model to measure.
        let engine = Engine::new(hidden.model());
        let errors = engine.errors(pairs(PANEL_SEED, ERROR_EXAMPLES));
        assert_eq!(found.errors, errors, "{name}");
        let whole = Engine::new(&model).mean_attention(pairs(PANEL_SEED, ATTENTION_EXAMPLES));
        for (one, other) in flat(&found.mean_attention).zip(flat(&whole)) {
            assert!((one - other).abs() < 1e-9, "{name}: the FFN comes after attention");
        }

        let plus = under(&model, &["group:PLUS"]);
        let found = Measured::new(&plus, "Switched off: attention to PLUS.".into());
        for head in &found.mean_attention {
            for (r, row) in head.iter().enumerate().skip(PLUS + 1) {
                assert_eq!(row[PLUS], 0.0, "{name}: row {r} looks at PLUS");
                // Of a softmax with one more in its denominator something is left.
                assert!(row.iter().sum::<f64>() < 1.0 + 1e-9, "{name}: row {r}");
            }
        }
    }
}
