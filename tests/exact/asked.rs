//! All additions of a few digits, asked one by one.

use adderscope::model::exact::{CHAINS, Exact, Report};
use adderscope::model::{Engine, Model};
use adderscope::task::addition::{ANSWER_DIGITS, DIGITS, carries, digit};

/// The longest run of columns that send a carry.
fn chain(a: u64, b: u64) -> usize {
    let sends = &carries(a, b)[1..=DIGITS];
    sends.split(|carry| *carry == 0).map(<[u8]>::len).max().unwrap()
}

/// Right answers by the longest run of carries.
pub fn right_by_chain(model: &Model, digits: usize) -> [u128; CHAINS] {
    let most = 10u64.pow(digits as u32);
    let mut right = [0; CHAINS];
    for a in 0..most {
        (0..most).for_each(|b| right[chain(a, b)] += 1);
    }
    let pairs = (0..most).flat_map(|a| (0..most).map(move |b| (a, b)));
    Engine::new(model).each_failure(pairs, |wrong| right[chain(wrong.a, wrong.b)] -= 1);
    right
}

/// Answers that are said to be right by the run of carries, at least and at most.
pub fn bounds_by_chain(report: &Report) -> [(u128, u128); CHAINS] {
    std::array::from_fn(|chain| {
        let share = &report.by_carry_chain[chain].share;
        assert_eq!(report.by_carry_chain[chain].chain, chain);
        (share.right_at_least.parse().unwrap(), share.right_at_most.parse().unwrap())
    })
}

/// Right digits under teacher forcing, by digit and carry, and how many there are.
pub fn right_by_digit(model: &Model, digits: usize) -> [[(u128, u128); 2]; ANSWER_DIGITS] {
    let most = 10u64.pow(digits as u32);
    let pairs = (0..most).flat_map(|a| (0..most).map(move |b| (a, b)));
    let mut counts = [[(0, 0); 2]; ANSWER_DIGITS];
    Engine::new(model).each_prediction(pairs, |(a, b), said| {
        let carries = carries(a, b);
        for (k, count) in counts.iter_mut().enumerate() {
            let (right, total) = &mut count[usize::from(carries[k])];
            *total += 1;
            *right += u128::from(said[k] == digit(a + b, k));
        }
    });
    counts
}

/// What is said of a model's additions of at most `digits` digits against all of them. Gives whether all is decided.
pub fn assert_right(name: &str, model: &Model, looks: u64, digits: usize) -> bool {
    let exact = Exact::decided(model, looks);
    let (count, report) = (exact.count(digits), exact.report(digits));
    let right = right_by_chain(model, digits);
    let all: u128 = right.iter().sum();
    assert!(
        count.at_least <= all && all <= count.at_most,
        "{name}: {all} are right, not {count:?}"
    );
    for (chain, (least, most)) in bounds_by_chain(&report).into_iter().enumerate() {
        let right = right[chain];
        assert!(least <= right && right <= most, "{name}, chain {chain}: {right} are right");
    }
    assert_eq!(report.right_at_least, count.at_least.to_string(), "{name}");
    assert_eq!(report.right_at_most, count.at_most.to_string(), "{name}");
    count.right().is_some()
}

/// The same of single digits.
pub fn assert_digits_right(name: &str, model: &Model, looks: u64, digits: usize) {
    let report = Exact::decided(model, looks).report(digits);
    let right = right_by_digit(model, digits);
    for digit in &report.by_digit {
        let (right, total) = right[digit.digit][usize::from(digit.carry)];
        let number = |text: &str| text.parse::<u128>().unwrap();
        let share = &digit.share;
        let (least, most) = (number(&share.right_at_least), number(&share.right_at_most));
        assert_eq!(number(&share.total), total, "{name}: {digit:?}");
        assert!(least <= right && right <= most, "{name}: {right} are right, not {digit:?}");
    }
}
