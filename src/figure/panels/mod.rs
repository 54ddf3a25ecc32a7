//! One file per panel: a report in, a description out.

mod all_additions;
mod error_by_carry;
mod error_direction;
mod error_rate;
mod mean_attention;
mod norm_weights;
mod out_proj;
mod parts;
mod positions;
mod positions_far;
mod positions_near;
mod queries;
mod readout;
mod ruler;
mod shares;
mod token_embeddings;
mod top_sources;
mod trajectory;

use super::panel::PanelSpec;

pub use all_additions::{CaseText, case_text};
pub use ruler::sentence as ruler_sentence;

/// The panels of the whole figure, in the order of the script's.
pub const FIGURE: [&PanelSpec; 12] = [
    &token_embeddings::SPEC,
    &positions_near::SPEC,
    &positions_far::SPEC,
    &mean_attention::SPEC,
    &top_sources::SPEC,
    &error_rate::SPEC,
    &error_by_carry::SPEC,
    &error_direction::SPEC,
    &readout::SPEC,
    &out_proj::SPEC,
    &norm_weights::SPEC,
    &trajectory::SPEC,
];

/// The panels beside it, which the script has not.
pub const BESIDE: [&PanelSpec; 2] = [&all_additions::SPEC, &ruler::SPEC];

/// All panels, by their numbers.
pub fn panels() -> impl Iterator<Item = &'static PanelSpec> {
    FIGURE.into_iter().chain(BESIDE)
}

/// The panel called `key`.
pub fn panel(key: &str) -> Option<&'static PanelSpec> {
    panels().find(|p| p.key == key)
}
