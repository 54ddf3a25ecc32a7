//! A model with its panels, built once and drawn often.

use super::panel::{Panel, PanelSpec};
use super::panels::{PANELS, panel};
use super::subject::{ExactShare, Scales, Subject, View};
use analysis::Report;
use analysis::extremes::Extremes;
use std::cell::OnceCell;
use task::addition::Alignment;

/// Views that a figure can be asked for.
const VIEWS: usize = Alignment::ALL.len() * Scales::ALL.len();

/// The panels of one model, each view built when it is first asked for.
pub struct Figure {
    report: Report,
    extremes: Option<Extremes>,
    exact: Vec<ExactShare>,
    built: [OnceCell<Vec<Panel>>; VIEWS],
}

impl Figure {
    /// The figure of `report`, and how far the numbers of its run go; without that, scales fit the model in all views.
    pub fn new(report: Report, extremes: Option<Extremes>) -> Figure {
        Figure { report, extremes, exact: Vec::new(), built: Default::default() }
    }

    /// What it shows.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// How far the numbers of its run go, where that is known.
    pub fn extremes(&self) -> Option<&Extremes> {
        self.extremes.as_ref()
    }

    /// What panels see in a view.
    pub fn subject(&self, view: View) -> Subject<'_> {
        let scales = match view.scales {
            Scales::Snapshot => None,
            Scales::Run => self.extremes.as_ref(),
        };
        Subject { scales, exact: &self.exact, ..Subject::new(&self.report, view.alignment) }
    }

    /// All panels, in the order of [`PANELS`].
    pub fn panels(&self, view: View) -> &[Panel] {
        self.built[index(view)].get_or_init(|| {
            let subject = self.subject(view);
            PANELS.iter().map(|spec| (spec.build)(&subject)).collect()
        })
    }

    /// The panel called `key`, with its entry in the registry.
    pub fn panel(&self, key: &str, view: View) -> Option<(&'static PanelSpec, &Panel)> {
        let spec = panel(key)?;
        let panels = PANELS.iter().zip(self.panels(view));
        panels.into_iter().find_map(|(s, panel)| (s.key == key).then_some((spec, panel)))
    }

    /// Says how far the numbers of its run go, once that is known.
    pub fn set_extremes(&mut self, extremes: Option<Extremes>) {
        self.extremes = extremes;
        for view in View::all().filter(|view| view.scales == Scales::Run) {
            self.built[index(view)].take();
        }
    }

    /// Says what is known of the run's snapshots over all additions, in the order of their steps.
    pub fn set_exact(&mut self, exact: Vec<ExactShare>) {
        self.exact = exact;
        self.built = Default::default();
    }

    /// Shows another report of the same run, such as that of the next snapshot or of the same model with one weight
    /// changed. Returns the keys of the panels that are drawn otherwise in view `to` than they were in view `from`.
    pub fn replace(&mut self, report: Report, from: View, to: View) -> Vec<&'static str> {
        self.panels(from);
        let before = std::mem::take(&mut self.built);
        self.report = report;
        let pairs = before[index(from)].get().into_iter().flatten().zip(self.panels(to));
        let changed = PANELS.iter().zip(pairs).filter(|(_, (old, new))| old.content != new.content);
        changed.map(|(spec, _)| spec.key).collect()
    }
}

/// A view's place among the views.
fn index(view: View) -> usize {
    view.alignment as usize * Scales::ALL.len() + view.scales as usize
}
