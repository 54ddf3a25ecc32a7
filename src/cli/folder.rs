//! The folder that a training run writes to.

use super::Failure;
use super::files::{bad, read, write};
use adderscope::train::{RunFile, Settings, Trainer};
use serde_json::{Map, Value};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The settings with which a run can go on that are not those it was begun with.
const ENDS: [&str; 2] = ["extra_steps", "until"];

/// What to do with a run that is there already.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Existing {
    /// Go on with the run that is in the folder.
    #[arg(long, conflicts_with = "force")]
    pub resume: bool,
    /// Write over the run that is in the folder.
    #[arg(long)]
    pub force: bool,
}

/// Refuses a folder that holds no run.
pub fn holds_run(path: &Path) -> Result<(), Failure> {
    if path.join(RunFile::Run.name()).exists() {
        return Ok(());
    }
    Err(bad(path, "the folder holds no run to go on with"))
}

/// A folder that belongs to one run.
pub struct Folder {
    path: PathBuf,
    /// Held for as long as this process writes there.
    _lock: Lock,
}

/// A folder that no other process may write to meanwhile.
pub struct Lock(#[expect(dead_code, reason = "it is unlocked when it is closed")] fs::File);

/// The file that is locked, in the folder that is.
const LOCK: &str = ".lock";

/// Locks the folder at `path`.
fn lock(path: &Path) -> Result<Lock, Failure> {
    let file = fs::File::create(path.join(LOCK)).map_err(|e| bad(path, e))?;
    match file.try_lock() {
        // Some file systems know no locks; there is no telling then.
        Ok(()) | Err(fs::TryLockError::Error(_)) => Ok(Lock(file)),
        Err(fs::TryLockError::WouldBlock) => Err(bad(
            path,
            "another process is writing to this folder: wait until it is done, or choose another (--out)",
        )),
    }
}

/// A problem with the folder itself.
fn cannot_make(path: &Path, error: &std::io::Error) -> Failure {
    bad(path, format!("the folder cannot be made: {error}"))
}

/// Makes `path` a folder, and locks it. One that holds `file` already is refused unless `existing` says
/// what to do with it.
pub fn claim(path: &Path, file: &str, what: &str, existing: Existing) -> Result<Lock, Failure> {
    match fs::create_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists || !path.is_dir() => {
            return Err(cannot_make(path, &error));
        }
        _ => {}
    }
    let lock = lock(path)?;
    if path.join(file).exists() && !existing.resume && !existing.force {
        return Err(bad(
            path,
            format!(
                "the folder holds a {what} already: go on with it (--resume), write over it \
                 (--force) or choose another (--out)"
            ),
        ));
    }
    Ok(lock)
}

impl Folder {
    /// The folder at `path`, made if it is not there.
    ///
    /// # Errors
    /// It cannot be made, or it holds a run and `existing` does not say what to do with it.
    pub fn new(path: &Path, existing: Existing) -> Result<Folder, Failure> {
        let lock = claim(path, RunFile::Run.name(), "run", existing)?;
        Ok(Folder { path: path.to_owned(), _lock: lock })
    }

    /// The run in the folder, or a new one. `given` are settings that were asked for.
    ///
    /// # Errors
    /// The settings are out of range or not those of the run that should go on; the saved
    /// run cannot be read.
    pub fn trainer(&self, given: &Map<String, Value>, resume: bool) -> Result<Trainer, Failure> {
        let path = self.path.join(RunFile::Run.name());
        let wrong = |error: adderscope::train::Error| Failure::Bad(error.to_string());
        let mut trainer = if resume && path.exists() {
            let mut trainer = Trainer::restore(&read(&path)?).map_err(|e| bad(&path, e))?;
            go_on_with(&mut trainer, given).map_err(|words| bad(&path, words))?;
            trainer
        } else {
            Trainer::new(Settings::from_map(given).map_err(wrong)?).map_err(wrong)?
        };
        let start = Instant::now();
        trainer.set_clock(move || start.elapsed().as_secs_f64());
        Ok(trainer)
    }

    /// Writes the run as it is now. Each file is whole at any time; the saved run, which all
    /// others can be made from, comes first.
    pub fn write(&self, trainer: &Trainer) -> Result<(), Failure> {
        for file in RunFile::ALL {
            let bytes = trainer.file(file);
            self.put(file.name(), &bytes.map_err(|e| bad(&self.path.join(file.name()), e))?)?;
        }
        Ok(())
    }

    /// Writes a file, and says of a failure that nothing is lost.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        write(&self.path.join(name), bytes).map_err(|failure| match failure {
            Failure::Bad(message) => Failure::Bad(format!(
                "{message}. What was written before is still there: mend this and go on with --resume"
            )),
            other => other,
        })
    }
}

/// Goes on with settings that were asked for: those that say when the run ends, and else with none but its own.
fn go_on_with(trainer: &mut Trainer, given: &Map<String, Value>) -> Result<(), String> {
    let stored = trainer.settings().clone();
    let mut asked = stored.to_map();
    asked.extend(given.clone());
    let Settings { extra_steps, until, .. } =
        Settings::from_map(&asked).map_err(|error| error.to_string())?;
    let is_other = |(name, value): &(&String, &Value)| {
        !ENDS.contains(&name.as_str()) && !same(&stored.value(name), value)
    };
    if let Some((name, value)) = given.iter().find(is_other) {
        let stored = stored.value(name);
        let more = if name == "steps" { "give it more with --extra-steps, " } else { "" };
        return Err(format!(
            "this run was begun with {name} = {stored}, so it cannot go on with {value}: {more}\
             leave the option out, or begin anew (--force)"
        ));
    }
    trainer.prolong(extra_steps, until).map_err(|error| error.to_string())
}

/// Whether two settings are the same; `1` is `1.0`.
fn same(stored: &Value, given: &Value) -> bool {
    match (stored.as_f64(), given.as_f64()) {
        (Some(stored), Some(given)) => stored == given,
        _ => stored == given,
    }
}
