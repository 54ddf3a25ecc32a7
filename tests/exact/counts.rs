//! Counts that were confirmed elsewhere.

use super::{models, shared, snapshots};
use adderscope::model::Model;
use adderscope::model::exact::{Count, Exact};
use serde_json::Value;

/// Enough for every model that was trained to its end.
const LOOKS: u64 = 20_000_000;

fn count(model: &Model) -> Count {
    Exact::decided(model, LOOKS).count(10)
}

#[test]
fn the_bundled_models_are_right_as_often_as_is_known() {
    let all = 10u128.pow(20);
    for (name, step, right) in [
        ("57p", None, all),
        ("62p", None, 75_796_234_891_818_082_276),
        ("67p", None, all),
        ("67p", Some(226_000), all),
        ("67p", Some(242_000), 99_950_000_000_500_000_000),
        ("67p", Some(244_000), all - 10_000_010_000_000_000),
    ] {
        let model = step.map_or_else(|| snapshots::last(name), |step| snapshots::at(name, step));
        let count = count(&model);
        assert_eq!(count.right(), Some(right), "{name}, step {step:?}");
        assert_eq!(count.proven(), right == all);
    }
}

/// A model of `exact.json` by what it is called there.
fn named(name: &str) -> Model {
    if let Some(file) = name.strip_prefix("shared/checkpoints/") {
        let stem = file.strip_suffix(".pt").unwrap();
        return models::all().into_iter().find(|(name, _)| name == stem).unwrap().1;
    }
    let name = name.strip_prefix("www/models/").unwrap();
    match name.split_once(", step ") {
        Some((name, step)) => snapshots::at(name, step.parse().unwrap()),
        None => snapshots::last(name.strip_suffix(" (last snapshot)").unwrap()),
    }
}

#[test]
fn published_models_are_right_as_often_as_prototypes_found() {
    if shared::folder("checkpoints").is_none() {
        return;
    }
    let known = std::fs::read(shared::folder(".").unwrap().join("exact.json")).unwrap();
    let known: Value = serde_json::from_slice(&known).unwrap();
    for (name, wanted) in known["models"].as_object().unwrap() {
        let found = count(&named(name));
        let number = |key: &str| wanted[key].as_str().map(|text| text.parse::<u128>().unwrap());
        match number("right") {
            Some(right) => assert_eq!(found.right(), Some(right), "{name}"),
            None => {
                let (least, most) = (number("at_least").unwrap(), number("at_most").unwrap());
                assert!(found.at_least >= least && found.at_most <= most, "{name}: {found:?}");
            }
        }
    }
}
