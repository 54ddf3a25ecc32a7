//! Every number of a pass and of a model explained: what its terms come to is the number.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/models.rs"]
mod models;
#[path = "common/shared.rs"]
mod shared;

use adderscope::analysis::explain::{Explanation, Factor, Rule, entered, explain, explain_text};
use adderscope::analysis::trace::trace as addition_trace;
use adderscope::formats;
use adderscope::model::{Edit, Model, Trace};
use adderscope::task::addition::{MAX_SUMMAND, tokens};
use adderscope::task::item::{Item, Norm, Point};
use adderscope_explain::{explained, traced};
use adderscope_page::gallery::GALLERY;
use std::path::Path;

/// Where columns carry and where none does, both ends, and no digit twice the same.
const ADDITIONS: [(u64, u64); 4] =
    [(57, 68), (9_999_999_999, 1), (MAX_SUMMAND, MAX_SUMMAND), (1_234_567_890, 9_876_043_215)];

fn every_model() -> Vec<(String, Model)> {
    let bundled = GALLERY.iter().map(|bundled| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www").join(bundled.file);
        let checkpoint = formats::open(&std::fs::read(path).unwrap()).unwrap();
        (format!("bundled {}", bundled.name), checkpoint.model)
    });
    bundled.chain(models::all()).collect()
}

fn trace(model: &Model, (a, b): (u64, u64)) -> Trace {
    Trace::new(model, &tokens(a, b, model.config().vocabulary))
}

/// What can be asked for beside the numbers of a pass.
fn items_of(model: &Model) -> Vec<Item> {
    let (config, mut items) = (model.config(), Vec::new());
    for param in model.params().iter() {
        let weight = |index| Item::Weight { tensor: param.name.to_owned(), index };
        items.extend((0..param.values.len()).map(weight));
    }
    for token in 0..config.vocabulary.size as u8 {
        items.extend((0..config.tok_dim).map(|dim| Item::Embedding { token, dim }));
    }
    for norm in [Norm::First, Norm::Second, Norm::Last] {
        if norm != Norm::Second || model.weights().norm2.is_some() {
            items.extend((0..config.d_model()).map(|dim| Item::NormWeight { norm, dim }));
        }
    }
    items
}

/// What the model or the pass has under the name of `item`.
fn number(model: &Model, trace: &Trace, item: &Item) -> f64 {
    let w = model.weights();
    match item {
        Item::Token(token) => f64::from(*token),
        Item::Embedding { token, dim } => w.tokens[[usize::from(*token), *dim]],
        Item::NormWeight { norm: Norm::First, dim } => w.norm1[*dim],
        Item::NormWeight { norm: Norm::Second, dim } => w.norm2.as_ref().unwrap()[*dim],
        Item::NormWeight { norm: Norm::Last, dim } => w.norm_f[*dim],
        Item::Weight { tensor, index } => {
            let values = model.params().get(tensor).unwrap();
            f64::from(*values.iter().nth(*index).unwrap())
        }
        item => trace.number(item).unwrap(),
    }
}

fn check_factor(what: &str, model: &Model, trace: &Trace, factor: &Factor) {
    assert!(!factor.label.is_empty(), "{what}");
    let Some(item) = &factor.item else { return };
    assert_eq!(item.to_string().parse::<Item>().as_ref(), Ok(item), "{what}");
    let value = number(model, trace, item);
    if factor.label == item.to_string() {
        assert_eq!(factor.value.to_bits(), value.to_bits(), "{what}: {}", factor.label);
    } else {
        assert!(factor.label.contains(&item.to_string()), "{what}: {}", factor.label);
    }
}

