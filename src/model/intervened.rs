//! A model under interventions. The plain forward pass is their one definition: [`Forward::under`](crate::Forward::under)
//! and [`Trace::under`](crate::Trace::under) run it. The engine does not know them: it takes a [`Model`], which this is not.

use crate::config::Config;
use crate::tensors::name::{FC1, FC1_BIAS, FC2_BIAS};
use crate::{Edit, Model};
use numbers::listed::Listed;
use std::collections::BTreeSet;
use task::addition::{EQUALS, ROWS, SEQUENCE, tokens};
use task::intervene::{Interventions, Looked, Off, Way};
use thiserror::Error;

/// An intervention in what a model has not.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{off}: this model's hidden units are 0 to {last}")]
pub struct NoUnit {
    /// What was to be switched off.
    pub off: Off,
    /// The last hidden unit that there is.
    pub last: usize,
}

/// What one row reads of another addition.
pub(super) struct Patched {
    /// The row.
    pub row: usize,
    /// The other addition.
    pub tokens: [u8; SEQUENCE],
    /// Whether its own token is the other's.
    pub own: bool,
    /// Places whose keys and values are the other's.
    pub read: [bool; ROWS],
}

/// A model under interventions.
pub struct Intervened {
    model: Model,
    hidden: [bool; ROWS],
    patched: Option<Patched>,
}

/// Learned numbers that are 0 where these parts are off: a hidden unit that reads 0 and has no bias is 0, and GELU leaves it
/// there.
pub fn zeros(config: &Config, off: &BTreeSet<Off>) -> Vec<Edit> {
    let is_off = |unit| off.contains(&Off::Ffn) || off.contains(&Off::Hidden(unit));
    let zero = |name: &str, index| Edit { name: name.to_owned(), index, value: 0.0 };
    let d = config.d_model();
    let mut zeros = Vec::new();
    for unit in (0..config.ffn_dim).filter(|unit| is_off(*unit)) {
        zeros.extend((unit * d..(unit + 1) * d).map(|index| zero(FC1, index)));
        zeros.extend(config.ffn_bias.then(|| zero(FC1_BIAS, unit)));
    }
    if config.ffn_bias && off.contains(&Off::Ffn) {
        zeros.extend((0..d).map(|index| zero(FC2_BIAS, index)));
    }
    zeros
}

impl Intervened {
    /// `model` under `interventions`.
    ///
    /// # Errors
    /// It has no such hidden unit.
    pub fn new(model: &Model, interventions: &Interventions) -> Result<Intervened, NoUnit> {
        let config = model.config();
        let missing = |off: &&Off| matches!(off, Off::Hidden(unit) if *unit >= config.ffn_dim);
        if let Some(off) = interventions.off.iter().find(missing) {
            return Err(NoUnit { off: *off, last: config.ffn_dim.saturating_sub(1) });
        }
        let patch = interventions.patch.as_ref().filter(|patch| !patch.ways.is_empty());
        let patched = patch.map(|patch| {
            let read = patch.ways.iter().flat_map(|way| way.places(patch.digit));
            let places: Vec<usize> = read.listed();
            Patched {
                row: EQUALS + patch.digit,
                tokens: tokens(patch.a, patch.b, config.vocabulary),
                own: patch.ways.contains(&Way::Own),
                read: std::array::from_fn(|place| places.contains(&place)),
            }
        });
        let mut intervened =
            Intervened { model: model.clone(), hidden: interventions.hidden(), patched };
        // What is set to 0 are numbers that this architecture has, all of them learned.
        let edited = intervened.model.edit(&zeros(config, &interventions.off));
        debug_assert_eq!(edited, Ok(()));
        Ok(intervened)
    }

    /// `model` as it is, but that no row looks at these places.
    pub fn masked(model: Model, hidden: [bool; ROWS]) -> Intervened {
        Intervened { model, hidden, patched: None }
    }

    /// The model whose hidden units are off by their weights. Masks and patches are not in it.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Places that no row looks at.
    pub fn hidden(&self) -> &[bool; ROWS] {
        &self.hidden
    }

    /// Whether some row reads another addition.
    pub fn is_patched(&self) -> bool {
        self.patched.is_some()
    }

    /// What row `r` reads of another addition.
    pub(super) fn patched(&self, r: usize) -> Option<&Patched> {
        self.patched.as_ref().filter(|patched| patched.row == r)
    }
}

/// All that can be switched off in a model.
pub fn switches(config: &Config) -> impl Iterator<Item = Off> {
    let groups = Looked::ALL.into_iter().map(|(group, _)| Off::Group(group));
    std::iter::once(Off::Ffn)
        .chain((0..config.ffn_dim).map(Off::Hidden))
        .chain(groups)
        .chain((0..task::addition::DIGITS).map(Off::Column))
        .chain((0..ROWS).map(Off::Place))
}
