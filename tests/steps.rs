//! One answer digit, step by step: that parts sum to the whole, and that every number is the trace's.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/models.rs"]
mod models;
#[path = "common/shared.rs"]
mod shared;
#[path = "common/snapshots.rs"]
mod snapshots;

use adderscope::analysis::explain::{Factor, explain};
use adderscope::analysis::ruler::{RulerAxis, ruler};
use adderscope::analysis::steps::{Stage, Steps, steps};
use adderscope::model::layers::{argmax, gelu};
use adderscope::model::{Model, Trace};
use adderscope::task::addition::{ANSWER_DIGITS, EQUALS, digit, tokens};
use adderscope::task::item::{Item, Point};
use adderscope::task::sampling::pairs;

fn all() -> Vec<(String, Model)> {
    let bundled = snapshots::BUNDLED.map(|name| (name.to_owned(), snapshots::last(name)));
    let early = ("62p early".to_owned(), snapshots::at("62p", 20_000));
    models::all().into_iter().chain(bundled).chain([early]).collect()
}

/// Equal up to the rounding of another order of additions among numbers of this size.
fn near(a: f64, b: f64, size: f64) -> bool {
    (a - b).abs() <= 1e-11 * size.max(1e-300)
}

/// Calls `check` with some digits of some additions by every model.
fn each(mut check: impl FnMut(&str, &Model, &Trace, &Steps)) {
    for (name, model) in all() {
        for (a, b) in pairs(3, 2).chain([(57, 68), (9_999_999_999, 1)]) {
            let trace = Trace::new(&model, &tokens(a, b, model.config().vocabulary));
            for k in [0, 1, 4, 10] {
                let steps = steps(&model, a, b, k).unwrap();
                check(&format!("{name}: {a} + {b}, Z{k}"), &model, &trace, &steps);
            }
        }
    }
}

#[test]
fn sources_add_up_to_what_was_written() {
    each(|what, model, trace, steps| {
        let sum: f64 = steps.sources.iter().map(|source| source.product).sum();
        let size: f64 = steps.sources.iter().map(|source| source.product.abs()).sum();
        assert!(near(sum, steps.total, size), "{what}: {sum} and {}", steps.total);
        assert_eq!(steps.sources.len(), model.config().n_heads * (EQUALS + steps.digit + 1));
        for source in &steps.sources {
            assert_eq!(source.product, source.weight.value * source.value);
            let terms: f64 = source.terms.iter().map(|term| term.value).sum();
            assert_eq!(source.value, terms, "{what}, {}", source.name);
            let Item::Place(place) = source.place else { panic!("{}", source.place) };
            assert_eq!(source.token, trace.tokens[place]);
            let weights = steps.sources.iter().filter(|other| other.head == source.head);
            let whole: f64 = weights.map(|other| other.weight.value).sum();
            let is_whole = near(whole, 1.0, 1.0);
            // Softmax1 leaves a part of it, and never more than half.
            let is_part = model.config().softmax1 && (0.5..1.0).contains(&whole);
            assert!(is_whole || is_part, "{what}: {whole}");
        }
        let numbers: Vec<f64> = steps.written.iter().map(|number| number.value).collect();
        let ruler = ruler(model, steps.a, steps.b, steps.digit).unwrap();
        assert_eq!((numbers, steps.along), (ruler.written.clone(), ruler.along));
        if steps.along == RulerAxis::Number {
            assert_eq!((steps.total, steps.stop), (ruler.pointer.s, ruler.pointer.s));
        }
    });
}

#[test]
fn every_named_number_is_that_of_the_trace_and_can_be_explained() {
    each(|what, model, trace, steps| {
        let units = steps.units.iter().flat_map(|unit| [&unit.before, &unit.after]);
        let weights = steps.sources.iter().map(|source| &source.weight);
        let logits = steps.tokens.iter().map(|token| &token.logit);
        let read = steps.sources.iter().flat_map(|source| &source.terms).flat_map(|t| &t.factors);
        let named = steps.written.iter().chain(units).chain(weights).chain(logits);
        for Factor { item, value, .. } in named {
            let item = item.as_ref().unwrap();
            assert_eq!(trace.number(item), Some(*value), "{what}: {item}");
        }
        for Factor { item, value, label } in read {
            let Some(item) = item else { continue };
            let explained = explain(model, trace, item).unwrap();
            assert_eq!((explained.value, label), (*value, &item.to_string()), "{what}");
        }
        let logits: Vec<f64> = steps.tokens.iter().map(|token| token.logit.value).collect();
        assert_eq!(usize::from(steps.said), argmax(&logits), "{what}");
        assert_eq!(steps.right, digit(steps.a + steps.b, steps.digit));
        let whole: f64 = steps.tokens.iter().map(|token| token.probability).sum();
        assert!(near(whole, 1.0, 1.0));
        let shares: Vec<f64> = steps.tokens.iter().map(|token| token.probability).collect();
        assert!(shares.iter().all(|share| *share <= shares[argmax(&logits)]), "{what}");
    });
}