fn check(what: &str, model: &Model, trace: &Trace, explanation: &Explanation) {
    let Explanation { item, value, formula, rule, scale, terms } = explanation;
    assert_eq!(value.to_bits(), number(model, trace, item).to_bits(), "{what}");
    assert!(!formula.is_empty(), "{what}");
    scale.iter().for_each(|factor| check_factor(what, model, trace, factor));
    for term in terms {
        assert!(!term.label.is_empty() && !term.factors.is_empty(), "{what}");
        term.factors.iter().for_each(|factor| check_factor(what, model, trace, factor));
        let product: f64 = term.factors.iter().map(|factor| factor.value).product();
        assert_eq!(product.to_bits(), term.value.to_bits(), "{what}: {}", term.label);
        let items: Vec<&Item> = term.factors.iter().filter_map(|f| f.item.as_ref()).collect();
        assert!(term.item.as_ref().is_none_or(|item| items.contains(&item)), "{what}");
        assert_eq!(term.item.is_none(), items.is_empty(), "{what}");
    }
    let scale: f64 = scale.iter().map(|factor| factor.value).product();
    let size: f64 = terms.iter().map(|term| term.value.abs()).sum();
    // Rounding is relative to what is added up, which can be more than what is left of it. Sines and cosines of numbers
    // below some units are as good as their own size, which is 1.
    let size = match rule {
        Rule::Sum | Rule::Gelu => size,
        Rule::Cos | Rule::Sin => size.max(1.0),
        Rule::Share { .. } | Rule::Given => value.abs(),
    };
    let difference = (explanation.combined() - value).abs();
    let most = 1e-12 * size * scale.abs();
    assert!(difference <= most, "{what}: {value} is not {}", explanation.combined());
}

#[test]
fn every_number_of_every_pass_is_what_its_terms_come_to() {
    for (name, model) in every_model() {
        for pair in ADDITIONS {
            let trace = trace(&model, pair);
            for item in trace.items() {
                let what = format!("{name}, {pair:?}: {item}");
                let explanation = explain(&model, &trace, &item).expect(&what);
                assert_eq!(explanation.item, item);
                check(&what, &model, &trace, &explanation);
            }
        }
    }
}

#[test]
fn every_number_of_every_model_is_what_its_terms_come_to() {
    for (name, model) in every_model() {
        let trace = trace(&model, ADDITIONS[0]);
        for item in items_of(&model) {
            let what = format!("{name}: {item}");
            let explanation = explain(&model, &trace, &item).expect(&what);
            check(&what, &model, &trace, &explanation);
            let given = matches!(item, Item::Weight { .. });
            assert_eq!(explanation.rule == Rule::Given, given, "{what}");
            assert_eq!(explanation.terms.is_empty(), given, "{what}");
        }
    }
}

/// From a logit down to numbers of the file, by nothing but the items of terms.
#[test]
fn every_way_down_ends_at_numbers_of_the_file() {
    for (name, model) in every_model() {
        let trace = trace(&model, ADDITIONS[0]);
        let (mut open, mut seen) = (vec!["logits:Z1/5".parse::<Item>().unwrap()], Vec::new());
        let mut stored = 0;
        while let Some(item) = open.pop() {
            if seen.contains(&item) || matches!(item, Item::Token(_)) {
                continue;
            }
            let explanation = explain(&model, &trace, &item).unwrap();
            stored += usize::from(explanation.rule == Rule::Given);
            let factors = explanation.terms.into_iter().flat_map(|term| term.factors);
            open.extend(factors.chain(explanation.scale).filter_map(|factor| factor.item));
            seen.push(item);
        }
        // All but what an answer digit cannot depend on, such as EOS and other tokens' embeddings.
        let all: usize = model.params().iter().map(|param| param.values.len()).sum();
        assert!(stored * 2 > all && stored <= all, "{name}: {stored} of {all}");
    }
}

/// A number of a tensor is changed, and what comes of it: all that is another number then is what it enters, or is made of
/// other numbers that are.
#[test]
fn a_number_enters_all_that_changes_with_it_and_is_not_made_of_what_changed() {
    for (name, model) in every_model() {
        let before = trace(&model, ADDITIONS[0]);
        let items: Vec<Item> = before.items().collect();
        for param in model.params().iter().filter(|param| param.learned) {
            let item = Item::Weight { tensor: param.name.to_owned(), index: 0 };
            let original = *param.values.iter().next().unwrap();
            let edit = Edit { name: param.name.to_owned(), index: 0, value: original + 0.125 };
            let mut other = model.clone();
            other.edit(&[edit]).unwrap();
            let after = trace(&other, ADDITIONS[0]);
            let changes = |item: &Item| after.number(item) != before.number(item);
            let enters = entered(&model, &before, &item);
            for changed in items.iter().filter(|item| changes(item)) {
                let explained = explain(&model, &before, changed).unwrap();
                let factors = explained.terms.iter().flat_map(|term| &term.factors);
                let items = factors.filter_map(|factor| factor.item.as_ref());
                // Of a norm the rms is made of all dimensions, and of a share all scores.
                let is_later =
                    items.into_iter().any(|item| after.number(item).is_some() && changes(item))
                        || !explained.scale.is_empty()
                        || explained.rule == Rule::Share { term: 0 };
                assert!(enters.contains(changed) || is_later, "{name}: {item} and {changed}");
            }
            assert!(!enters.is_empty(), "{name}: {item}");
        }
    }
}

