//! Numbers read alike in figures, on the command line and on the page: `words.json` holds the cases, which
//! `tests/page/format.test.ts` tests the page with.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use adderscope::numbers::words;
use serde_json::Value;

#[test]
fn numbers_read_as_they_do_on_the_page() {
    let cases: Value = serde_json::from_str(include_str!("words.json")).unwrap();
    let list = |name: &str| cases[name].as_array().unwrap().clone();
    for case in list("grouped") {
        let number: u64 = case[0].as_str().unwrap().parse().unwrap();
        assert_eq!(words::grouped(number), case[1].as_str().unwrap());
    }
    for case in list("fixed") {
        let (value, decimals) = (case[0].as_f64().unwrap(), case[1].as_u64().unwrap() as usize);
        assert_eq!(words::fixed(value, decimals), case[2].as_str().unwrap());
    }
}
