//! What goes from the part of the page that reads files to the part that shows them is checked when it
//! arrives, whatever its checksum.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/runs.rs"]
mod runs;

use adderscope::formats::{File, read_files};
use adderscope::model::config::{Correction, Norm, OutProj};
use adderscope::model::file::size::{MAX_FILE_NAME_BYTES, MAX_SNAPSHOTS};
use adderscope::model::file::{
    About, Aside, Evaluation, Input, InputError, Log, ModelFile, Series, Snapshots, sent_model,
};
use adderscope::model::{Config, Forward};
use adderscope::session::Loaded;
use crc::{CRC_32_ISO_HDLC, Crc};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// An input with everything in it open.
#[derive(Clone, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
enum Sent {
    Model(Held),
    Log(Log),
}

#[derive(Clone, Serialize, Deserialize)]
struct Held {
    config: Config,
    series: Series,
    run: Option<Snapshots>,
    name: String,
    about: About,
    log: Option<Log>,
    aside: Vec<Aside>,
}

const CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// A run of 57p with five snapshots, and a log beside it.
static INPUT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let history = runs::short("57p").history().to_bytes().unwrap();
    let log = b"{\"step\": 1, \"val_exact\": 0.5}\n{\"step\": 2}\n".to_vec();
    let file = |name: &str, bytes| File { name: name.into(), bytes };
    let files = vec![file("run.safetensors", history), file("log.jsonl", log)];
    read_files(files).unwrap().to_bytes().unwrap()
});

/// The same with the opening snapshot's numbers alone.
static OPENING: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let file = model_file(&INPUT).opening_alone();
    Input::Model(file).to_bytes().unwrap()
});

fn model_file(bytes: &[u8]) -> ModelFile {
    let Input::Model(file) = Input::from_bytes(bytes).unwrap() else { panic!("a model") };
    file
}

fn held() -> Held {
    held_of(&INPUT)
}

fn held_of(bytes: &[u8]) -> Held {
    let Sent::Model(held) = postcard::from_bytes_crc32(bytes, CHECKSUM.digest()).unwrap() else {
        panic!("a run is a model")
    };
    held
}

/// What arrives of `sent`, under a right checksum.
fn arrived(sent: &Sent) -> Result<Input, InputError> {
    Input::from_bytes(&postcard::to_allocvec_crc32(sent, CHECKSUM.digest()).unwrap())
}

/// Why a run is refused after `change`.
fn refused(change: impl FnOnce(&mut Held)) -> InputError {
    let mut held = held();
    change(&mut held);
    arrived(&Sent::Model(held)).unwrap_err()
}

/// `payload` with the checksum that it should have.
fn under_checksum(payload: &[u8]) -> Vec<u8> {
    [payload, &CHECKSUM.checksum(payload).to_le_bytes()].concat()
}

/// Opens and uses everything that arrived: of a run all snapshots, or the opening one where the others are not here yet.
fn use_all(input: Input) {
    let here = match &input {
        Input::Model(file) if !file.completes(file) => Some(file.foremost()),
        _ => None,
    };
    let Ok(mut loaded) = Loaded::open(input) else { return };
    loaded.extremes();
    for index in 0..loaded.run.as_ref().map_or(0, |run| run.log().len()) {
        let is_here = here.is_none_or(|here| here == index);
        assert_eq!(loaded.show_snapshot(index).is_ok(), is_here, "{index}, {here:?}");
    }
    loaded.report.to_bytes().unwrap();
    loaded.weights();
    loaded.summary();
    loaded.score();
}

#[test]
fn an_input_arrives_as_it_was_sent() {
    assert_eq!(arrived(&Sent::Model(held())).unwrap(), Input::from_bytes(&INPUT).unwrap());
    use_all(Input::from_bytes(&INPUT).unwrap());
    assert!(
        arrived(&Sent::Model(held_of(&OPENING))).unwrap() == Input::from_bytes(&OPENING).unwrap()
    );
    use_all(Input::from_bytes(&OPENING).unwrap());
}

