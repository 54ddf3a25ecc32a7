//! Two models, A and B, in the same panels: each for itself on common axes, or both together. Points and bars of A are
//! filled and those of B outlined, of maps there is the difference, and the values of both stand beside each other.

mod both;
mod difference;
mod rulers;
mod table;

use super::chart::Chart;
use super::panel::{Content, Panel, PanelSpec};
use super::panels::panels;
use super::subject::Subject;
use analysis::Report;
use analysis::map::Map;
use analysis::ruler::Ruler;
use numbers::listed::Listed;
use std::cell::OnceCell;
use task::addition::Alignment;

/// Which of two models panels show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Both.
    #[default]
    Both,
    /// The first.
    A,
    /// The second.
    B,
}

impl Shown {
    /// All three, the default first.
    pub const ALL: [Shown; 3] = [Shown::Both, Shown::A, Shown::B];

    /// The word used in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Shown::Both => "both",
            Shown::A => "a",
            Shown::B => "b",
        }
    }

    /// What is called `name`.
    pub fn of_name(name: &str) -> Option<Shown> {
        Shown::ALL.into_iter().find(|shown| shown.name() == name)
    }
}

/// Ways to look at a pair.
const VIEWS: usize = Alignment::ALL.len() * Shown::ALL.len();

/// The panels of two models, each view built when it is first asked for.
pub struct Pair {
    reports: [Report; 2],
    maps: [Option<Map>; 2],
    rulers: [Option<Ruler>; 2],
    built: [OnceCell<Vec<Panel>>; VIEWS],
}

impl Pair {
    /// The panels of A and B.
    pub fn new(a: Report, b: Report) -> Pair {
        let (maps, rulers, built) = Default::default();
        Pair { reports: [a, b], maps, rulers, built }
    }

    /// Says what is known of both over all additions, case by case; `None`: nothing yet.
    pub fn set_maps(&mut self, maps: [Option<Map>; 2]) {
        self.maps = maps;
        self.built = Default::default();
    }

    /// Takes the rulers of an answer digit of one addition in both.
    pub fn set_rulers(&mut self, rulers: [Option<Ruler>; 2]) {
        self.rulers = rulers;
        self.built = Default::default();
    }

    /// All panels, in the order of [`panels`].
    pub fn panels(&self, alignment: Alignment, shown: Shown) -> &[Panel] {
        let place = alignment as usize * Shown::ALL.len() + shown as usize;
        self.built[place]
            .get_or_init(|| panels().map(|spec| self.built_of(spec, alignment, shown)).listed())
    }

    /// The panel called `key`.
    pub fn panel(&self, key: &str, alignment: Alignment, shown: Shown) -> Option<&Panel> {
        let at = panels().position(|spec| spec.key == key)?;
        self.panels(alignment, shown).get(at)
    }

    fn subject(&self, side: usize, alignment: Alignment) -> Subject<'_> {
        let (map, ruler) = (self.maps[side].as_ref(), self.rulers[side].as_ref());
        Subject { map, ruler, ..Subject::new(&self.reports[side], alignment) }
    }

    fn built_of(&self, spec: &PanelSpec, alignment: Alignment, shown: Shown) -> Panel {
        let [a, b] = [0, 1].map(|side| spec.alone(&self.subject(side, alignment)));
        match shown {
            Shown::A => beside(a, &b),
            Shown::B => beside(b, &a),
            Shown::Both => self.together(spec, spec.named[alignment as usize], a, b),
        }
    }

    fn together(&self, spec: &PanelSpec, named: usize, a: Panel, b: Panel) -> Panel {
        if let [Some(one), Some(other)] = &self.rulers
            && spec.key == rulers::KEY
        {
            return rulers::together([one, other], a, b);
        }
        let aside = if a.aside == b.aside {
            a.aside.clone()
        } else {
            [("A", &a.aside), ("B", &b.aside)]
                .into_iter()
                .filter(|(_, aside)| !aside.is_empty())
                .map(|(name, aside)| format!("{name}: {aside}"))
                .listed()
                .join("; ")
        };
        let (content, told) = match (&a.content, &b.content) {
            (Content::Chart(one), Content::Chart(other)) => self.charts(one, other),
            (Content::Chart(one), Content::Note(why)) => {
                (Content::Chart(one.clone()), format!("Only A is drawn. In B: {why}"))
            }
            (Content::Note(why), Content::Chart(other)) => {
                (Content::Chart(other.clone()), format!("Only B is drawn. In A: {why}"))
            }
            (Content::Note(one), Content::Note(other)) if one == other => {
                (a.content.clone(), String::new())
            }
            (Content::Note(one), Content::Note(other)) => {
                (Content::Note(format!("A: {one} B: {other}")), String::new())
            }
        };
        let table = table::merged(&a.table, &b.table, named);
        let sentence = [told, table::sentence(&table)].into_iter().filter(|part| !part.is_empty());
        let sentence = sentence.listed().join(" ");
        Panel { title: a.title, aside, sentence, table: table.table, content }
    }

    /// Both charts as one, and what is to be said of that.
    fn charts(&self, a: &Chart, b: &Chart) -> (Content, String) {
        let is_map = difference::is_map(a);
        let found = if is_map { difference::difference(a, b) } else { both::both(a, b) };
        match found {
            Some(chart) => {
                let told = difference::scale(&chart).unwrap_or_default();
                (Content::Chart(chart), told)
            }
            None if is_map => {
                (Content::Note(self.apart(a, b, "there is no difference")), String::new())
            }
            None => {
                let why = self.apart(a, b, "each stands for itself");
                (Content::Chart(both::apart(a, b)), why)
            }
        }
    }

    /// Why two charts are not one.
    fn apart(&self, a: &Chart, b: &Chart, so: &str) -> String {
        let [heads, others] = [0, 1].map(|side| self.reports[side].shape.n_heads);
        if a.facets.len() != b.facets.len() && heads != others {
            let of = |n: usize| if n == 1 { "1 head".to_owned() } else { format!("{n} heads") };
            let (a, b) = (of(heads), of(others));
            return format!("A has {a} and B {b}, and nothing says which belong together: {so}.");
        }
        format!("A and B have other axes here, as their architectures differ: {so}.")
    }
}

/// A panel on axes that hold the other model's too, where they are of the same.
fn beside(mut panel: Panel, other: &Panel) -> Panel {
    if let (Content::Chart(chart), Content::Chart(other)) = (&mut panel.content, &other.content) {
        both::share_axes(chart, other);
    }
    panel
}

/// Whether this panel is of cells, so that two of them are drawn beside each other, and as a difference where they have one.
pub fn is_map(panel: &Panel) -> bool {
    matches!(&panel.content, Content::Chart(chart) if difference::is_map(chart))
}
