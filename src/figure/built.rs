//! A model with its panels, built once and drawn often.

use super::panel::{Panel, PanelSpec};
use super::panels::{BESIDE, FIGURE, panels};
use super::subject::{ExactShare, Scales, Subject, View};
use analysis::Report;
use analysis::extremes::Extremes;
use analysis::map::Map;
use analysis::ruler::Ruler;
use std::cell::OnceCell;
use task::addition::Alignment;

/// The panel that shows the ruler.
const RULER: &str = "ruler";
/// Views that a figure can be asked for.
const VIEWS: usize = Alignment::ALL.len() * Scales::ALL.len();

/// The panels of one model, each view built when it is first asked for.
pub struct Figure {
    report: Report,
    /// The same model without its edits, where it has some.
    ghost: Option<Report>,
    /// Its panels: a weight that is dragged changes none of them.
    ghosts: [OnceCell<Vec<Panel>>; VIEWS],
    extremes: Option<Extremes>,
    exact: Vec<ExactShare>,
    map: Option<Map>,
    ruler: Option<Ruler>,
    built: [OnceCell<Vec<Panel>>; VIEWS],
    /// Those beside the whole figure: they show map and ruler alone, the same in all views.
    beside: [OnceCell<Panel>; BESIDE.len()],
}

impl Figure {
    /// The figure of `report`, and how far the numbers of its run go; without that, scales fit the model in all views.
    pub fn new(report: Report, extremes: Option<Extremes>) -> Figure {
        let (ghost, ghosts, map, ruler, built, beside) = Default::default();
        let exact = Vec::new();
        Figure { report, ghost, ghosts, extremes, exact, map, ruler, built, beside }
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
        let (exact, map, ruler) = (&self.exact, self.map.as_ref(), self.ruler.as_ref());
        let beside = self.ghost.as_ref();
        Subject { beside, scales, exact, map, ruler, ..Subject::new(&self.report, view.alignment) }
    }

    /// Those of the whole figure.
    fn of_figure(&self, view: View) -> &[Panel] {
        self.built[index(view)].get_or_init(|| {
            let (subject, ghosts) = (self.subject(view), self.ghosts(view).unwrap_or_default());
            let panels = FIGURE.iter().enumerate();
            panels.map(|(i, spec)| spec.over(&subject, ghosts.get(i))).collect()
        })
    }

    /// The panels of the model without its edits.
    fn ghosts(&self, view: View) -> Option<&[Panel]> {
        let report = self.ghost.as_ref()?;
        let subject = Subject { report, ..self.subject(view) };
        let panels = || FIGURE.iter().map(|spec| spec.alone(&subject)).collect();
        Some(self.ghosts[index(view)].get_or_init(panels))
    }

    /// All panels, in the order of [`panels`].
    pub fn panels(&self, view: View) -> impl Iterator<Item = &Panel> {
        let beside = self.beside.iter().zip(BESIDE);
        let alone = move || Subject { beside: None, ..self.subject(view) };
        let beside = beside.map(move |(panel, spec)| panel.get_or_init(|| spec.panel(&alone())));
        self.of_figure(view).iter().chain(beside)
    }

    /// The panel called `key`, with its entry in the registry.
    pub fn panel(&self, key: &str, view: View) -> Option<(&'static PanelSpec, &Panel)> {
        panels().zip(self.panels(view)).find(|(spec, _)| spec.key == key)
    }

    /// Says how far the numbers of its run go, once that is known.
    pub fn set_extremes(&mut self, extremes: Option<Extremes>) {
        self.extremes = extremes;
        for view in View::all().filter(|view| view.scales == Scales::Run) {
            self.built[index(view)].take();
            self.ghosts[index(view)].take();
        }
    }

    /// Says what is known of the run's snapshots over all additions, in the order of their steps.
    pub fn set_exact(&mut self, exact: Vec<ExactShare>) {
        self.exact = exact;
        self.built = Default::default();
    }

    /// Says what is known of the model over all additions, case by case; `None`: nothing yet, of this model.
    pub fn set_map(&mut self, map: Option<Map>) {
        self.map = map;
        self.beside = Default::default();
    }

    /// Takes the ruler of an answer digit of one addition; `None`: nobody looks at one.
    pub fn set_ruler(&mut self, ruler: Option<Ruler>) {
        self.ruler = ruler;
        for (panel, spec) in self.beside.iter_mut().zip(BESIDE) {
            if spec.key == RULER {
                panel.take();
            }
        }
    }

    /// What is known of the model over all additions.
    pub fn map(&self) -> Option<&Map> {
        self.map.as_ref()
    }

    /// Says what the model is without its edits; `None`: it has none. That stays behind as a ghost, and axes hold both. It
    /// is seen from the next [`Figure::replace`] on.
    pub fn set_ghost(&mut self, ghost: Option<Report>) {
        (self.ghost, self.ghosts) = (ghost, Default::default());
    }

    /// Shows another report of the same run, such as that of the next snapshot or of the same model with one weight
    /// changed. Returns the keys of the panels that are drawn otherwise in view `to` than they were in view `from`. What
    /// was said of all additions stays until something else is said.
    pub fn replace(&mut self, report: Report, from: View, to: View) -> Vec<&'static str> {
        self.of_figure(from);
        let before = std::mem::take(&mut self.built);
        if report.off != self.report.off {
            self.beside = Default::default(); // they say what is switched off elsewhere
        }
        self.report = report;
        let pairs = before[index(from)].get().into_iter().flatten().zip(self.of_figure(to));
        let changed = FIGURE.iter().zip(pairs).filter(|(_, (old, new))| old.content != new.content);
        changed.map(|(spec, _)| spec.key).collect()
    }
}

/// A view's place among the views.
fn index(view: View) -> usize {
    view.alignment as usize * Scales::ALL.len() + view.scales as usize
}
