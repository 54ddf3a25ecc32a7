//! A training history in a session: moving through it, scales that stay, and what is refused.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/runs.rs"]
mod runs;

use adderscope::analysis::Report;
use adderscope::analysis::extremes::Extremes;
use adderscope::figure::chart::Layer;
use adderscope::figure::{self, Content, Figure, Panel, Scales, Subject, View};
use adderscope::formats::File;
use adderscope::formats::{History, to_safetensors};
use adderscope::model::Edit;
use adderscope::model::file::Evaluation;
use adderscope::open_in;
use adderscope::session::{Loaded, Session};
use adderscope::task::addition::Alignment;
use adderscope::train::{Settings, Trainer};
use std::sync::LazyLock;

const STEPS: [u64; 5] = [0, 10, 20, 30, 40];

/// A short run's history, and the same run saved.
static RUN: LazyLock<(History, Vec<u8>)> = LazyLock::new(|| {
    let trainer = runs::short("62p");
    (trainer.history().clone(), trainer.save().unwrap())
});

fn file(name: &str, bytes: Vec<u8>) -> File {
    File { name: name.into(), bytes }
}

fn history() -> File {
    file("run.history.safetensors", RUN.0.to_bytes().unwrap())
}

fn opened() -> Loaded {
    adderscope::open(vec![history()]).unwrap()
}

fn panels(subject: &Subject) -> Vec<Panel> {
    figure::panels().map(|spec| spec.panel(subject)).collect()
}

/// The panels of a figure.
fn shown(figure: &Figure, view: View) -> Vec<Panel> {
    figure.panels(view).cloned().collect()
}

/// A model on scales that fit it.
fn alone(report: &Report) -> Subject<'_> {
    Subject::new(report, Alignment::Answer)
}

/// The shown snapshot on the scales of its run.
fn in_run(loaded: &Loaded) -> Subject<'_> {
    Subject { scales: loaded.extremes(), ..alone(&loaded.report) }
}

/// The ranges of both axes of each plot, of panels that have one.
fn ranges(subject: &Subject) -> Vec<(&'static str, [(f64, f64); 2])> {
    let panels = figure::panels().zip(panels(subject));
    let charts = panels.filter_map(|(spec, panel)| match panel.content {
        Content::Chart(chart) => Some((spec.key, chart)),
        Content::Note(_) => None,
    });
    charts
        .flat_map(|(key, chart)| chart.facets.into_iter().map(move |f| (key, f)))
        .map(|(key, facet)| (key, [facet.x.range(), facet.y.range()]))
        .collect()
}

#[test]
fn a_history_opens_with_its_best_snapshot_and_the_log_that_it_holds() {
    let best = RUN.0.best().unwrap();
    let run = file("run.safetensors", RUN.1.clone());
    for file in [history(), run] {
        let loaded = adderscope::open(vec![file]).unwrap();
        assert_eq!(loaded.report.step, Some(STEPS[best]));
        let checkpoint = RUN.0.checkpoint(best).unwrap().unwrap();
        assert_eq!(loaded.checkpoint.model.params(), checkpoint.model.params());
        let snapshot = loaded.report.snapshot.as_ref().unwrap();
        assert_eq!((snapshot.index, snapshot.count), (best, 5));
        let steps: Vec<u64> = loaded.run.as_ref().unwrap().log().iter().map(|s| s.step).collect();
        assert_eq!(steps, STEPS);
        let logged: Vec<u64> =
            loaded.report.trajectory.as_ref().unwrap().iter().map(|e| e.step).collect();
        assert_eq!(logged, STEPS);
    }
    let log = file("log.jsonl", b"{\"step\": 7, \"val_exact\": 0.5}\n".to_vec());
    let both = adderscope::open(vec![log, history()]).unwrap();
    assert_eq!(both.report.trajectory.unwrap().len(), 1, "the log that came with it");
    assert!(both.run.is_some());
}

#[test]
fn training_goes_on_from_a_saved_run_and_from_nothing_else() {
    let can_go_on = |bytes: Vec<u8>| {
        let loaded = adderscope::open(vec![file("file", bytes)]).unwrap();
        loaded.summary().can_go_on
    };
    let settings = Settings { steps: 80, ..runs::short("57p").settings().clone() };
    let mut trainer = Trainer::new(settings).unwrap();
    for _ in 0..7 {
        trainer.run(10).unwrap();
        trainer.run(3).unwrap();
        assert!(can_go_on(trainer.save().unwrap()), "{:?}", trainer.progress());
        assert!(!can_go_on(trainer.history().to_bytes().unwrap()), "a history");
    }
    while !trainer.progress().finished {
        trainer.run(10).unwrap();
    }
    assert!(can_go_on(trainer.save().unwrap()), "finished: it can be given more steps");
    let snapshot = trainer.history().raw(0).unwrap();
    assert!(!can_go_on(to_safetensors(&snapshot).unwrap()), "a checkpoint");
}

