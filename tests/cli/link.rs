//! `link` and `open`: a model goes into an address and comes out of it.

use super::{Folder, refusal, run, snapshots};
use adderscope::formats::{self, read_raw};
use adderscope::model::Model;
use std::fs;

fn said(args: &[&str]) -> String {
    let output = run(args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn model(path: &str) -> Model {
    formats::checkpoint(&read_raw(&fs::read(path).unwrap()).unwrap()).unwrap().model
}

#[test]
fn a_link_is_made_and_taken_apart_to_the_same_bits() {
    let folder = Folder::new("link");
    let history = snapshots::path("67p");
    let state = ["--a", "57", "--b", "68", "--digit", "1", "--view", "map", "--panel", "readout"];
    let page = ["--page", "https://example.org/adder/", "--step", "244000"];
    let link = said(&[&["link", &history], &state[..], &page[..]].concat());
    let link = link.trim_end();
    assert!(link.starts_with("https://example.org/adder/#weights=A"), "{link}");
    assert!(link.ends_with("&a=57&b=68&digit=1&view=map&panel=readout"), "{link}");
    for form in [link, link.split_once('#').unwrap().1] {
        for ending in ["safetensors", "json"] {
            let out = folder.path(&format!("out.{ending}"));
            assert_eq!(
                said(&["open", form, "-o", &out]),
                "the link also asks for a = 57, b = 68, digit = 1, view = map, panel = readout\n"
            );
            let (there, here) = (model(&out), snapshots::at("67p", 244_000));
            assert_eq!((there.config(), there.params()), (here.config(), here.params()));
        }
    }
}

#[test]
fn by_itself_a_link_is_of_what_a_run_opens_with_and_only_of_the_model() {
    let folder = Folder::new("link-alone");
    let link = said(&["link", &snapshots::path("57p")]);
    assert!(link.starts_with("#weights=") && !link.contains('&'), "{link}");
    let out = folder.path("out.safetensors");
    assert_eq!(said(&["open", link.trim_end(), "-o", &out]), "");
    assert_eq!(model(&out).params(), snapshots::last("57p").params());
}

#[test]
fn edits_in_a_link_are_made() {
    let folder = Folder::new("link-edits");
    let out = folder.path("out.json");
    let link = said(&["link", &snapshots::path("57p")]);
    let link = format!("{}&edits=fc1.weight~3:0.5,tok_arc_A%7E0:-1.5", link.trim_end());
    assert_eq!(said(&["open", &link, "-o", &out]), "");
    let raw = read_raw(&fs::read(&out).unwrap()).unwrap();
    assert!(raw.edited);
    let model = formats::checkpoint(&raw).unwrap().model;
    assert_eq!(model.params().numbers("fc1.weight")[3], 0.5);
    assert_eq!(model.params().numbers("tok_arc_A"), [-1.5]);
}

#[test]
fn what_cannot_be_linked_or_opened_is_refused_in_a_line() {
    let folder = Folder::new("link-refused");
    let out = folder.path("out.safetensors");
    let history = snapshots::path("57p");
    let link = said(&["link", &history]);
    let link = link.trim_end();
    for (args, words) in [
        (
            vec!["open", "#model=67p&step=244000", "-o", &out],
            "the link names 67p, which comes with the page",
        ),
        (
            vec!["open", &link[..200], "-o", &out],
            "the link is damaged: a part of it is missing or changed",
        ),
        (
            vec!["open", "https://example.org/", "-o", &out],
            "the link is damaged: there are no weights in it",
        ),
        (vec!["open", link, "-o", "out.pt"], "the format is told by the ending"),
        (
            vec!["link", &history, "--step", "244001"],
            "the run has no snapshot at step 244001: the nearest is ",
        ),
        (vec!["link", &history, "--panel", "none"], "--panel none: the panels are "),
        (vec!["link", &out], "No such file"),
    ] {
        let said = refusal(&args);
        assert!(said.contains(words), "{said}");
    }
    // What a link says reaches the terminal as text.
    let there = folder.path("there.json");
    let odd =
        said(&["open", &format!("https://example.org/?b=1{link}&a=%1b]0;x%07%0a5?"), "-o", &there]);
    assert!(odd.starts_with("the link also asks for a = ") && odd.trim_end().lines().count() == 1);
    assert!(!odd.trim_end().chars().any(char::is_control), "{odd:?}");
    let edits = format!("{link}&edits=fc1.weight");
    assert!(refusal(&["open", &edits, "-o", &out]).contains("the link's edits cannot be read"));
    assert!(!fs::exists(&out).unwrap(), "nothing was written");
}

#[test]
fn a_picture_for_paper_is_as_wide_as_its_column_and_on_nothing() {
    let folder = Folder::new("paper");
    let history = snapshots::path("62p");
    let drawn = |name: &str, more: &[&str]| {
        let out = folder.path(name);
        said(&[&["figure", &history, "--panel", "readout", "-o", &out], more].concat());
        fs::read(out).unwrap()
    };
    let svg = |more: &[&str]| String::from_utf8(drawn("out.svg", more)).unwrap();
    let (titled, bare) = (svg(&["--width", "336"]), svg(&["--width", "336", "--bare"]));
    assert!(titled.contains("width=\"336\"") && bare.contains("width=\"336\""));
    let texts = |svg: &str| svg.matches("<text").count();
    assert!(texts(&bare) < texts(&titled), "title and sentence are left out");
    let first = |svg: &str| svg.matches("<rect").count();
    let nothing = svg(&["--width", "336", "--bare", "--transparent"]);
    assert_eq!(first(&bare), first(&nothing) + 1, "the ground is left out");
    let wide = |png: Vec<u8>| u32::from_be_bytes(png[16..20].try_into().unwrap());
    assert_eq!(wide(drawn("out.png", &[])), 1440);
    assert_eq!(wide(drawn("out.png", &["--width", "687", "--scale", "4"])), 2748);
    let whole = folder.path("whole.svg");
    said(&["figure", &history, "--transparent", "-o", &whole]);
    let covered = folder.path("covered.svg");
    said(&["figure", &history, "-o", &covered]);
    let rects = |path: &str| first(&fs::read_to_string(path).unwrap());
    assert_eq!(rects(&covered), rects(&whole) + 13, "of the figure and of its panels");
    for refused in [&["--width", "100"][..], &["--scale", "9"]] {
        let args = ["figure", &history, "--panel", "readout", "-o", &whole];
        assert_eq!(run(&[&args[..], refused].concat()).status.code(), Some(2));
    }
}