/// Parts that show no more of it read the numbers alone.
#[test]
fn the_numbers_alone_are_those_of_all_of_it() {
    let file = model_file(&INPUT);
    let opening = file.opening().model;
    assert_eq!(sent_model(&INPUT, None).unwrap().params(), opening.params());
    for index in 0..file.count() {
        let model = sent_model(&INPUT, Some(index)).unwrap();
        let wanted = file.model(index).unwrap().model;
        assert_eq!((model.config(), model.params()), (wanted.config(), wanted.params()));
    }
    for none in [file.count(), usize::MAX] {
        assert!(sent_model(&INPUT, Some(none)).is_none());
    }
    let log = Log { file: "log.jsonl".into(), ..held().log.unwrap() };
    let log = Input::Log(log).to_bytes().unwrap();
    assert!(Input::from_bytes(&log).is_ok() && sent_model(&log, None).is_none());
    for length in 0..100 {
        assert!(sent_model(&INPUT[..length], None).is_none());
    }
}

/// Where the numbers of other snapshots are not here yet, both have the opening one and no other, wherever it is.
#[test]
fn of_an_opening_alone_there_is_one_model() {
    for foremost in [0, 3, 4] {
        let mut held = held_of(&OPENING);
        held.run.as_mut().unwrap().foremost = foremost;
        let bytes = postcard::to_allocvec_crc32(&Sent::Model(held), CHECKSUM.digest()).unwrap();
        let file = model_file(&bytes);
        assert_eq!((file.count(), file.models().count(), file.completes(&file)), (5, 1, false));
        let opening = file.opening().model;
        assert_eq!(opening.params(), model_file(&INPUT).opening().model.params());
        assert_eq!(sent_model(&bytes, None).unwrap().params(), opening.params());
        for index in (0..6).chain([usize::MAX]) {
            let (one, other) = (file.model(index), sent_model(&bytes, Some(index)));
            assert_eq!((one.is_some(), other.is_some()), (index == foremost, index == foremost));
            assert!(other.is_none_or(|model| model.params() == opening.params()), "{index}");
        }
        use_all(Input::Model(file));
    }
}

#[test]
fn numbers_are_refused_of_neither_all_snapshots_nor_one() {
    for count in [0, 2, 4, 6, usize::MAX] {
        let mut held = held();
        held.series.count = count;
        let numbers = held.series.tensors.clone();
        let wrong = arrived(&Sent::Model(held.clone())).unwrap_err();
        assert!(matches!(wrong, InputError::Bytes(_)), "{count}: {wrong:?}");
        // Whatever numbers there are with it.
        for (tensor, all) in held.series.tensors.iter_mut().zip(numbers) {
            *tensor = all.iter().copied().cycle().take(all.len() / 5 * count.min(9)).collect();
        }
        let wrong = arrived(&Sent::Model(held)).unwrap_err();
        assert!(matches!(wrong, InputError::Bytes(_)), "{count}: {wrong:?}");
    }
    let all = refused(|held| held.series.count = 1);
    assert_eq!(all, InputError::Numbers { name: "tok_arc_A", found: 5, wanted: 1 });
    let mut one = held_of(&OPENING);
    one.series.count = 5;
    let one = arrived(&Sent::Model(one)).unwrap_err();
    assert_eq!(one, InputError::Numbers { name: "tok_arc_A", found: 1, wanted: 5 });
}

/// The numbers of the rest are taken of nothing that differs in its architecture or its run, even where the opening's are
/// the same.
#[test]
fn a_run_is_completed_by_the_same_architecture_and_run_alone() {
    let changes: [fn(&mut Held); 6] = [
        |held| held.name.push('2'),
        |held| held.config.frozen.push("tok_arc_A".into()),
        |held| held.run.as_mut().unwrap().log[1].val_exact = Some(0.125),
        |held| held.run.as_mut().unwrap().can_go_on ^= true,
        |held| {
            // The same numbers elsewhere.
            let run = held.run.as_mut().unwrap();
            let (from, to) = (run.foremost, (run.foremost + 1) % 5);
            run.foremost = to;
            for numbers in &mut held.series.tensors {
                let size = numbers.len() / 5;
                numbers.copy_within(from * size..(from + 1) * size, to * size);
            }
        },
        |held| *held = held_of(&OPENING),
    ];
    let part = model_file(&OPENING);
    assert!(model_file(&INPUT).completes(&part));
    for (at, change) in changes.into_iter().enumerate() {
        let mut held = held();
        change(&mut held);
        let Input::Model(other) = arrived(&Sent::Model(held)).unwrap() else { panic!("a model") };
        assert!(!other.completes(&part), "change {at}");
    }
}

