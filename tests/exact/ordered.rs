//! Where rows look at one of X and Y of a column alone it matters which digit is whose: the verdict against the plain forward.

use super::intervened::under;
use super::made::{early_stops, few};
use super::said::{Said, reader, said};
use super::{models, snapshots};
use adderscope::model::exact::Exact;
use adderscope::model::layers::argmax;
use adderscope::model::{Forward, Intervened, Model};
use adderscope::task::addition::{ANSWER_DIGITS, carries, digit, tokens};
use adderscope::task::sampling::{Pair, PythonRandom, pairs};

const LOOKS: u64 = 2_000_000;

/// Digits of the additions that are asked one by one, by the plain forward: three would take minutes.
const DIGITS: usize = 2;

/// What is switched off: of columns that such additions have, and of others.
const OFF: [&[&str]; 8] = [
    &["place:X0"],
    &["place:Y1"],
    &["place:X3"],
    &["place:Y9", "hidden:1"],
    &["group:X"],
    &["group:Y"],
    &["place:X1", "place:Y2"],
    &["column:2", "place:X1", "place:X5"],
];

/// A variant whose attention moves with the digits, and of which much is decided at once.
const MOVING: &str = "parameterless_full_input";

fn bundled() -> Vec<(String, Model)> {
    snapshots::BUNDLED.map(|name| (name.to_owned(), snapshots::last(name))).to_vec()
}

/// Every addition of numbers of at most so many digits.
fn all(digits: usize) -> impl Iterator<Item = Pair> {
    let most = 10u64.pow(digits as u32);
    (0..most).flat_map(move |a| (0..most).map(move |b| (a, b)))
}

/// Whether each answer row is right after true digits.
fn rows(forward: &Forward, (a, b): Pair) -> [bool; ANSWER_DIGITS] {
    let example = tokens(a, b, forward.model().config().vocabulary);
    std::array::from_fn(|k| {
        argmax(&forward.answer_logits(&example, k)) == usize::from(digit(a + b, k))
    })
}

fn decided(off: &Intervened) -> Exact<'_> {
    let mut exact = Exact::under(off);
    exact.step(LOOKS);
    exact
}

/// Random additions, those where most columns sum to 9, and each with its summands the other way round.
fn random(count: usize) -> Vec<Pair> {
    let mut random = PythonRandom::new(5);
    let mut column = || {
        let x = random.up_to(9);
        (x, if random.up_to(9) < 7 { 9 - x } else { random.up_to(9) })
    };
    let chained =
        |_| (0..10).map(|_| column()).fold((0, 0), |(a, b), (x, y)| (10 * a + x, 10 * b + y));
    let mut list: Vec<Pair> = (0..count).map(chained).collect();
    list.extend(pairs(7, count));
    list.into_iter().flat_map(|(a, b)| [(a, b), (b, a)]).collect()
}

#[test]
fn bundled_models_are_decided_whichever_place_is_hidden() {
    for (name, model) in bundled() {
        for texts in OFF {
            let off = under(&model, texts);
            let exact = decided(&off);
            let count = exact.count(10);
            assert!(count.right().is_some(), "{name}, {texts:?}: {count:?}, {}", exact.looks());
        }
    }
}

#[test]
fn random_additions_agree_with_the_case_they_fall_in() {
    let moving = models::all().into_iter().filter(|(name, _)| !name.starts_with("trainer"));
    let (named, others): (Vec<_>, Vec<_>) = moving.partition(|(name, _)| name == MOVING);
    assert_eq!(named.len(), 1);
    let count = if cfg!(debug_assertions) { 40 } else { 400 };
    for (name, model) in bundled().into_iter().chain(named).chain(few(others, 3)) {
        for texts in OFF.into_iter().filter(|texts| !texts.contains(&"hidden:1")) {
            let off = under(&model, texts);
            let mut exact = Exact::under(&off);
            exact.step(LOOKS / 20);
            let forward = Forward::under(&off);
            let mut certain = 0;
            for pair in random(count) {
                let (known, is) = (exact.rows_of(pair.0, pair.1), rows(&forward, pair));
                let agrees = known.iter().zip(is).all(|(known, is)| known.is_none_or(|k| k == is));
                assert!(agrees, "{name}, {texts:?}: {pair:?} is {is:?}, not {known:?}");
                certain += known.iter().flatten().count();
            }
            let is_decided = name == MOVING || snapshots::BUNDLED.contains(&name.as_str());
            assert!(certain > 0 || !is_decided, "{name}, {texts:?}: nothing is known");
        }
    }
}

