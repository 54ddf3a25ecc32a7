//! `adderscope site`: a folder for any host, in which models of one's own stand in the page's gallery.

mod single;
mod stills;

use super::Failure;
use super::files::{bad, files, read, write};
use super::prove::decided;
use adderscope::Loaded;
use adderscope::analysis::adderboard::Score;
use adderscope::formats::{self, File};
use adderscope::model::Engine;
use adderscope::model::exact::{Bounds, Exact};
use adderscope::model::file::{Format, Input};
use adderscope::task::addition::DIGITS;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use stills::{Stills, stills};

/// The page's first file, and where it has a gallery of its own.
const INDEX: &str = "index.html";
const GALLERY: &str = "adderscope-gallery";
/// The models' folder.
const MODELS: &str = "models";
/// The page as one file.
const SINGLE: &str = "adderscope.html";
/// What a page for a public host has.
const WORKER: &str = "sw.js";
/// The package for npm.
const PACKAGE: &str = "pkg";
/// Of the built page, what holds its own models, and what is no part of a site.
const OURS: [&str; 3] = [MODELS, SINGLE, PACKAGE];
/// Where a site is until all of it is there.
const UNFINISHED: &str = ".unfinished";
/// What an embedded element reads the gallery from.
const CARDS: &str = "models/gallery.json";
/// The title of the built page.
const TITLE: &str = "<title>AdderScope</title>";
/// In an address: no model.
const NOBODY: &str = "none";
/// So long a model may take to be decided.
const WITHIN: Duration = Duration::from_secs(20);
/// Characters of a name in addresses.
const MAX_NAME: usize = 40;
/// Of a hash in a name: how long it is, and its letters; as tools/names.ts has them, by which the hosted page knows it.
const HASH: usize = 8;
const HASH_LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What becomes a site.
#[derive(clap::Args)]
pub struct Args {
    /// Where to write: a new or empty folder.
    output: PathBuf,
    /// Checkpoints, histories of runs, or folders of them with their logs; the page opens with the first.
    #[arg(required = true)]
    checkpoints: Vec<PathBuf>,
    /// The site's title.
    #[arg(long, default_value = "AdderScope")]
    title: String,
    /// A JSON file with names and a line for the models: `[{"file": "best.pt", "name": "mine", "title": "…", "sentence": "…"}]`.
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    /// The built page.
    #[arg(long, value_name = "DIR", default_value = "dist")]
    page: PathBuf,
}

/// What is said of a model.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    /// The checkpoint's file or folder, as its path ends.
    file: PathBuf,
    name: Option<String>,
    title: Option<String>,
    sentence: Option<String>,
}

impl Named {
    fn is_of(&self, path: &Path) -> bool {
        !self.file.as_os_str().is_empty() && path.ends_with(&self.file)
    }
}

/// A model of the gallery, as the page takes it: as `Bundled` in www/bundled.d.ts.
#[derive(Serialize)]
struct Card {
    name: String,
    title: String,
    sentence: String,
    file: String,
    input: String,
    score: Right,
    exact: Bounds,
}

/// The same as an element reads it, which needs no more of it.
#[derive(Serialize)]
struct Embedded<'a> {
    name: &'a str,
    title: &'a str,
    file: &'a str,
    stills: Stills,
}

#[derive(Serialize)]
struct Right {
    passed: usize,
    total: usize,
}

#[derive(Serialize)]
struct Gallery<'a> {
    title: &'a str,
    models: &'a [Card],
}

/// Writes the site.
pub fn site(args: &Args) -> Result<ExitCode, Failure> {
    let Args { output, checkpoints, title, names, page } = args;
    let index = index(page)?;
    if is_inside(output, page) {
        return Err(bad(
            output,
            "it lies inside of the built page, which is copied: name a folder beside it",
        ));
    }
    if fs::read_dir(output).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(bad(output, "there is something already: name another folder, or empty it"));
    }
    let named = names.as_deref().map(named).transpose()?.unwrap_or_default();
    if let Some(stray) = named.iter().find(|n| !checkpoints.iter().any(|path| n.is_of(path))) {
        let what = format!("it names {}, which is none of the checkpoints", stray.file.display());
        return Err(bad(names.as_deref().unwrap_or(output), what));
    }
    let Entries { cards, stills, mut placed, pictures } = entries(checkpoints, &named)?;
    let gallery = Gallery { title, models: &cards };
    let gallery = serde_json::to_string(&gallery).map_err(|e| bad(output, e))?;
    placed.push((INDEX.into(), with_gallery(&index, title, &gallery).into_bytes()));
    if let Some(one) = single::read(page)? {
        let models = placed.iter().filter(|(place, _)| place.starts_with(MODELS));
        let one = single::with_models(&with_gallery(&one, title, &gallery), models);
        placed.push((SINGLE.into(), one.map_err(|e| bad(output, e))?.into_bytes()));
    }
    let embedded = cards.iter().zip(stills).map(|(card, stills)| {
        let Card { name, title, file, .. } = card;
        Embedded { name, title, file, stills }
    });
    let list = serde_json::to_vec(&embedded.collect::<Vec<_>>()).map_err(|e| bad(output, e))?;
    placed.push((CARDS.into(), list));
    placed.extend(pictures);
    whole_folder(output, |folder| {
        copy(page, folder, &OURS)?;
        for (place, bytes) in &placed {
            let path = folder.join(place);
            let inner = path.parent().unwrap_or(folder);
            fs::create_dir_all(inner).map_err(|e| bad(inner, e))?;
            write(&path, bytes)?;
        }
        Ok(())
    })?;
    let models: Vec<&str> = cards.iter().map(|card| &*card.name).collect();
    let (output, models) = (output.display(), models.join(", "));
    writeln!(io::stdout(), "{output}: a site with {models}; put the folder on any host as it is")?;
    Ok(ExitCode::SUCCESS)
}

