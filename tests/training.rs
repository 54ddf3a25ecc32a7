//! Training runs: reproducible, resumable, and stopped where they diverge.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use adderscope::formats::{self, History, LogEntry};
use adderscope::train::{Architecture, Error, RunFile, Settings, Trainer, Until};

/// A short run that passes through every stage and schedule.
fn settings(arch: &str) -> Settings {
    Settings {
        arch: Architecture::named(arch),
        steps: 60,
        batch: 16,
        warmup: 10,
        adaptive_decay: true,
        curriculum: adderscope::train::Curriculum::parse("1-3:20,1-6:40,1-10").unwrap(),
        fade_from: 20,
        fade_to: 50,
        eval_every: 16,
        eval_examples: 200,
        ..Settings::default()
    }
}

/// Goes on to the end, `stretch` steps at a time.
fn finish(trainer: &mut Trainer, stretch: u64) {
    while !trainer.run(stretch).unwrap().finished {}
}

fn finished(settings: Settings, stretch: u64) -> Trainer {
    let mut trainer = Trainer::new(settings).unwrap();
    finish(&mut trainer, stretch);
    trainer
}

fn bits(trainer: &Trainer) -> Vec<u32> {
    trainer.model().params().iter().flat_map(|p| p.values.iter().map(|v| v.to_bits())).collect()
}

#[test]
fn the_same_settings_give_the_same_bits() {
    for arch in Architecture::names() {
        let (one, other) = (finished(settings(arch), 1000), finished(settings(arch), 7));
        assert_eq!(bits(&one), bits(&other), "{arch}");
        assert!(one.save().unwrap() == other.save().unwrap(), "{arch}");
        let seed = finished(Settings { seed: 43, ..settings(arch) }, 1000);
        assert_ne!(bits(&one), bits(&seed), "{arch}");
    }
}

#[test]
fn a_run_that_was_given_more_steps_is_one_that_was_begun_with_them() {
    let mut given = finished(settings("67p"), 1000);
    given.extend(25).unwrap();
    assert!(!given.progress().finished && given.progress().steps == 85);
    let mut given = Trainer::restore(&given.save().unwrap()).unwrap();
    finish(&mut given, 10);
    let begun = finished(Settings { extra_steps: 25, ..settings("67p") }, 1000);
    assert_eq!(begun.progress().step, 85);
    assert!(given.save().unwrap() == begun.save().unwrap());
    let error = given.prolong(24, Until::Steps).unwrap_err();
    assert!(error.to_string().contains("at least 25: the run is at step 85"), "{error}");
    assert!(given.prolong(u64::MAX, Until::Steps).is_err());
}

#[test]
fn a_run_restored_in_the_middle_ends_the_same() {
    let whole = finished(settings("62p"), 1000);
    let mut half = Trainer::new(settings("62p")).unwrap();
    for _ in 0..3 {
        half.run(9).unwrap();
    }
    let saved = half.save().unwrap();
    let mut half = Trainer::restore(&saved).unwrap();
    assert!(half.save().unwrap() == saved);
    assert_eq!(half.progress().step, 25);
    finish(&mut half, 1000);
    assert_eq!(half.history(), whole.history());
    assert!(half.save().unwrap() == whole.save().unwrap());
}

#[test]
fn a_run_learns_and_keeps_its_history() {
    let settings = Settings {
        steps: 300,
        batch: 64,
        carry_mix: 0.0,
        curriculum: adderscope::train::Curriculum::parse("1-2").unwrap(),
        eval_every: 100,
        ..settings("67p")
    };
    let trainer = finished(settings, 1000);
    let log = trainer.history().log();
    assert_eq!(log.iter().map(|e| e.step).collect::<Vec<_>>(), [0, 100, 200, 300]);
    let losses: Vec<f64> = log.iter().filter_map(|e| e.loss).collect();
    assert!(losses[2] < 0.8 * losses[0], "{losses:?}");
    let last = trainer.checkpoint().unwrap();
    assert_eq!(last.about.step, Some(300));
    assert_eq!(last.model.params(), trainer.model().params());
    let stored = trainer.history().checkpoint(3).unwrap().unwrap();
    assert_eq!(stored.model.params(), trainer.model().params());
    assert_eq!(stored.about, last.about);
    // What is written opens again as the same model.
    let opened = formats::open(&trainer.file(RunFile::Last).unwrap()).unwrap();
    assert_eq!(opened.model.params(), trainer.model().params());
    assert_eq!(opened.model.config(), trainer.model().config());
    assert!(opened.about.notes.is_empty(), "{:?}", opened.about.notes);
}

