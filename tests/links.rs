//! A model in a link: whole, short, and never another one.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;
#[path = "common/files.rs"]
mod files;
#[path = "common/shared.rs"]
mod shared;
#[path = "common/snapshots.rs"]
mod snapshots;

use adderscope::formats::{
    self, Error, File, Kind, Raw, link::to_link, read_files, read_raw, sniff,
};
use adderscope::model::Model;
use adderscope::model::file::{Format, Input};
use proptest::prelude::*;

/// What a link may be long at most, with a state of this length behind the weights.
const WHOLE: usize = 2000;
const STATE: usize =
    "#&a=9999999999&b=9999999999&digit=10&view=overview&panel=training_trajectory".len();

fn model(raw: &Raw) -> Model {
    formats::checkpoint(raw).unwrap().model
}

fn bits(model: &Model) -> Vec<u32> {
    model.params().iter().flat_map(|param| param.numbers()).map(|n| n.to_bits()).collect()
}

/// The link of a checkpoint, which gives the same model when it is read.
fn checked(raw: &Raw, name: &str) -> String {
    let link = to_link(raw, name).unwrap();
    let back = read_raw(link.as_bytes()).unwrap();
    let (there, here) = (model(&back), model(raw));
    assert_eq!(there.config(), here.config(), "{name}");
    assert_eq!(bits(&there), bits(&here), "{name}");
    assert_eq!((back.step, back.edited), (raw.step, raw.edited), "{name}");
    assert_eq!((back.format, back.metrics), (Format::Link, None), "{name}");
    link
}

#[test]
fn every_architecture_comes_out_of_its_link_as_it_was() {
    for (name, bytes) in files::all("variants") {
        let file: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let Ok(raw) = read_raw(file["checkpoint"].to_string().as_bytes()) else { continue };
        if formats::checkpoint(&raw).is_ok() {
            checked(&raw, &name);
        }
    }
    for name in snapshots::BUNDLED {
        assert!(checked(&snapshots::raw(name, 20_000), name).len() < 1000);
    }
}

#[test]
fn a_published_model_with_a_state_takes_at_most_two_thousand_characters() {
    let Some(folder) = shared::folder("checkpoints") else { return };
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "pt") {
            let raw = read_raw(&std::fs::read(&path).unwrap()).unwrap();
            let link = checked(&raw, &path.file_name().unwrap().to_string_lossy());
            assert!(link.len() + STATE <= WHOLE, "{}: {}", path.display(), link.len());
            count += 1;
        }
    }
    assert!(count >= 8);
}

#[test]
fn a_link_without_a_configuration_is_as_its_file_was() {
    let raw = Raw { config: None, ..snapshots::raw("67p", 2000) };
    let read = read_raw(checked(&raw, "67p").as_bytes()).unwrap();
    assert_eq!(read.config, None);
    let told = |raw: &Raw| formats::checkpoint(raw).unwrap().about.notes;
    assert_eq!(told(&read), told(&raw), "what had to be assumed is said");
}

#[test]
fn a_link_is_opened_from_an_address_pasted_whole_under_its_own_name() {
    let raw = snapshots::raw("57p", 2000);
    let link = to_link(&raw, "mine.pt").unwrap();
    let address = format!("https://example.org/adder/#{link}&a=57&b=68\n");
    assert_eq!(sniff(address.as_bytes()), Kind::Link);
    let file = File { name: "pasted text".into(), bytes: address.into_bytes() };
    let Input::Model(opened) = read_files(vec![file]).unwrap() else { panic!("no model") };
    assert_eq!(opened.name(), "mine.pt");
    let opened = opened.opening();
    assert_eq!(bits(&opened.model), bits(&model(&raw)));
    assert_eq!(opened.about.step, Some(2000));
    for other in
        ["{\"weights=\": 1}", "see #weights=AQ", "weights=", "https://example.org/#model=57p"]
    {
        assert_ne!(sniff(other.as_bytes()), Kind::Link, "{other}");
    }
}

#[test]
fn a_link_of_the_first_version_opens_for_ever() {
    let link = include_str!("golden/links/v1.txt");
    let read = read_raw(link.trim().as_bytes()).unwrap();
    let step_2000 = snapshots::raw("57p", 2000);
    assert_eq!(bits(&model(&read)), bits(&model(&step_2000)));
    assert_eq!(read.step, Some(2000));
}

/// A link with other bytes, and a sum that fits them.
fn resealed(link: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
    use base64::Engine;
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let mut bytes = engine.decode(link.strip_prefix("weights=").unwrap()).unwrap();
    bytes.truncate(bytes.len() - 4);
    change(&mut bytes);
    let sum = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&bytes);
    bytes.extend(sum.to_le_bytes());
    format!("weights={}", engine.encode(bytes))
}

#[test]
fn each_thing_that_can_be_wrong_with_a_link_has_its_words() {
    let link = to_link(&snapshots::raw("57p", 2000), "57p").unwrap();
    let words = |link: &str| read_raw(link.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        words(&resealed(&link, |bytes| bytes[0] = 2)),
        "the link is of version 2, and this AdderScope knows 1: open it with a newer one"
    );
    let damaged = |what: &str| format!("the link is damaged: {what}. Copy the whole of it again");
    for broken in [&link[..link.len() / 2], &link.replace('A', "B"), "weights=A", "weights=%20"] {
        assert_eq!(words(broken), damaged("a part of it is missing or changed"), "{broken}");
    }
    let header = |bytes: &mut Vec<u8>| bytes[3] = b'[';
    assert_eq!(words(&resealed(&link, header)), damaged("its header is no JSON object"));
    let shorter = |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 1);
    assert_eq!(words(&resealed(&link, shorter)), damaged("it ends in the middle of a tensor"));
    let more = |bytes: &mut Vec<u8>| bytes.extend([255, 0, 0, 0, 0, 0]);
    assert_eq!(words(&resealed(&link, more)), damaged("it names a tensor 255, which is none"));
    let twice = |bytes: &mut Vec<u8>| bytes.extend([0, 0, 0, 0, 0, 0]);
    assert_eq!(words(&resealed(&link, twice)), damaged("it holds the tensor tok_arc_A twice"));
    let long = format!("weights={}", "A".repeat(9000));
    assert!(matches!(read_raw(long.as_bytes()), Err(Error::TooLarge(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_link_that_was_changed_anywhere_is_refused(at in 8usize..500, to in "[A-Za-z0-9_-]") {
        let link = include_str!("golden/links/v1.txt").trim();
        let at = 8 + at % (link.len() - 8);
        let changed = format!("{}{to}{}", &link[..at], &link[at + 1..]);
        prop_assert_eq!(read_raw(changed.as_bytes()).is_ok(), changed == link);
    }

    /// What someone seals with a right sum gives a value or an error, whatever is in it.
    #[test]
    fn whatever_is_sealed_is_a_value_or_an_error(at in 0usize..500, to in any::<u8>()) {
        let link = include_str!("golden/links/v1.txt").trim();
        let changed = resealed(link, |bytes| {
            let at = at % bytes.len();
            bytes[at] = to;
        });
        if let Err(error) = read_raw(changed.as_bytes()) {
            prop_assert!(error.to_string().len() <= 300);
        }
    }
}
