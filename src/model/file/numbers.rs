//! The numbers alone of an input that was sent, for the parts of the page that show none of the rest. A reader of all of it
//! and words for what can be wrong with it are 15 KB of a part.

use super::Series;
use super::size::MAX_FILE_BYTES;
use crate::{Config, Model, Params};
use serde::Deserialize;

/// The beginning of an input; one that is a log has none of it.
#[derive(Deserialize)]
enum Sent {
    Model(Numbers),
}

/// The beginning of what a model's file holds.
#[derive(Deserialize)]
struct Numbers {
    config: Config,
    /// The tensors of `config`, in its order.
    series: Series,
    /// The snapshot that a run opens with.
    foremost: Option<usize>,
}

/// The model at `snapshot`, or else the one that it opens with, of what
/// [`Input::to_bytes`](super::Input::to_bytes) wrote. As [`Input::from_bytes`](super::Input::from_bytes) it takes any bytes
/// and never panics; nothing where there is no such model, or its numbers are not here. The checksum is left to
/// those who show the model: what they refuse is nobody's to decide.
pub fn sent_model(bytes: &[u8], snapshot: Option<usize>) -> Option<Model> {
    if bytes.len() > MAX_FILE_BYTES {
        return None;
    }
    let (Sent::Model(sent), _) = postcard::take_from_bytes(bytes).ok()?;
    let Numbers { config, series: Series { count, tensors }, foremost } = sent;
    if !config.is_supported() {
        return None;
    }
    let foremost = foremost.unwrap_or(0);
    let index = snapshot.unwrap_or(foremost);
    // The numbers of one model are those of the opening.
    let index = if count == 1 { index.checked_sub(foremost)? } else { index };
    let specs = config.specs();
    let numbers = specs.iter().zip(&tensors).map(|(spec, all)| {
        let (size, fits) = (spec.len(), spec.len().checked_mul(count) == Some(all.len()));
        let own = all.get(index.checked_mul(size)?..index.checked_add(1)?.checked_mul(size)?)?;
        (fits && own.iter().all(|v| v.is_finite())).then_some(own)
    });
    let numbers: Vec<&[f32]> = numbers.collect::<Option<_>>()?;
    let params = Params::of(&config, numbers).filter(|_| tensors.len() == specs.len())?;
    Some(Model::new(config, params))
}
