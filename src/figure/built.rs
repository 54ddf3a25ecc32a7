//! A report with its panels, built once and drawn often.

use super::panel::{Panel, PanelSpec};
use super::panels::{PANELS, panel};
use analysis::Report;
use std::cell::OnceCell;
use task::addition::Alignment;

/// The panels of one report, each alignment built when it is first asked for.
pub struct Figure {
    report: Report,
    built: [OnceCell<Vec<Panel>>; Alignment::ALL.len()],
}

impl Figure {
    /// The figure of `report`.
    pub fn new(report: Report) -> Figure {
        Figure { report, built: Default::default() }
    }

    /// What it shows.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// All panels, in the order of [`PANELS`].
    pub fn panels(&self, alignment: Alignment) -> &[Panel] {
        let build = || PANELS.iter().map(|spec| (spec.build)(&self.report, alignment)).collect();
        self.built[alignment as usize].get_or_init(build)
    }

    /// The panel called `key`, with its entry in the registry.
    pub fn panel(&self, key: &str, alignment: Alignment) -> Option<(&'static PanelSpec, &Panel)> {
        let spec = panel(key)?;
        let panels = PANELS.iter().zip(self.panels(alignment));
        panels.into_iter().find_map(|(s, panel)| (s.key == key).then_some((spec, panel)))
    }

    /// Shows another report, such as that of the same model with one weight changed. Returns
    /// the keys of the panels that are drawn otherwise than before.
    pub fn replace(&mut self, report: Report, alignment: Alignment) -> Vec<&'static str> {
        let before = std::mem::replace(self, Figure::new(report));
        let pairs = before.panels(alignment).iter().zip(self.panels(alignment));
        let changed = PANELS.iter().zip(pairs).filter(|(_, (old, new))| old.content != new.content);
        changed.map(|(spec, _)| spec.key).collect()
    }
}
