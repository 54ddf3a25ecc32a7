//! What a person brings, read and checked; and its way from one part of the page's library to the other.

use super::model_file::Held;
use super::size::check_size;
use super::{InputError, Log, ModelFile};
use crc::{CRC_32_ISO_HDLC, Crc};
use serde::{Deserialize, Serialize};

/// What files hold that came together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Input {
    /// A model, with its log where that came too.
    Model(ModelFile),
    /// A log alone: it is of the model that is open.
    Log(Log),
}

/// An [`Input`] as it came, unchecked.
#[derive(Deserialize)]
enum Sent {
    Model(Box<Held>),
    Log(Log),
}

/// What tells bytes that changed on their way at once, and in all likelihood.
pub(super) const CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

impl Input {
    /// The input as bytes with a checksum, for a session elsewhere. Not for files: the format is
    /// of this build.
    ///
    /// # Errors
    /// Never for an input that was read from files.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec_crc32(self, CHECKSUM.digest())
    }

    /// What [`Input::to_bytes`] wrote. It takes any bytes, whatever their checksum: it never panics, and
    /// what it returns can be opened.
    ///
    /// # Errors
    /// The bytes are others, or something in them is not as it must be; see [`InputError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Input, InputError> {
        check_size(bytes.len() as u64)?;
        let (sent, rest) = postcard::take_from_bytes_crc32(bytes, CHECKSUM.digest())?;
        if !rest.is_empty() {
            return Err(InputError::MoreBytes { count: rest.len() });
        }
        match sent {
            Sent::Model(held) => Ok(Input::Model(held.try_into()?)),
            Sent::Log(log) => log.check().map(|()| Input::Log(log)),
        }
    }
}