#[test]
fn each_snapshot_is_analysed_as_its_checkpoint() {
    let mut loaded = opened();
    for (index, step) in STEPS.into_iter().enumerate() {
        loaded.show_snapshot(index).unwrap();
        let checkpoint = RUN.0.checkpoint(index).unwrap().unwrap();
        let log: Vec<Evaluation> = RUN.0.log().iter().map(Evaluation::from).collect();
        let alone = Report::new(&checkpoint, Some(&log));
        let snapshot = loaded.report.snapshot.clone();
        assert_eq!(loaded.report, Report { snapshot, ..alone });
        assert_eq!(loaded.summary().step, Some(step));
        assert_eq!(loaded.summary().snapshot, Some(index));
    }
}

#[test]
fn moving_drops_edits_and_a_log_that_joins_does_not_move() {
    let mut session = Session::default();
    open_in(&mut session, vec![history()]).unwrap();
    let loaded = session.loaded_mut().unwrap();
    loaded.show_snapshot(1).unwrap();
    let edit = Edit { name: "tok_arc_A".into(), index: 0, value: 9.0 };
    loaded.edit(&[edit]).unwrap();
    assert_eq!(loaded.report.snapshot.as_ref().unwrap().index, 1, "an edit stays at its snapshot");
    let log = file("log.jsonl", b"{\"step\": 7, \"val_exact\": 0.5}\n".to_vec());
    open_in(&mut session, vec![log]).unwrap();
    let loaded = session.loaded_mut().unwrap();
    assert_eq!((loaded.summary().edited, loaded.summary().snapshot), (1, Some(1)));
    loaded.show_snapshot(1).unwrap();
    assert_eq!(loaded.summary().edited, 0);
}

#[test]
fn what_cannot_be_shown_changes_nothing() {
    let mut loaded = opened();
    loaded.show_snapshot(2).unwrap();
    let before = loaded.report.clone();
    assert_eq!(
        loaded.show_snapshot(5).unwrap_err().to_string(),
        "there is no snapshot 5, counted from 0: there are 5"
    );
    assert_eq!(loaded.report, before);

    let mut session = Session::default();
    open_in(&mut session, vec![history()]).unwrap();
    let mut short = history();
    short.bytes.truncate(short.bytes.len() - 1);
    let error = open_in(&mut session, vec![short]).unwrap_err().to_string();
    assert!(error.starts_with("run.history.safetensors: "), "{error}");
    assert_eq!(
        session.loaded().unwrap().report.step,
        RUN.0.log().get(RUN.0.foremost()).map(|e| e.step)
    );

    open_in(&mut session, vec![history(), history()]).unwrap();
    let aside = &session.loaded().unwrap().aside;
    assert_eq!(aside.len(), 1, "a second one is offered, and does not get in the way");
    assert!(aside[0].opens);
}

#[test]
fn scales_that_are_fixed_over_the_run_are_the_same_at_each_snapshot_and_hold_it() {
    let mut loaded = opened();
    let mut own = Vec::new();
    for index in 0..STEPS.len() {
        loaded.show_snapshot(index).unwrap();
        own.push(ranges(&alone(&loaded.report)));
    }
    assert_ne!(own[0], own[4], "what fits a snapshot moves");
    let fixed = ranges(&in_run(&loaded));
    for (index, own) in own.iter().enumerate() {
        loaded.show_snapshot(index).unwrap();
        // B begins with zeros: its bars would be lost on the run's axis, which is halved for them.
        let halved = |shown: (f64, f64), fixed: (f64, f64)| {
            let mut sizes = (0..20).map(|n| 2.0_f64.powi(n));
            sizes.any(|size| shown == (fixed.0 / size, fixed.1 / size))
        };
        for ((key, shown), (_, fixed)) in ranges(&in_run(&loaded)).iter().zip(&fixed) {
            let is_same = shown == fixed
                || *key == "out_proj" && shown[0] == fixed[0] && halved(shown[1], fixed[1]);
            assert!(is_same, "snapshot {index}, {key}: {shown:?}, not {fixed:?}");
        }
        for ((key, [xs, ys]), (_, own)) in fixed.iter().zip(own) {
            // Which points far out are left off a plane depends on how far the digits reach.
            if key.starts_with("positions") {
                continue;
            }
            for ((lo, hi), own) in [(xs, own[0]), (ys, own[1])].map(|(all, own)| (*all, own)) {
                // Before training B is nothing but zeros, for which any scale will do.
                let is_held = lo <= own.0 && hi >= own.1 || own == (0.0, 1.0);
                assert!(is_held, "{key} {index}: {own:?} in {lo} to {hi}");
            }
        }
    }
    assert_eq!(ranges(&alone(&loaded.report)), own[4]);
}

