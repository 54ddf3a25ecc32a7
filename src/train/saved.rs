//! A run as bytes and back: see [`crate`] for the format.

use super::error::Error;
use super::optimizer::{AdamW, Moments};
use super::settings::Settings;
use super::trainer::{State, Trainer};
use formats::History;
use formats::export::{Data, Packed, safetensors};
use formats::history::{HISTORY, MARKER, RUN, RUN_PREFIX, Tensor, Unpacked};
use model::{Model, Params};
use ndarray::ArrayD;
use serde_json::{Value, json};

const FIRST: &str = "run/first";
const SECOND: &str = "run/second";

/// A problem with a saved run as an error.
fn damaged(what: impl Into<String>) -> Error {
    Error::File(formats::Error::History { what: what.into() })
}

impl Trainer {
    /// The whole run: restored, it goes on as if nothing had happened.
    ///
    /// # Errors
    /// Never for a run that [`Trainer::new`] began.
    pub fn save(&self) -> Result<Vec<u8>, Error> {
        let state = ("state", json!(self.state).to_string());
        let params = self.model.params().iter().map(|p| Packed {
            name: format!("{RUN_PREFIX}{}", p.name),
            shape: p.values.shape().to_vec(),
            data: Data::F32(p.values.iter().copied().collect()),
        });
        let Moments { first, second } = &self.optimizer.moments;
        let moments = [(FIRST, first), (SECOND, second)].map(|(name, moment)| Packed {
            name: name.to_owned(),
            shape: vec![moment.len()],
            data: Data::F64(moment.clone()),
        });
        let tensors = self.history.packed().chain(params).chain(moments);
        Ok(safetensors(self.history.fields(RUN).chain([state]), tensors)?)
    }

    /// A run that was saved, at the step where it was.
    ///
    /// # Errors
    /// The bytes are no saved run, are damaged, or do not fit their settings.
    pub fn restore(bytes: &[u8]) -> Result<Trainer, Error> {
        let mut file = Unpacked::read(bytes)?;
        match file.text(MARKER) {
            Some(RUN) => {}
            Some(HISTORY) => {
                return Err(damaged("it is a history only, so the run cannot go on from it"));
            }
            _ => return Err(damaged("it is not a saved run")),
        }
        let history = History::unpack(&mut file)?;
        let settings = history.settings().ok_or_else(|| damaged("it has no settings"))?;
        let settings = Settings::from_map(settings)?;
        let built = settings.arch.build()?;
        let state = state(file.field("state")?, &settings, &history)?;
        let find = |name: &str| {
            let shown = format!("{RUN_PREFIX}{name}");
            let values = file.tensors.get(&shown).and_then(floats);
            (shown, values)
        };
        let model = Model::new(built.config.clone(), Params::collect(&built.config, find)?);
        let stacked = history.checkpoint(0).ok_or_else(|| damaged("it holds no snapshot"))??;
        if *stacked.model.config() != built.config {
            return Err(damaged(
                "its snapshots are not of the architecture that its settings name",
            ));
        }
        let history = history.under_own_names(&built.config)?;
        let count = model.params().count();
        let moments =
            Moments { first: moment(&file, FIRST, count)?, second: moment(&file, SECOND, count)? };
        if moments.second.iter().any(|v| *v < 0.0) {
            return Err(damaged(format!("{SECOND} holds a mean of squares below 0")));
        }
        let optimizer = AdamW { moments, updates: state.step };
        Ok(Trainer::assemble(settings, built, model, optimizer, state, history))
    }
}

fn floats(tensor: &Tensor) -> Option<ArrayD<f32>> {
    let data = tensor.data.iter().map(|v| *v as f32).collect();
    ArrayD::from_shape_vec(tensor.shape.clone(), data).ok()
}

/// The state, if the run can have been in it.
fn state(stored: Option<Value>, settings: &Settings, history: &History) -> Result<State, Error> {
    let stored = stored.ok_or_else(|| damaged("it has no state"))?;
    let state: State =
        serde_json::from_value(stored).map_err(|error| damaged(format!("its state: {error}")))?;
    let last = history.log().last().map_or(0, |e| e.step);
    if !(last..=settings.end()).contains(&state.step) {
        return Err(damaged(format!(
            "its state is of step {}, not from {last} (its last snapshot) to {} (its end)",
            state.step,
            settings.end()
        )));
    }
    if !state.loss_sum.is_finite() || state.losses > state.step - last {
        return Err(damaged("its state has losses that no run has"));
    }
    Ok(state)
}

/// One of AdamW's moments: `count` finite numbers.
fn moment(file: &Unpacked, name: &str, count: usize) -> Result<Vec<f64>, Error> {
    let stored = file.tensors.get(name).map(|t| &t.data);
    match stored {
        Some(data) if data.len() == count && data.iter().all(|v| v.is_finite()) => Ok(data.clone()),
        _ => Err(damaged(format!("{name} does not hold {count} finite numbers"))),
    }
}