/// What is wrong with numbers or configuration is found there, too.
#[test]
fn numbers_alone_are_refused_as_all_of_it_is() {
    let changes: [fn(&mut Held); 7] = [
        |held| held.config.n_heads = 0,
        |held| held.config.pos_dim = usize::MAX,
        |held| held.config.correction = Correction::Full,
        |held| drop(held.series.tensors.pop()),
        |held| held.series.tensors.push(vec![0.0]),
        |held| held.series.tensors[0].truncate(1),
        |held| held.series.tensors[0][3] = f32::NAN,
    ];
    for change in changes {
        let mut held = held();
        change(&mut held);
        held.run.as_mut().unwrap().foremost = 3;
        let bytes = postcard::to_allocvec_crc32(&Sent::Model(held), CHECKSUM.digest()).unwrap();
        assert!(Input::from_bytes(&bytes).is_err() && sent_model(&bytes, None).is_none());
    }
}

#[test]
fn a_changed_configuration_is_refused_under_a_right_checksum() {
    let words = |change: fn(&mut Config)| match refused(|held| change(&mut held.config)) {
        InputError::Config(error) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let tail = "which AdderScope does not support: it opens models with";
    for (change, value, wanted) in [
        ((|c| c.n_heads = 0) as fn(&mut Config), "n_heads = 0", "n_heads from 1 to 64"),
        (|c| c.n_heads = 64, "head_dim = 5", "head_dim from 1 to 1"),
        (|c| c.pos_dim = usize::MAX, "pos_dim = 18446744073709551615", "pos_dim from 3 to 64"),
        (|c| c.pos_dim = 2, "pos_dim = 2", "pos_dim from 3 to 64"),
        (|c| c.tok_dim = 3, "tok_dim = 3", "tok_dim = 2 where embeddings lie on an arc"),
        (|c| c.qk_dim = 0, "qk_dim = 0", "qk_dim from 1 to 64"),
        (|c| c.ffn_dim = 3, "ffn_dim = 3", "ffn_dim = tok_dim = 2 where tie_fc2_head is set"),
        (|c| c.out_proj = OutProj::LowRank(65), "attn_out_rank = 65", "attn_out_rank from 1 to 64"),
        (|c| c.vocabulary.size = 11, "vocab_size = 11", "10, 12, 14 tokens"),
        (|c| c.vocabulary.eos = 200, "vocab_size = 10", "10, 12, 14 tokens"),
        (
            |c| c.norm = Norm::SpiralBoost { amp: f64::NAN },
            "spiral_init_amp = NaN",
            "a finite spiral_init_amp",
        ),
    ] {
        assert_eq!(words(change), format!("the configuration has {value}, {tail} {wanted}"));
    }
    let frozen = refused(|held| held.config.frozen.push("q_proj.weight".into()));
    assert_eq!(frozen, InputError::Frozen { name: "q_proj.weight".into() });
    // These are supported, but the tensors are those of another one.
    let full = refused(|held| held.config.correction = Correction::Full);
    assert_eq!(full, InputError::Tensors { found: 18, wanted: 19 });
    let wide = refused(|held| held.config.qk_dim = 5);
    assert_eq!(wide, InputError::Numbers { name: "q_proj.weight", found: 60, wanted: 75 });
}

#[test]
fn tensors_are_refused_that_are_not_all_there() {
    let missing = refused(|held| drop(held.series.tensors.pop()));
    assert_eq!(missing, InputError::Tensors { found: 17, wanted: 18 });
    let more = refused(|held| held.series.tensors.push(vec![0.0]));
    assert_eq!(more, InputError::Tensors { found: 19, wanted: 18 });
    let short = refused(|held| {
        held.series.tensors[0].pop();
    });
    assert_eq!(short, InputError::Numbers { name: "tok_arc_A", found: 4, wanted: 5 });
    let infinite = refused(|held| held.series.tensors[0][3] = f32::NEG_INFINITY);
    assert_eq!(
        infinite,
        InputError::NotFinite { name: "tok_arc_A", index: 3, value: f32::NEG_INFINITY }
    );
    assert_eq!(
        infinite.to_string(),
        "the tensor tok_arc_A holds -inf at index 3, counted through all snapshots"
    );
    let large = refused(|held| held.series.tensors[1] = vec![0.0; 1 << 22]);
    assert_eq!(
        large.to_string(),
        "too large: 4194634 elements in tensors, and AdderScope reads at most 4194304; check that \
         this is the right file"
    );
}

#[test]
fn a_run_is_refused_that_is_none() {
    let run = |change: fn(&mut Snapshots)| refused(|held| change(held.run.as_mut().unwrap()));
    assert_eq!(run(|run| run.log.clear()), InputError::NoSnapshots);
    assert_eq!(run(|run| run.foremost = 5), InputError::Foremost { foremost: 5, count: 5 });
    assert_eq!(run(|run| run.log[2].step = 10), InputError::Steps { step: 10 });
    for step in [1 << 53, u64::MAX] {
        let late = refused(|held| held.run.as_mut().unwrap().log[4].step = step);
        assert_eq!(late, InputError::Step { step });
        assert_eq!(refused(|held| held.about.step = Some(step)), InputError::Step { step });
    }
    let share = run(|run| run.log[2].val_tok_acc = Some(f64::INFINITY));
    assert_eq!(
        share.to_string(),
        "val_tok_acc of step 20 is inf, not a number, or no share from 0 to 1"
    );
    let short = run(|run| {
        run.log.pop();
    });
    assert!(matches!(short, InputError::Foremost { .. } | InputError::Bytes(_)), "{short:?}");
    let single = refused(|held| held.run = None);
    assert!(matches!(single, InputError::Bytes(_)), "{single:?}");
    let long = refused(|held| {
        let run = held.run.as_mut().unwrap();
        run.log =
            (0..=MAX_SNAPSHOTS as u64).map(|step| Evaluation { step, ..run.log[0] }).collect();
    });
    assert!(long.to_string().starts_with("too large: 10001 snapshots"), "{long}");
}

#[test]
fn a_log_is_refused_that_is_none() {
    let alone = Log { file: "log.jsonl".into(), ..held().log.unwrap() };
    assert!(arrived(&Sent::Log(alone.clone())).is_ok());
    let both = |change: &dyn Fn(&mut Log)| {
        let mut log = alone.clone();
        change(&mut log);
        let beside = refused(|held| held.log = Some(log.clone()));
        assert_eq!(arrived(&Sent::Log(log)).unwrap_err(), beside);
        beside
    };
    assert_eq!(both(&|log| log.entries.clear()), InputError::EmptyLog);
    assert_eq!(both(&|log| log.entries.reverse()), InputError::Steps { step: 1 });
    for share in [-0.5, 1.5, 1e300] {
        let change = |log: &mut Log| log.entries[0].val_tok_acc = Some(share);
        assert!(matches!(both(&change), InputError::Share { .. }));
    }
    let share = both(&|log| log.entries[0].val_exact = Some(f64::NEG_INFINITY));
    assert_eq!(
        share.to_string(),
        "val_exact of step 1 is -inf, not a number, or no share from 0 to 1"
    );
    let long = both(&|log| log.file = "x".repeat(MAX_FILE_NAME_BYTES + 1));
    assert!(long.to_string().starts_with("too large: 4097 bytes in the name of a file"), "{long}");
    assert_eq!(refused(|held| held.name = "x".repeat(MAX_FILE_NAME_BYTES + 1)), long);
}

#[test]
fn nothing_may_follow_an_input() {
    let more = [&INPUT[..], b"x"].concat();
    assert_eq!(Input::from_bytes(&more), Err(InputError::MoreBytes { count: 1 }));
    for bytes in [&b""[..], b"x", &under_checksum(&[7])] {
        let error = Input::from_bytes(bytes).unwrap_err();
        assert!(matches!(error, InputError::Bytes(_)), "{error:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn changed_bytes_under_a_right_checksum_are_refused_or_can_be_used(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        // A configuration and what comes before it is a tenth of the bytes.
        early in any::<bool>(),
        part in any::<bool>(),
    ) {
        let input = if part { &OPENING } else { &INPUT };
        let mut payload = input[..input.len() - 4].to_vec();
        for (at, byte) in changes {
            let at = at.index(if early { payload.len() / 3 } else { payload.len() });
            payload[at] = byte;
        }
        let bytes = under_checksum(&payload);
        if let Some(model) = sent_model(&bytes, None) {
            Forward::new(&model).decode(1, 2);
        }
        if let Ok(input) = Input::from_bytes(&bytes) {
            use_all(input);
        }
    }

    #[test]
    fn any_bytes_under_a_right_checksum_are_refused_or_can_be_used(
        payload in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        if let Ok(input) = Input::from_bytes(&under_checksum(&payload)) {
            use_all(input);
        }
    }
}