/// What is said of additions of so few digits that all can be asked: how many are right, by digit, by run of carries; the
/// wrong ones in words; the simplest; and the smallest lead.
fn assert_told(name: &str, forward: &Forward, exact: &Exact, digits: usize) {
    let report = exact.report(digits);
    let said: Vec<Said> = all(digits).map(|pair| said(forward, pair)).collect();
    let wrong: Vec<&Said> = said.iter().filter(|said| !said.is_right()).collect();
    assert_eq!(report.wrong, Some(wrong.len().to_string()), "{name}");
    assert_eq!(exact.count(digits).right(), Some((said.len() - wrong.len()) as u128), "{name}");
    for chain in &report.by_carry_chain {
        let of = || said.iter().filter(|said| said.chain() == chain.chain);
        let right = of().filter(|said| said.is_right()).count().to_string();
        let share = &chain.share;
        assert_eq!((&share.right_at_least, &share.right_at_most), (&right, &right), "{name}");
        assert_eq!(share.total, of().count().to_string(), "{name}");
    }
    for shown in &report.by_digit {
        let of = || {
            let has = |said: &&Said| carries(said.pair.0, said.pair.1)[shown.digit] == shown.carry;
            said.iter().filter(has)
        };
        let right = of().filter(|said| said.rows[shown.digit]).count().to_string();
        let share = &shown.share;
        assert_eq!((&share.right_at_least, &share.right_at_most), (&right, &right), "{name}");
        assert_eq!(share.total, of().count().to_string(), "{name}");
    }
    let listed: Vec<Pair> = report.counterexamples.iter().map(|wrong| (wrong.a, wrong.b)).collect();
    let mut simplest: Vec<&&Said> = wrong.iter().collect();
    simplest.sort_by_key(|said| said.simple());
    let simplest: Vec<Pair> = simplest.iter().map(|said| said.pair).take(listed.len()).collect();
    assert_eq!(listed, simplest, "{name}");
    assert_eq!(listed.len(), wrong.len().min(20), "{name}");
    assert!(report.counterexamples.iter().all(|w| forward.decode(w.a, w.b) == w.got), "{name}");
    let mut sum = 0;
    for rule in &report.rules {
        let count: usize = rule.count.parse().unwrap();
        sum += count;
        let Some(k) = rule.digit else { continue };
        let example = rule.example.unwrap();
        assert_ne!(forward.decode(example.a, example.b), example.expected, "{name}: {}", rule.text);
        // What can be read out of the words.
        let Some(reads) = reader(&rule.text) else { continue };
        assert!(reads(&(example.a, example.b)), "{name}: {} has {example:?}", rule.text);
        let named = wrong.iter().filter(|said| said.first() == Some(k) && reads(&said.pair));
        assert_eq!(named.count(), count, "{name}: {}", rule.text);
        let is_wrong = |said: &Said| !said.rows[k] || !reads(&said.pair);
        let whole = rule.text.ends_with("in part") || said.iter().all(is_wrong);
        assert!(whole, "{name}: {}", rule.text);
    }
    assert_eq!(sum, wrong.len(), "{name}");
    let least = said.iter().filter(|said| said.is_right()).map(|said| said.lead);
    let least = least.fold(f64::INFINITY, f64::min);
    let found = report.closest.map_or(f64::INFINITY, |closest| closest.lead);
    assert!(found == least || (found - least).abs() < 2e-6, "{name}: {found}, not {least}");
}

#[test]
fn all_that_is_said_of_two_digits_is_so() {
    for (name, model) in bundled() {
        for texts in few(OFF.to_vec(), 4) {
            let off = under(&model, texts);
            let (exact, forward) = (decided(&off), Forward::under(&off));
            assert_told(&format!("{name}, {texts:?}"), &forward, &exact, 2);
        }
    }
}

#[test]
fn as_many_are_right_as_are_counted() {
    let moving =
        models::some().into_iter().filter(|(name, _)| name.ends_with('p') && name.len() > 3);
    let given =
        few(bundled(), 3).into_iter().chain(moving).map(|of| (of, vec![OFF[1], OFF[4], OFF[7]]));
    let early = few(early_stops(), 5).into_iter().map(|of| (of, vec![OFF[1], OFF[4]]));
    for ((name, model), all_off) in given.chain(early) {
        for texts in all_off {
            let off = under(&model, texts);
            let (exact, forward) = (decided(&off), Forward::under(&off));
            let right =
                all(DIGITS).filter(|(a, b)| forward.decode(*a, *b) == a + b).count() as u128;
            let count = exact.count(DIGITS);
            println!("{name}, {texts:?}: {right}, {count:?}");
            let within = count.at_least <= right && right <= count.at_most;
            assert!(within, "{name}, {texts:?}: {right}, not {count:?}");
        }
    }
}