#[test]
fn the_log_tells_the_schedules() {
    let trainer = finished(settings("57p"), 1000);
    let log = trainer.history().log();
    assert_eq!(log.iter().map(|e| e.step).collect::<Vec<_>>(), [0, 16, 32, 48, 60]);
    let numbers = |pick: fn(&LogEntry) -> f64| log.iter().map(pick).collect::<Vec<_>>();
    assert_eq!(numbers(|e| e.max_digits.unwrap() as f64), [3.0, 3.0, 6.0, 10.0, 10.0]);
    let mix = numbers(|e| e.carry_mix.unwrap());
    assert!(mix[1] == 0.8 && (mix[2] - 0.8 * 19.0 / 30.0).abs() < 1e-12 && mix[4] == 0.0);
    assert_eq!(log[0].loss, None);
    assert!(log.iter().all(|e| e.wall_time.is_none()));
}

#[test]
fn a_run_that_diverges_says_where_and_keeps_its_last_snapshot() {
    let settings = Settings { lr: 10.0, clip: 0.0, warmup: 0, epsilon: 1e-30, ..settings("62p") };
    // A rate that is too high alone is survived; weights that overflow are not.
    let settings = Settings { weight_decay: 10.0, ..settings };
    let mut trainer = Trainer::new(settings).unwrap();
    let error = loop {
        match trainer.run(1000) {
            Ok(progress) => assert!(!progress.finished, "the run survived"),
            Err(error) => break error,
        }
    };
    let kept = trainer.history().log().last().unwrap().step;
    let Error::Diverged { step, what, kept: said } = &error else { panic!("{error}") };
    assert!(*step > kept && *said == kept && kept == 16 * (step - 1).div_euclid(16), "{error}");
    assert_eq!(
        error.to_string(),
        format!(
            "training diverged at step {step}: {what}. The model of step {kept} is kept; try a \
             smaller lr or another seed"
        )
    );
    let last = trainer.history().checkpoint(trainer.history().len() - 1).unwrap().unwrap();
    assert_eq!(trainer.model().params(), last.model.params());
    assert_eq!(trainer.run(1), Err(error.clone()));
    // Saved and restored it fails in the same way.
    let mut again = Trainer::restore(&trainer.save().unwrap()).unwrap();
    assert_eq!(again.progress().step, kept);
    assert_eq!(again.run(1000), Err(error));
    History::read(&trainer.history().to_bytes().unwrap()).unwrap();
}

#[test]
fn the_clock_fills_in_the_wall_time_and_goes_on_after_a_restore() {
    let mut trainer = Trainer::new(settings("57p")).unwrap();
    trainer.set_clock(|| 100.0);
    trainer.run(16).unwrap();
    assert_eq!(trainer.history().log()[1].wall_time, Some(0.0));
    let now = std::rc::Rc::new(std::cell::Cell::new(5.0));
    let clock = now.clone();
    trainer.set_clock(move || clock.get());
    now.set(7.5);
    trainer.run(16).unwrap();
    let mut trainer = Trainer::restore(&trainer.save().unwrap()).unwrap();
    trainer.set_clock(|| 0.0);
    trainer.run(16).unwrap();
    let times: Vec<_> = trainer.history().log().iter().map(|e| e.wall_time).collect();
    assert_eq!(times, [None, Some(0.0), Some(2.5), Some(2.5)]);
}
