//! `site`: a folder with models of one's own.

use super::{Folder, refusal, run, snapshots};
use adderscope::model::file::Input;
use serde_json::Value;
use std::fs;
use std::io::Read;
use std::path::Path;

const PAGE: &str = "<!doctype html>\n<head>\n  <title>AdderScope</title>\n  </head><div id=\"adderscope\"></div>\n";

/// A folder like a built page.
fn built(folder: &Folder) -> String {
    fs::create_dir_all(folder.path("page/models/ours")).unwrap();
    folder.write("page/index.html", PAGE.as_bytes());
    folder.write("page/app-1.js", b"1");
    folder.write("page/models/ours/a.input", b"2");
    folder.path("page")
}

/// The block that the site's first file has.
fn gallery(index: &str) -> Value {
    let begin = "<script type=\"application/json\" id=\"adderscope-gallery\">";
    let block = index.split_once(begin).unwrap().1.split_once("</script>").unwrap().0;
    serde_json::from_str(block).unwrap()
}

#[test]
fn three_checkpoints_become_a_site() {
    let folder = Folder::new("site");
    let page = built(&folder);
    let run_folder = folder.path("run");
    fs::create_dir_all(&run_folder).unwrap();
    fs::copy(snapshots::path("57p"), folder.path("run/history.safetensors")).unwrap();
    folder.write("run/log.jsonl", b"{\"step\":10,\"val_exact\":0.5,\"val_tok_acc\":0.9}\n");
    let second = folder.variant("learned_spiral_74p");
    let third = snapshots::path("67p");
    let told = r#"[{"file": "learned_spiral_74p.json", "name": "tiny one", "title": "A <b>", "sentence": "Mine."}]"#;
    let names = folder.write("names.json", told.as_bytes());
    let out = folder.path("out");
    let args = ["site", &out, &run_folder, &second, &third, "--page", &page, "--names", &names];
    let output = run(&[&args[..], &["--title", "Ours & <more>"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        format!("{out}: a site with run, tiny-one, 67p; put the folder on any host as it is\n")
    );
    let index = fs::read_to_string(folder.path("out/index.html")).unwrap();
    assert!(index.contains("<title>Ours &amp; &lt;more></title>"), "{index}");
    let told = gallery(&index);
    assert_eq!(told["title"], "Ours & <more>");
    let [run, tiny, third] = [&told["models"][0], &told["models"][1], &told["models"][2]];
    assert_eq!((&run["name"], &run["title"]), (&"run".into(), &"57 parameters".into()));
    assert_eq!(run["exact"]["right_at_least"], "100000000000000000000");
    assert_eq!((&run["score"]["passed"], &run["exact"]["decided"]), (&10_010.into(), &true.into()));
    assert_eq!((&tiny["title"], &tiny["sentence"]), (&"A <b>".into(), &"Mine.".into()));
    let (folder_of_third, name) = third["file"].as_str().unwrap().rsplit_once('/').unwrap();
    assert_eq!(name, "67p.history.safetensors");
    let hash = folder_of_third.strip_prefix("models/67p-").unwrap();
    let is_letter = |c| matches!(c, 'A'..='Z' | '2'..='7');
    assert!(hash.len() == 8 && hash.chars().all(is_letter), "as tools/names.ts has it: {hash}");
    for (card, name) in [(run, "history.safetensors"), (third, "67p.history.safetensors")] {
        let held = fs::read(folder.path("out").clone() + "/" + card["input"].as_str().unwrap());
        let Input::Model(opened) = Input::from_bytes(&held.unwrap()).unwrap() else { panic!() };
        assert_eq!(opened.name(), name, "no folder of this machine is told");
        assert!(fs::exists(folder.path("out") + "/" + card["file"].as_str().unwrap()).unwrap());
    }
    assert_eq!(fs::read(folder.path("out/app-1.js")).unwrap(), b"1");
    assert!(!fs::exists(folder.path("out/models/ours")).unwrap(), "the page's own are left out");
}

#[test]
fn what_cannot_become_a_site_is_refused_before_anything_is_written() {
    let folder = Folder::new("site-refused");
    let page = built(&folder);
    let out = folder.path("out");
    let model = snapshots::path("57p");
    let nowhere = folder.path("nowhere");
    let missing = refusal(&["site", &out, &model, "--page", &nowhere]);
    assert!(
        missing.ends_with("the built page is not there: run ./build.sh, or name it with --page")
    );
    let twice = refusal(&["site", &out, &model, &model, "--page", &page]);
    assert!(twice.contains("two models are called 57p: name them apart with --names"), "{twice}");
    let log = folder.write("log.jsonl", b"{\"step\":10,\"val_exact\":0.5,\"val_tok_acc\":0.9}\n");
    assert!(refusal(&["site", &out, &log, "--page", &page]).contains("only a log"));
    let broken = folder.write("broken.pt", b"nothing");
    assert!(refusal(&["site", &out, &model, &broken, "--page", &page]).contains("broken.pt"));
    assert!(!fs::exists(&out).unwrap(), "nothing was written");
    for inside in [page.clone(), format!("{page}/site"), format!("{page}/../page/a/b")] {
        let said = refusal(&["site", &inside, &model, "--page", &page]);
        assert!(said.contains("it lies inside of the built page"), "{said}");
    }
    let full = folder.path("full");
    fs::create_dir(&full).unwrap();
    folder.write("full/file", b"mine");
    let said = refusal(&["site", &full, &model, "--page", &page]);
    assert!(said.contains("there is something already"), "{said}");
    let none = folder.path("none.safetensors");
    fs::copy(&model, &none).unwrap();
    assert!(refusal(&["site", &out, &none, "--page", &page]).contains("no such name for a model"));
    let names = folder.write("names.json", br#"[{"file": "other.pt", "name": "x"}]"#);
    let stray = refusal(&["site", &out, &model, "--page", &page, "--names", &names]);
    assert!(stray.contains("it names other.pt, which is none of the checkpoints"), "{stray}");
    let block = PAGE.replace("</head>", "<script id=\"adderscope-gallery\"></script></head>");
    folder.write("page/index.html", block.as_bytes());
    assert!(refusal(&["site", &out, &model, "--page", &page]).contains("it is a site already"));
}

/// What the page makes of a block's letters: as www/single/letters.ts.
fn unlettered(letters: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for five in letters.as_bytes().chunks(5) {
        let digit = |&letter: &u8| match letter {
            b'#'..=b';' => letter - b'#',
            b'='..=b'x' => letter - b'#' - 1,
            _ => panic!("no letter of a block: {letter}"),
        };
        let number = (0..5).fold(0u64, |n, at| n * 85 + u64::from(five.get(at).map_or(84, digit)));
        bytes.extend(&u32::try_from(number).unwrap().to_be_bytes()[..five.len() - 1]);
    }
    bytes
}

#[test]
fn a_block_is_read_as_the_page_reads_it() {
    // tests/page/single.test.ts reads the same with the page's own code.
    let known: Vec<(Vec<u8>, String)> =
        serde_json::from_str(include_str!("../letters.json")).unwrap();
    for (bytes, letters) in known {
        assert_eq!(unlettered(&letters), bytes, "{letters}");
    }
}

#[test]
fn the_page_as_one_file_has_the_sites_models_too() {
    let folder = Folder::new("site-single");
    let page = built(&folder);
    let block = |name: &str| {
        format!("<script type=\"text/plain\" id=\"{name}\" data-block>AA==</script>\n")
    };
    let blocks =
        [block("app.js"), block("models/ours/a.input"), block("models/ours/a.pt")].concat();
    let one = format!("{PAGE}{blocks}<script>start()</script>\n");
    folder.write("page/adderscope.html", one.as_bytes());
    let (model, out) = (snapshots::path("57p"), folder.path("out"));
    let output = run(&["site", &out, &model, "--page", &page, "--title", "Mine"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(folder.path("out/adderscope.html")).unwrap();
    assert!(text.contains("<title>Mine</title>"), "{text}");
    assert!(!text.contains("models/ours"), "{text}");
    assert!(text.ends_with(&format!("{}<script>start()</script>\n", block("app.js"))), "{text}");
    let card = &gallery(&text)["models"][0];
    for file in [&card["file"], &card["input"]] {
        let begin = format!("id=\"{}\" data-block>", file.as_str().unwrap());
        let packed = text.split_once(&begin).unwrap().1.split_once("</script>").unwrap().0;
        let packed = unlettered(packed);
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(&*packed).read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, fs::read(Path::new(&out).join(file.as_str().unwrap())).unwrap());
    }
    folder.write("page/adderscope.html", b"nothing");
    let other = folder.path("other");
    let said = refusal(&["site", &other, &model, "--page", &page]);
    assert!(said.contains("it is not the page as one file: run ./build.sh"), "{said}");
}

#[test]
fn a_site_that_cannot_be_written_whole_is_not_written_at_all() {
    let folder = Folder::new("site-whole");
    let page = built(&folder);
    // A file that is listed and cannot be read, whoever reads.
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", folder.path("page/zz.js")).unwrap();
    let (model, out) = (snapshots::path("57p"), folder.path("out"));
    let empty = folder.path("empty");
    fs::create_dir(&empty).unwrap();
    for out in [&out, &empty] {
        assert!(refusal(&["site", out, &model, "--page", &page]).contains("zz.js"));
    }
    assert!(!fs::exists(&out).unwrap());
    assert_eq!(fs::read_dir(&empty).unwrap().count(), 0);
    fs::remove_file(folder.path("page/zz.js")).unwrap();
    assert!(run(&["site", &empty, &model, "--page", &page]).status.success());
    let mut there: Vec<_> =
        fs::read_dir(&empty).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    there.sort();
    assert_eq!(there, ["app-1.js", "index.html", "models"]);
    folder.write("page/sw.js", b"");
    let said = refusal(&["site", &out, &model, "--page", &page]);
    assert!(said.contains("it is ready for a host"), "{said}");
}