/// The built page's first file.
fn index(page: &Path) -> Result<String, Failure> {
    let path = page.join(INDEX);
    let missing =
        || bad(page, "the built page is not there: run ./build.sh, or name it with --page");
    if !path.is_file() {
        return Err(missing());
    }
    let text = String::from_utf8(read(&path)?).map_err(|e| bad(&path, e))?;
    let parts = ["id=\"adderscope\"", "</head>", TITLE];
    if text.contains(GALLERY) {
        return Err(bad(page, "it is a site already: name the built page with --page"));
    }
    if page.join(WORKER).exists() {
        return Err(bad(
            page,
            "it is ready for a host, with a service worker for just these files: name the built page with --page",
        ));
    }
    if parts.iter().all(|part| text.contains(part)) { Ok(text) } else { Err(missing()) }
}

/// Whether a folder, which may not be there yet, is another or lies in it.
fn is_inside(folder: &Path, other: &Path) -> bool {
    let Ok(other) = fs::canonicalize(other) else { return false };
    let there = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let real = there.ancestors().find_map(|above| {
        let rest = there.strip_prefix(above).ok()?;
        Some(fs::canonicalize(above).ok()?.join(rest))
    });
    real.is_some_and(|real| real.starts_with(other))
}

fn named(path: &Path) -> Result<Vec<Named>, Failure> {
    serde_json::from_slice(&read(path)?).map_err(|e| bad(path, e))
}

/// A file of the site: its place there, and its bytes.
type Placed = (PathBuf, Vec<u8>);

/// All models of a site.
#[derive(Default)]
struct Entries {
    cards: Vec<Card>,
    /// Of each, where its pictures are.
    stills: Vec<Stills>,
    placed: Vec<Placed>,
    /// Pictures, which the page as one file needs none of.
    pictures: Vec<Placed>,
}

/// Reads and judges all models.
fn entries(checkpoints: &[PathBuf], named: &[Named]) -> Result<Entries, Failure> {
    let mut all = Entries::default();
    for path in checkpoints {
        let told = named.iter().find(|named| named.is_of(path));
        let Entry { card, files, pictures: (stills, pictures) } = entry(path, told)?;
        // Some hosts and machines do not tell capitals apart.
        if all.cards.iter().any(|other| other.name.eq_ignore_ascii_case(&card.name)) {
            let what = format!("two models are called {}: name them apart with --names", card.name);
            return Err(bad(path, what));
        }
        all.cards.push(card);
        all.stills.push(stills);
        all.placed.extend(files);
        all.pictures.extend(pictures);
    }
    Ok(all)
}

/// A model of the site.
struct Entry {
    /// What the gallery says of it.
    card: Card,
    /// The checkpoint for downloads, and what was read of all that came.
    files: [Placed; 2],
    pictures: (Stills, Vec<Placed>),
}

