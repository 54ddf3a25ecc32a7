//! Pictures of a model as it opens, which an element on somebody's page shows until the library is there: those that
//! `tools/embed.ts` makes of the models that come with the page.

use super::{Placed, bad, hash_of};
use crate::cli::Failure;
use adderscope::Loaded;
use adderscope::analysis::answer::answer;
use adderscope::analysis::map::Map;
use adderscope::analysis::ruler::ruler;
use adderscope::figure::{self, BESIDE, Content, Figure, Frame, Panel, Theme, View};
use adderscope::model::Model;
use serde::Serialize;
use std::path::Path;

/// Sizes that the element gives its views, in CSS pixels; the map and the figure have those that suit them.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 400.0;
const RULER: (&str, f64) = ("ruler", 300.0);
/// The addition that the page begins with.
const BEGINS: (u64, u64) = (3_141_592_653, 2_718_281_828);
/// The twelve panels together, as a view.
const FIGURE: &str = "figure";

/// Which there are, and where, from the site's folder: as `Stills` in www/embed/stills.ts.
#[derive(Serialize)]
pub struct Stills {
    folder: String,
    views: Vec<String>,
}

/// The pictures of a model whose additions are `map`, in a folder beside its `file`.
pub fn stills(loaded: &Loaded, map: Map, file: &str) -> Result<(Stills, Vec<Placed>), Failure> {
    let (a, b) = BEGINS;
    let model = &loaded.checkpoint.model;
    let mut shown = Figure::new(loaded.report.clone(), None);
    shown.set_map(Some(map));
    shown.set_ruler(ruler(model, a, b, looked_at(model)));
    let (mut views, mut pictures) = (Vec::new(), Vec::new());
    let mut place = |view: &str, draw: &dyn Fn(Theme) -> Result<String, figure::Error>| {
        for theme in Theme::ALL {
            let svg = draw(theme).map_err(|e| bad(Path::new(file), e))?;
            pictures.push((format!("{view}-{}.svg", theme.name()), svg.into_bytes()));
        }
        views.push(view.to_owned());
        Ok::<(), Failure>(())
    };
    for (spec, panel) in figure::panels().zip(shown.panels(View::default())) {
        if !matches!(panel.content, Content::Note(_)) {
            place(spec.key, &|theme| figure::panel_svg(panel, frame(spec.key, panel, theme)))?;
        }
    }
    let subject = shown.subject(View::default());
    place(FIGURE, &|theme| figure::figure_svg(&subject, theme, true))?;
    let contents: Vec<&[u8]> = pictures.iter().map(|(_, svg)| &**svg).collect();
    // The folder that it lies in has a name of the model alone: pictures change with what draws them, too.
    let folder = Path::new(file).with_file_name(format!("stills-{}", hash_of(&contents)));
    let placed = pictures.into_iter().map(|(name, svg)| (folder.join(name), svg)).collect();
    Ok((Stills { folder: format!("{}/", folder.display()), views }, placed))
}

fn frame(key: &str, panel: &Panel, theme: Theme) -> Frame {
    let height = match key {
        key if key == RULER.0 => RULER.1,
        key if BESIDE.iter().any(|beside| beside.key == key) => figure::height(panel, WIDTH),
        _ => HEIGHT,
    };
    Frame { width: WIDTH, height, theme, title: false, ground: true }
}

/// The answer digit that is looked at where nobody chose one, as www/sum/words.ts has it: the first wrong one, else the one with
/// the smallest lead.
fn looked_at(model: &Model) -> usize {
    let (a, b) = BEGINS;
    let places = answer(model, a, b).places;
    let lead = |digit: &usize| places[*digit].lead.unwrap_or(f64::INFINITY);
    let wrong = places.iter().position(|place| place.said != Some(place.right));
    wrong.or_else(|| (0..places.len()).min_by(|i, j| lead(i).total_cmp(&lead(j)))).unwrap_or(0)
}