/// A run that began a hundred times as large: its scales are halved until this snapshot is seen, and stay for the next.
#[test]
fn scales_of_a_run_never_squash_a_snapshot() {
    let mut loaded = opened();
    loaded.show_snapshot(4).unwrap();
    let mut extremes = loaded.extremes().unwrap().clone();
    let spans = extremes.token_embedding.iter_mut().chain(extremes.keys.iter_mut().flatten());
    for span in spans.chain([&mut extremes.readout, &mut extremes.read, &mut extremes.norms]) {
        (span.lo, span.hi) = (100.0 * span.lo - 1.0, 100.0 * span.hi + 1.0);
    }
    let of = |report: &Report| {
        ranges(&Subject { scales: Some(&extremes), ..Subject::new(report, Alignment::default()) })
    };
    let own = ranges(&alone(&loaded.report));
    let shown = of(&loaded.report);
    for ((key, shown), (_, own)) in shown.iter().zip(&own) {
        let length = |(lo, hi): (f64, f64)| hi - lo;
        let shares = [0, 1].map(|i| length(own[i]) / length(shown[i]));
        assert!(shares[0].max(shares[1]) > 0.3, "{key}: {own:?} in {shown:?}");
        for i in [0, 1] {
            let is_held = shown[i].0 <= own[i].0 && own[i].1 <= shown[i].1;
            // Bars are shorter than their axis by its margin.
            assert!(is_held || shares[i] > 0.9, "{key}: {own:?} in {shown:?}");
        }
    }
    let mut next = loaded.report.clone();
    for row in &mut next.geometry.token_embedding {
        row[0] *= 1.01;
    }
    assert_eq!(of(&next), shown, "a small step moves no axis");
}

#[test]
fn a_figure_changes_its_scales_without_another_report() {
    let mut loaded = opened();
    loaded.show_snapshot(1).unwrap();
    let sent = loaded.extremes().unwrap().to_bytes().unwrap();
    let extremes = Extremes::from_bytes(&sent).unwrap();
    assert_eq!(loaded.extremes(), Some(&extremes));
    assert!(Extremes::from_bytes(&sent[..sent.len() / 2]).is_err());

    let [own, run] = Scales::ALL.map(|scales| View { scales, ..View::default() });
    let mut figure = Figure::new(loaded.report.clone(), None);
    assert_eq!(shown(&figure, run), shown(&figure, own), "the run is not known yet");
    figure.set_extremes(Some(extremes));
    assert_eq!(shown(&figure, own), panels(&alone(&loaded.report)));
    assert_eq!(shown(&figure, run), panels(&in_run(&loaded)));
    assert_ne!(shown(&figure, own), shown(&figure, run));

    let report = loaded.report.clone();
    loaded.show_snapshot(2).unwrap();
    let changed = figure.replace(loaded.report.clone(), own, run);
    assert!(changed.contains(&"token_embeddings"), "{changed:?}");
    assert_eq!(shown(&figure, run), panels(&in_run(&loaded)), "the run stays known");
    assert_eq!(figure.replace(report, run, own).len(), changed.len());
}

#[test]
fn a_model_that_is_not_of_a_run_has_no_extremes() {
    let bytes = to_safetensors(&RUN.0.raw(0).unwrap()).unwrap();
    let loaded = adderscope::open(vec![file("alone.safetensors", bytes)]).unwrap();
    assert_eq!(loaded.extremes(), None);
}

#[test]
fn digits_stay_on_the_planes_of_fixed_scales() {
    let mut loaded = opened();
    for index in 0..STEPS.len() {
        loaded.show_snapshot(index).unwrap();
        let panel = figure::FIGURE[1].panel(&in_run(&loaded));
        let Content::Chart(chart) = panel.content else { panic!("62p has a plane") };
        let facet = &chart.facets[0];
        let (xs, ys) = (facet.x.range(), facet.y.range());
        for row in &loaded.report.geometry.positions_qk[..10] {
            assert!(xs.0 <= row[0] && row[0] <= xs.1 && ys.0 <= row[1] && row[1] <= ys.1);
        }
    }
}

#[test]
fn only_a_snapshot_of_a_run_is_marked_on_the_trajectory() {
    let mut loaded = opened();
    loaded.show_snapshot(3).unwrap();
    let moments = |report: &Report| -> Vec<(f64, String)> {
        let panel = figure::FIGURE[11].panel(&alone(report));
        let Content::Chart(chart) = panel.content else { panic!("there is a log") };
        let layers = chart.facets.into_iter().flat_map(|f| f.layers);
        let moment = |layer| match layer {
            Layer::Moment(moment) => Some((moment.at, moment.text)),
            _ => None,
        };
        layers.filter_map(moment).collect()
    };
    assert_eq!(moments(&loaded.report), [(30.0, "step 30".to_owned())]);
    let single = Report { snapshot: None, ..loaded.report.clone() };
    assert_eq!(moments(&single), []);
    // Panels that move with the scales alone are those of the checkpoint.
    assert_eq!(panels(&alone(&loaded.report))[..11], panels(&alone(&single))[..11]);
}
