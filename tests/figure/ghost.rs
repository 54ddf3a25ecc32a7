//! A model that was edited over the file's: outlines, and axes that hold both.

use crate::reports;
use crate::words::{bars, chart};
use adderscope::figure::chart::{Layer, Scale, Swatch};
use adderscope::figure::{Content, Figure, Panel, View};

#[test]
fn a_model_that_was_edited_leaves_a_ghost_and_axes_stay() {
    let file = reports::made_up();
    let mut edited = file.clone();
    edited.rank1.as_mut().unwrap().readout[9] += 4.0;
    edited.geometry.token_embedding[9][0] += 0.125;
    for row in &mut edited.mean_attention[0] {
        row[0] += 0.125;
    }
    let view = View::default();
    let mut figure = Figure::new(file.clone(), None);
    let before: Vec<Panel> = figure.panels(view).cloned().collect();
    figure.set_ghost(Some(file.clone()));
    let changed = figure.replace(edited.clone(), view, view);
    assert_eq!(changed, ["token_embeddings", "mean_attention", "top_sources", "readout"]);
    for (panel, before) in figure.panels(view).zip(&before) {
        let (Content::Chart(now), Content::Chart(then)) = (&panel.content, &before.content) else {
            continue;
        };
        for (now, then) in now.facets.iter().zip(&then.facets) {
            assert_eq!(
                (now.x.range(), now.y.range()),
                (then.x.range(), then.y.range()),
                "{}",
                panel.title
            );
        }
        let has_ghost = now.facets.iter().any(|facet| !facet.ghost.is_empty());
        assert_eq!(
            now.legend.iter().any(|key| key.swatch == Swatch::Ghost),
            has_ghost,
            "{}",
            panel.title
        );
    }
    let (_, readout) = figure.panel("readout", view).unwrap();
    assert_eq!(bars(readout, 0)[9].says, "32.00; in the file 28.00");
    let [Layer::Bars(ghost)] = &chart(readout).facets[0].ghost[..] else { panic!("no ghost") };
    assert_eq!(ghost.iter().map(|bar| bar.value).collect::<Vec<_>>(), [28.0]);
    // Far beyond, axes are made longer, and hold both.
    edited.rank1.as_mut().unwrap().readout[9] = 300.0;
    figure.replace(edited, view, view);
    let (_, readout) = figure.panel("readout", view).unwrap();
    let Scale::Numbers { lo, hi, .. } = chart(readout).facets[0].y.scale else {
        panic!("no numbers")
    };
    assert!(lo <= -80.0 && (300.0..700.0).contains(&hi), "{lo} to {hi}");
    // The file's own numbers again: no ghost, and the axes of the beginning.
    figure.set_ghost(None);
    figure.replace(file, view, view);
    assert!(figure.panels(view).eq(&before));
}