#[test]
fn what_a_number_enters_is_listed_in_the_order_of_the_pass() {
    let (_, model) = every_model().swap_remove(0);
    let enters = |text: &str| {
        let all = entered(&model, &trace(&model, (57, 68)), &text.parse().unwrap());
        all.iter().map(Item::to_string).collect::<Vec<_>>()
    };
    let hidden = enters("weight:fc1.weight/3");
    assert_eq!((hidden.len(), &*hidden[0], &*hidden[32]), (33, "hidden:x0/0", "hidden:EOS/0"));
    let start = enters("weight:tok_arc_start/0");
    assert_eq!((&*start[0], &*start[19]), ("embedding:0/0", "embedding:9/1"));
    assert!(start.contains(&"embed:Z4/1".to_owned()) && start.contains(&"logits:Z4/7".to_owned()));
    assert_eq!(enters("hidden:Z4/0"), Vec::<String>::new());
    assert_eq!(enters("weight:fc1.weight/999"), Vec::<String>::new());
}

#[test]
fn a_replaced_number_is_explained_in_what_comes_after_it() {
    for (name, model) in every_model() {
        let example = tokens(57, 68, model.config().vocabulary);
        let trace = Trace::hooked(&model, &example, |point, row, values: &mut [f64]| {
            if point == Point::Hidden && row == 25 {
                values[0] = 3.0;
            }
        });
        for item in trace.items() {
            if item == (Item::Number { point: Point::Hidden, row: 25, index: 0 }) {
                assert_eq!(explain(&model, &trace, &item).unwrap().value, 3.0);
            } else {
                let what = format!("{name}: {item}");
                check(&what, &model, &trace, &explain(&model, &trace, &item).unwrap());
            }
        }
    }
}

#[test]
fn what_is_no_number_of_the_model_is_refused_in_words() {
    let (_, model) = every_model().swap_remove(0);
    let refusal = |text: &str| explain_text(&model, 57, 68, text).unwrap_err().to_string();
    assert_eq!(refusal("hidden"), "“hidden” names nothing that can be selected");
    for text in [
        "attention:Z4/X4/9999999999999999999",
        "embedding:1/18446744073709551615",
        "hidden:Z4/2",
        "score:Z4/Z4",
        "score:Z4/X4/1",
        "embedding:10/0",
        "norm:1/5",
        "weight:k_proj.weight/0",
        "weight:fc1.weight/10",
        "place:X3",
        "row:Z4",
        "step:20000",
        "addition:57+68",
    ] {
        assert_eq!(refusal(text), format!("“{text}” is no number of this model"));
    }
    assert!(explain_text(&model, 57, 68, "hidden:Z4/1").is_ok());
}

#[test]
fn the_page_is_given_the_same() {
    let (_, model) = every_model().swap_remove(0);
    let found = explained(&model, "logits:Z1/5", 57.0, 68.0);
    assert_eq!(found, Ok(explain_text(&model, 57, 68, "logits:Z1/5").unwrap()));
    assert_eq!(traced(&model, 57.0, 68.0), Ok(addition_trace(&model, 57, 68)));
    let refused = explained(&model, "logits:Z1/10", 57.0, 68.0).unwrap_err();
    assert_eq!(refused, "“logits:Z1/10” is no number of this model");
    let refused = traced(&model, 57.5, 68.0).unwrap_err();
    assert_eq!(refused, "a summand should be a whole number from 0 to 9999999999");
}

#[test]
fn a_rotated_query_names_the_two_dimensions_that_it_is_turned_in() {
    let (_, model) =
        models::all().into_iter().find(|(name, _)| name == "learned_spiral_74p").unwrap();
    let formula = |item: &str| explain_text(&model, 57, 68, item).unwrap().formula;
    assert!(formula("query:Z4/0").contains("q0 · cos(angle) − q1 · sin(angle)"));
    assert!(formula("query:Z4/3").contains("q2 · sin(angle) + q3 · cos(angle)"));
}