#[test]
fn parts_sum_to_the_logits_and_the_lens_ends_with_them() {
    each(|what, _, _, steps| {
        assert_eq!(
            steps.parts.iter().map(|part| part.stage).collect::<Vec<_>>(),
            steps.lens.iter().map(|s| s.stage).collect::<Vec<_>>()
        );
        for token in &steps.tokens {
            let t = usize::from(token.token);
            let parts: Vec<f64> = steps.parts.iter().map(|part| part.logits[t]).collect();
            let size: f64 = parts.iter().map(|part| part.abs()).sum();
            let sum: f64 = parts.iter().sum();
            assert!(near(sum, token.logit.value, size), "{what}: {parts:?}, {}", token.logit.value);
            let last = steps.lens.last().unwrap();
            assert_eq!((last.stage, last.logits[t]), (Stage::Ffn, token.logit.value));
        }
        assert_eq!(steps.lens.last().unwrap().said, steps.said);
        assert!(steps.lens.iter().all(|stage| usize::from(stage.said) == argmax(&stage.logits)));
    });
}

/// What the page opens of a row of the lens, and of a part.
#[test]
fn each_stage_is_what_its_terms_come_to_and_names_what_it_passes_on() {
    each(|what, model, trace, steps| {
        let lens = steps.lens.iter().map(|lens| {
            (lens.logits[usize::from(lens.said)], &lens.scale, &lens.terms, lens.stage)
        });
        let parts = steps.parts.iter().map(|part| {
            (part.logits[usize::from(steps.said)], &part.scale, &part.terms, part.stage)
        });
        for (value, scale, terms, stage) in lens.chain(parts) {
            let sum: f64 = terms.iter().map(|term| term.value).sum();
            let size: f64 = terms.iter().map(|term| term.value.abs()).sum();
            assert!(near(sum * scale.value, value, size * scale.value), "{what}, {stage:?}");
            for Factor { item, value, label } in terms.iter().flat_map(|term| &term.factors) {
                let Some(item) = item else { continue };
                let explained = explain(model, trace, item).unwrap();
                assert_eq!((explained.value, label), (*value, &item.to_string()), "{what}");
            }
            assert!(terms.iter().all(|term| term.item.is_some()), "{what}, {stage:?}");
        }
    });
}

/// Without attention and FFN, and without the FFN, the pass itself says so.
#[test]
fn the_lens_is_a_pass_without_what_comes_after() {
    each(|what, model, trace, steps| {
        let row = EQUALS + steps.digit;
        for stage in &steps.lens {
            let from = match stage.stage {
                Stage::Embed => Point::Embed,
                Stage::Attention => Point::AfterAttention,
                Stage::Ffn => Point::AfterFfn,
            };
            let stream = trace.at(from).unwrap().row(row).to_vec();
            let mut example = [0; 34];
            example[..33].copy_from_slice(&trace.tokens);
            let without = Trace::hooked(model, &example, |point, of, values: &mut [f64]| {
                if (point, of) == (Point::AfterFfn, row) {
                    values.copy_from_slice(&stream);
                }
            });
            let wanted = without.at(Point::Logits).unwrap().row(row).to_vec();
            assert_eq!(stage.logits, wanted, "{what}, {from:?}");
        }
    });
}

#[test]
fn the_curves_of_hidden_units_pass_through_this_addition() {
    each(|what, _, _, steps| {
        let (lo, hi) = steps.range;
        for unit in &steps.units {
            let last = unit.curve_before.len() - 1;
            let at = (steps.stop - lo) / (hi - lo) * last as f64;
            let (i, part) = (at.floor() as usize, at.fract());
            let next = (i + 1).min(last);
            let found = unit.curve_before[i] * (1.0 - part) + unit.curve_before[next] * part;
            let size = unit.curve_before.iter().fold(0.0f64, |most, v| most.max(v.abs()));
            // Straight between two points, where the curve bends a little.
            assert!(
                (found - unit.before.value).abs() <= 0.02 * size.max(1e-9),
                "{what}: {found}, {:?}",
                unit.before
            );
            for (before, after) in unit.curve_before.iter().zip(&unit.curve_after) {
                assert_eq!(*after, gelu(*before));
            }
        }
    });
}

#[test]
fn there_are_eleven_digits() {
    let (_, model) = models::some().swap_remove(0);
    assert!(steps(&model, 57, 68, ANSWER_DIGITS - 1).is_some());
    assert_eq!(steps(&model, 57, 68, ANSWER_DIGITS), None);
}
