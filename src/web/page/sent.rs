//! What goes from the Worker to the figure, as bytes.

use analysis::Report;
use analysis::extremes::Extremes;
use figure::Scales;
use seam::error;
use wasm_bindgen::JsValue;

/// A report and, behind it, the extremes of its run, where the session was told to use the scales of that.
pub(super) struct Sent {
    pub(super) report: Report,
    pub(super) extremes: Option<Extremes>,
}

impl Sent {
    pub(super) fn to_bytes(
        report: &Report,
        extremes: Option<&Extremes>,
    ) -> Result<Vec<u8>, JsValue> {
        let mut bytes = report.to_bytes().map_err(error)?;
        if let Some(extremes) = extremes {
            bytes.extend(extremes.to_bytes().map_err(error)?);
        }
        Ok(bytes)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Sent, JsValue> {
        let (report, rest) = postcard::take_from_bytes(bytes).map_err(error)?;
        let rest = (!rest.is_empty()).then_some(rest);
        Ok(Sent { report, extremes: read_extremes(rest)? })
    }

    /// What the session was told.
    pub(super) fn scales(&self) -> Scales {
        if self.extremes.is_some() { Scales::Run } else { Scales::Snapshot }
    }
}

/// Extremes from their bytes, where there are some.
pub(super) fn read_extremes(bytes: Option<&[u8]>) -> Result<Option<Extremes>, JsValue> {
    bytes.map(Extremes::from_bytes).transpose().map_err(error)
}