/// Reads and judges a model.
fn entry(path: &Path, told: Option<&Named>) -> Result<Entry, Failure> {
    let mut all = files(path)?;
    for file in &mut all {
        // The page shows it: nobody else's business is where it lay.
        let base = Path::new(&file.name).file_name().unwrap_or_default();
        file.name = base.to_string_lossy().into_owned();
    }
    let input = formats::read_files(all.clone()).map_err(|e| Failure::Bad(e.to_string()))?;
    let held = input.to_bytes().map_err(|e| bad(path, e))?;
    if !matches!(input, Input::Model(_)) {
        return Err(bad(path, "there is no checkpoint in that, only a log"));
    }
    let loaded = Loaded::open(input).map_err(|e| bad(path, e))?;
    let model = &loaded.checkpoint.model;
    let stem = if path.is_dir() { path.file_name() } else { path.file_stem() };
    let stem = stem.unwrap_or_default().to_string_lossy();
    let stem = stem.trim_end_matches(".history").to_owned();
    let name = in_address(&told.and_then(|told| told.name.clone()).unwrap_or(stem));
    if name.is_empty() || name.eq_ignore_ascii_case(NOBODY) {
        return Err(bad(path, "addresses have no such name for a model: name it with --names"));
    }
    let (file, bytes) = whole(all, &loaded.file).map_err(|e| bad(path, e))?;
    let part = |part: Option<&OsStr>, otherwise: &str| {
        let part = in_address(&part.unwrap_or_default().to_string_lossy());
        if part.is_empty() { otherwise.to_owned() } else { part }
    };
    let (base, ending) = (Path::new(&file).file_stem(), Path::new(&file).extension());
    // Another version is at another address: who has the page open never gets that under the old card.
    let folder = format!("{MODELS}/{name}-{}", hash_of(&[&bytes, &held]));
    let file = format!("{folder}/{}.{}", part(base, "model"), part(ending, "bin"));
    let input = format!("{file}.input");
    let title = told.and_then(|told| told.title.clone());
    let Score { passed, total, .. } = Engine::new(model).score();
    let exact = decided(Exact::new(model), WITHIN);
    let pictures = stills(&loaded, exact.map(DIGITS), &file)?;
    let card = Card {
        title: title.unwrap_or_else(|| format!("{} parameters", model.params().count())),
        sentence: told.and_then(|told| told.sentence.clone()).unwrap_or_default(),
        score: Right { passed, total },
        exact: exact.count(DIGITS).bounds(),
        file: file.clone(),
        input: input.clone(),
        name,
    };
    Ok(Entry { card, files: [(file.into(), bytes), (input.into(), held)], pictures })
}

/// Fills a folder, new or empty: with all, or with nothing.
fn whole_folder(
    output: &Path,
    fill: impl FnOnce(&Path) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let is_new = !output.exists();
    let unfinished = output.join(UNFINISHED);
    fs::create_dir_all(&unfinished).map_err(|e| bad(output, e))?;
    let filled = fill(&unfinished).and_then(|()| move_out(&unfinished, output));
    if filled.is_err() {
        // What it failed of is what there is to tell.
        let _ = fs::remove_dir_all(if is_new { output } else { &unfinished });
    }
    filled
}

/// Moves what is in a folder into that which it is in; the page's first file last.
fn move_out(unfinished: &Path, output: &Path) -> Result<(), Failure> {
    let entries = fs::read_dir(unfinished).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut names: Vec<_> =
        entries.map_err(|e| bad(output, e))?.iter().map(fs::DirEntry::file_name).collect();
    names.sort_by_key(|name| name == INDEX);
    for name in names {
        fs::rename(unfinished.join(&name), output.join(&name)).map_err(|e| bad(output, e))?;
    }
    fs::remove_dir(unfinished).map_err(|e| bad(output, e))
}

/// The one file that the model is in; of one in several parts, all in one.
fn whole(files: Vec<File>, name: &str) -> Result<(String, Vec<u8>), formats::ReadError> {
    match files.iter().find(|file| file.name == name) {
        Some(file) => Ok((file.name.clone(), file.bytes.clone())),
        None => {
            let bytes = formats::export_files(files, None, &[], Format::Safetensors)?;
            Ok(("model.safetensors".to_owned(), bytes))
        }
    }
}

/// A name as addresses and folders of any host can have it.
fn in_address(name: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = name.chars().map(|c| if fits(c) { c } else { '-' }).take(MAX_NAME).collect();
    name.trim_matches(['.', '-']).to_owned()
}

/// A hash for a name.
fn hash_of(contents: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    contents.iter().for_each(|content| hash.update(content));
    let letter = |byte: &u8| char::from(HASH_LETTERS[usize::from(byte % 32)]);
    hash.finalize().iter().take(HASH).map(letter).collect()
}

/// A folder's files into another, but for some that it holds.
fn copy(from: &Path, to: &Path, but: &[&str]) -> Result<(), Failure> {
    fs::create_dir_all(to).map_err(|e| bad(to, e))?;
    // Links are followed for files alone: a folder that is one may lead to itself.
    for entry in fs::read_dir(from).map_err(|e| bad(from, e))? {
        let path = entry.map_err(|e| bad(from, e))?.path();
        let Some(name) = path.file_name() else { continue };
        if but.iter().any(|but| name == *but) {
            continue;
        }
        let there = to.join(name);
        if path.is_symlink() && path.is_dir() {
            continue;
        }
        if path.is_dir() {
            copy(&path, &there, &[])?;
        } else {
            fs::copy(&path, &there).map_err(|e| bad(&path, e))?;
        }
    }
    Ok(())
}

/// The page with a title, and a gallery in a block of its own: data, which no policy of the page takes for a script.
fn with_gallery(index: &str, title: &str, gallery: &str) -> String {
    let block = format!(
        "<script type=\"application/json\" id=\"{GALLERY}\">{}</script>\n  </head>",
        gallery.replace('<', "\\u003c")
    );
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    let titled = index.replacen(TITLE, &format!("<title>{title}</title>"), 1);
    titled.replacen("</head>", &block, 1)
}
