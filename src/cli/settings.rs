//! The trainer's settings as options, made from its own table.

use super::Failure;
use super::files::{bad, read};
use adderscope::formats::Schema;
use adderscope::train::Settings;
use adderscope::train::settings::{FIELDS, Field, Kind};
use clap::{Arg, ArgMatches, Command, FromArgMatches};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// A file of settings.
const FILE: &str = "settings";

/// Settings given on the command line, over those of a file.
#[derive(Clone, Debug)]
pub struct SettingArgs {
    file: Option<PathBuf>,
    given: Map<String, Value>,
}

fn option(field: &Field) -> String {
    field.name.replace('_', "-")
}

fn arg(field: &Field) -> Arg {
    let default = Settings::default().value(field.name);
    let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
    let arg = Arg::new(field.name).long(option(field)).value_name(match field.kind {
        Kind::Whole(..) => "N",
        Kind::Number(..) => "NUMBER",
        Kind::Switch => "true|false",
        Kind::Choice(_) => "WORD",
        Kind::Curriculum => "STAGES",
        Kind::Architecture => "NAME|FILE.json",
    });
    let arg = match field.kind {
        Kind::Switch => arg.num_args(0..=1).default_missing_value("true"),
        _ => arg.allow_hyphen_values(true),
    };
    arg.help(format!("{} ({}) [default: {default}]", upper(field.about), field.wanted()))
}

/// A sentence out of half a sentence.
fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or(String::new(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

impl clap::Args for SettingArgs {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new(FILE)
            .long(FILE)
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help("Settings of another run (its settings.json); options go over them");
        command.args(FIELDS.iter().map(arg)).arg(file).next_help_heading(None)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<SettingArgs, clap::Error> {
        let given = FIELDS.iter().filter_map(|field| {
            let text = matches.get_one::<String>(field.name)?;
            Some((field.name.to_owned(), field.parse(text)))
        });
        Ok(SettingArgs { file: matches.get_one(FILE).cloned(), given: given.collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = SettingArgs::from_arg_matches(matches)?;
        Ok(())
    }
}

/// A JSON object in a file.
fn object(path: &Path) -> Result<Map<String, Value>, Failure> {
    match serde_json::from_slice(&read(path)?) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(bad(path, "it holds no JSON object ({…})")),
        Err(error) => Err(bad(path, format!("it is not JSON ({error})"))),
    }
}

impl SettingArgs {
    /// Whether an option was given.
    pub fn gives(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// What was given, by a file or by options; an architecture in a file is read.
    pub fn given(&self) -> Result<Map<String, Value>, Failure> {
        let mut map = match &self.file {
            Some(file) => {
                let mut map = object(file)?;
                Schema::Settings.take_off(&mut map).map_err(|e| bad(file, e))?;
                map
            }
            None => Map::new(),
        };
        map.extend(self.given.clone());
        if let Some(Value::String(name)) = map.get("arch")
            && name.ends_with(".json")
        {
            let config = object(Path::new(name))?;
            map.insert("arch".into(), Value::Object(config));
        }
        Ok(map)
    }

    /// Whole settings: what was given, defaults for the rest.
    pub fn settings(&self) -> Result<Settings, Failure> {
        Settings::from_map(&self.given()?).map_err(|e| Failure::Bad(e.to_string()))
    }
}
