//! What a person brings, read and checked; and its way from one part of the page's library to the other.

use super::{Log, ModelFile};
use crc::{CRC_32_ISO_HDLC, Crc};
use serde::{Deserialize, Serialize};

/// What files hold that came together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// A model, with its log where that came too.
    Model(ModelFile),
    /// A log alone: it is of the model that is open.
    Log(Log),
}

/// Sizes that were read and checked are not checked again: bytes that changed on their way must not count as read.
const CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

impl Input {
    /// The input as bytes with a checksum, for a session elsewhere. Not for files: the format is
    /// of this build.
    ///
    /// # Errors
    /// None that files which were read can give.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec_crc32(self, CHECKSUM.digest())
    }

    /// What [`Input::to_bytes`] wrote.
    ///
    /// # Errors
    /// These are other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Input, postcard::Error> {
        postcard::from_bytes_crc32(bytes, CHECKSUM.digest())
    }
}
