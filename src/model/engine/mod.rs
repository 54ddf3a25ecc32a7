//! The fast path: the plain forward's answers, many additions at a time.
//!
//! Everything before the FFN comes from small tables, made once per model in
//! f64; the rest runs in f32 with one SIMD lane per example. Each predicted token comes
//! with a bound on its own rounding errors (`bound.rs`); where the two best logits are
//! closer than that, the plain forward decides in f64. So the answer is always the plain
//! forward's.
//!
//! ```text
//! Places (queries, keys, values) → Linear | General → slots ─┐
//! Block (digits, one lane per example) ──────────────────────┴→ Kernel → tokens, leads
//! ```

mod block;
mod bound;
mod each;
mod gelu;
mod general;
mod kernel;
mod linear;
mod mean;
pub mod places;
mod refine;

pub use block::{Block, Blocks, Digits, Drawn, Examples, LANES, Lanes, ZERO, flat, splat};
pub use each::each;

use super::config::QkInput;
use super::{Forward, Model, Trace};
use bound::{Errors, F32, Sizes};
use general::General;
use kernel::{Kernel, Matrices, Outcome};
use linear::Linear;
use places::{EQUALS_CLASS, Places, Z10_CLASS};
use refine::{Lane, Memory};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use task::addition::{ANSWER_DIGITS, DIGITS, EQUALS, SEQUENCE, Y0, Z0, number, tokens as example};
use task::sampling::Pair;

/// Rows that predict Z0…Z10 and EOS.
pub const ANSWER_ROWS: usize = ANSWER_DIGITS + 1;

/// Attention weights below this are 0. Without it, products become subnormal numbers,
/// which take twice the time.
pub const FLUSH: f64 = 1e-20;

/// A column with less than this share of a row's attention is left out: all 32 tokens of
/// a row together stay under a tenth of an f32 rounding (6e-8).
pub const NEGLIGIBLE: f64 = 1e-10;

/// Two digits' embeddings whose squared lengths differ by less than this share are equally
/// long: a few f64 roundings of `A²·(cos² + sin²)`.
pub const SAME_LENGTH: f64 = 1e-14;

/// How a model's attention is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// One fixed matrix: queries and keys do not depend on the token.
    Linear,
    /// Tables by (token, place).
    General,
}

enum Attention {
    Linear(Linear),
    General(General),
}

/// What answer rows feed on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    /// The true digits (teacher forcing).
    Truth,
    /// The model's own predictions (greedy decoding).
    Predictions,
}

/// The tables of one model.
pub struct Engine<'a> {
    model: &'a Model,
    places: Places,
    attention: Attention,
    kernel: Box<dyn Kernel>,
    matrices: Matrices,
    slot_errors: SlotErrors,
    /// Errors of f64, once a row is in doubt.
    exact: OnceLock<Errors>,
    /// Coordinates of each digit's embedding, and of EQUALS.
    embedding: Vec<[f32; 16]>,
    equals: Vec<f32>,
    plain: OnceLock<Forward<'a>>,
    refined: AtomicU64,
    plainly: AtomicU64,
}

/// How many tokens f32 left in doubt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doubts {
    /// Those that f64 decided, from the same tables.
    pub refined: u64,
    /// Those where two logits are so close that the plain forward's own roundings decide.
    pub plain: u64,
}

/// Errors of what attention writes in each answer row, over its largest possible size, in
/// the arithmetic of the tables and in that of [`Engine::refine`].
struct SlotErrors {
    f32: [f64; ANSWER_ROWS],
    f64: [f64; ANSWER_ROWS],
}

/// Memory for one block, used again for the next.
struct Scratch {
    sums: Vec<Lanes>,
    slots: Vec<Lanes>,
    embed: Vec<Lanes>,
    fed: [Digits; ANSWER_DIGITS],
    outcome: Outcome,
    memory: Memory,
}

/// `value` for f32 tables, flushed to 0 where products with it could become subnormal.
pub fn small(value: f64) -> f32 {
    if value.abs() < FLUSH { 0.0 } else { value as f32 }
}

/// `into[i] = table[digits[i]]`.
#[inline(always)]
pub fn gather(table: &[f32; 16], digits: &Digits, into: &mut Lanes) {
    for (v, d) in flat(into).iter_mut().zip(digits) {
        *v = table[usize::from(d & 15)];
    }
}

/// Class of the token that answer row `r` (0…11) reads.
pub fn query_class(r: usize) -> usize {
    match r {
        0 => EQUALS_CLASS,
        ANSWER_DIGITS => Z10_CLASS,
        _ => r - 1,
    }
}

/// How many tokens of `class` answer row `r` sees.
pub fn seen(class: usize, r: usize) -> usize {
    match class {
        0..DIGITS => 2 + usize::from(class < r),
        Z10_CLASS => usize::from(r == ANSWER_DIGITS),
        _ => 1,
    }
}

/// Whether queries and keys are the same for all digits: they read positions only, and the
/// norm before them divides by the same number (steps 3 and 4).
fn attention_is_fixed(model: &Model) -> bool {
    let length = |t: usize| {
        let row = model.weights().tokens.row(t);
        row.dot(&row)
    };
    let first = length(0);
    model.config().qk_input == QkInput::Position
        && (1..DIGITS).all(|t| (length(t) - first).abs() <= SAME_LENGTH * first)
}

impl<'a> Engine<'a> {
    /// Computes the tables of `model`, on the linear path where its weights allow it.
    pub fn new(model: &'a Model) -> Engine<'a> {
        Engine::linear(model).unwrap_or_else(|| Engine::general(model))
    }

    /// The same on a given path; `None` where the weights do not allow it.
    pub fn on(path: Path, model: &'a Model) -> Option<Engine<'a>> {
        match path {
            Path::Linear => Engine::linear(model),
            Path::General => Some(Engine::general(model)),
        }
    }

    fn linear(model: &'a Model) -> Option<Engine<'a>> {
        let places = attention_is_fixed(model).then(|| Places::new(model, false))?;
        let (linear, errors) = Linear::new(&places)?;
        Some(Engine::build(model, places, Attention::Linear(linear), errors))
    }

    fn general(model: &'a Model) -> Engine<'a> {
        let places = Places::new(model, true);
        let (general, errors) = General::new(&places);
        Engine::build(model, places, Attention::General(general), errors)
    }

    fn build(
        model: &'a Model,
        places: Places,
        attention: Attention,
        slot_errors: SlotErrors,
    ) -> Engine<'a> {
        let w = model.weights();
        let coordinate = |t: usize, d: usize| small(w.tokens[[t, d]]);
        let tok_dim = model.config().tok_dim;
        let mut embedding = vec![[0.0; 16]; tok_dim];
        for (d, table) in embedding.iter_mut().enumerate() {
            table.iter_mut().take(DIGITS).enumerate().for_each(|(t, v)| *v = coordinate(t, d));
        }
        let equals = usize::from(model.config().vocabulary.equals);
        let matrices = Matrices::new(model, &places.channels.write);
        let errors = Sizes::folded(&matrices, &places).errors(&F32, &slot_errors.f32);
        Engine {
            model,
            attention,
            kernel: kernel::of(&matrices, bound::leads(&matrices, &errors)),
            matrices,
            slot_errors,
            exact: OnceLock::new(),
            places,
            embedding,
            equals: (0..tok_dim).map(|d| coordinate(equals, d)).collect(),
            plain: OnceLock::new(),
            refined: AtomicU64::new(0),
            plainly: AtomicU64::new(0),
        }
    }

    /// The path that the tables are for.
    pub fn path(&self) -> Path {
        match self.attention {
            Attention::Linear(_) => Path::Linear,
            Attention::General(_) => Path::General,
        }
    }

    /// The model.
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// The plain forward pass, which decides near ties. Its tables are made at first use.
    pub fn plain(&self) -> &Forward<'a> {
        self.plain.get_or_init(|| Forward::new(self.model))
    }

    /// The tokens in doubt of all that was asked so far.
    pub fn doubts(&self) -> Doubts {
        let (refined, plain) = (&self.refined, &self.plainly);
        Doubts { refined: refined.load(Ordering::Relaxed), plain: plain.load(Ordering::Relaxed) }
    }

    /// Every intermediate of one teacher-forced pass, by the plain forward.
    pub fn trace(&self, tokens: &[u8; SEQUENCE]) -> Trace {
        self.plain().trace(tokens)
    }

    /// The answer to `a + b`, decoded greedily.
    pub fn decode(&self, a: u64, b: u64) -> u64 {
        let mut decoded = 0;
        self.each_block(Drawn::new([(a, b)]), Feed::Predictions, |_, predicted| {
            decoded = answer(predicted, 0);
        });
        decoded
    }

    /// Hands each block and its predicted tokens to `visit`. With [`Feed::Truth`] these are
    /// the eleven answer digits and EOS; with [`Feed::Predictions`] the digits, and tokens after
    /// one that is no digit mean nothing.
    pub fn each_block(
        &self,
        mut blocks: impl Blocks,
        feed: Feed,
        mut visit: impl FnMut(&Block, &[Digits; ANSWER_ROWS]),
    ) {
        let (mut scratch, mut predicted) = (self.scratch(), [[0; LANES]; ANSWER_ROWS]);
        while let Some(block) = blocks.next() {
            self.predict(block, feed, &mut scratch, &mut predicted);
            visit(block, &predicted);
        }
    }

    /// Hands each addition and its predicted tokens of rows 21 (EQUALS) to 32 (Z10) under
    /// teacher forcing to `visit`: eleven answer digits and EOS.
    pub fn each_prediction(
        &self,
        pairs: impl IntoIterator<Item = Pair>,
        mut visit: impl FnMut(Pair, [u8; ANSWER_ROWS]),
    ) {
        self.each_block(Drawn::new(pairs), Feed::Truth, |block, predicted| {
            for (i, pair) in block.pairs[..block.len].iter().enumerate() {
                visit(*pair, predicted.map(|row| row[i]));
            }
        });
    }

    /// Memory for this model's blocks.
    fn scratch(&self) -> Scratch {
        let sums = match &self.attention {
            Attention::Linear(linear) => linear.scratch(),
            Attention::General(_) => 0,
        };
        Scratch {
            sums: vec![ZERO; sums],
            slots: vec![ZERO; self.places.channels.slots],
            embed: vec![ZERO; self.embedding.len()],
            fed: [[0; LANES]; ANSWER_DIGITS],
            outcome: Outcome::new(),
            memory: Memory::default(),
        }
    }

    fn start(&self, block: &Block, scratch: &mut Scratch) {
        if let Attention::Linear(linear) = &self.attention {
            linear.start(block, &mut scratch.sums);
        }
    }

    /// Answer row `r` of all lanes, given the fed digits before it.
    fn row(&self, r: usize, block: &Block, scratch: &mut Scratch) {
        let Scratch { sums, slots, embed, fed, outcome, .. } = scratch;
        if r == 0 {
            embed.iter_mut().zip(&self.equals).for_each(|(e, v)| e.fill(splat(*v)));
        } else {
            for (e, table) in embed.iter_mut().zip(&self.embedding) {
                gather(table, &fed[r - 1], e);
            }
        }
        match &self.attention {
            Attention::Linear(linear) => linear.row(r, &fed[r.max(1) - 1], sums, slots),
            Attention::General(general) => general.row(r, block, fed, slots),
        }
        self.kernel.row(r, embed, slots, outcome);
    }

    /// Predicted tokens of the rows that [`Engine::each_block`] tells of.
    fn predict(
        &self,
        block: &Block,
        feed: Feed,
        scratch: &mut Scratch,
        predicted: &mut [Digits; ANSWER_ROWS],
    ) {
        let rows = match feed {
            Feed::Truth => ANSWER_ROWS,
            Feed::Predictions => ANSWER_DIGITS,
        };
        self.start(block, scratch);
        for (r, predicted) in predicted.iter_mut().enumerate().take(rows) {
            self.row(r, block, scratch);
            *predicted = scratch.outcome.tokens();
            if scratch.outcome.any_doubt() {
                for (i, token) in predicted.iter_mut().enumerate().take(block.len) {
                    if scratch.outcome.in_doubt(i) {
                        let lane = Lane { block, fed: &scratch.fed, r, i };
                        *token = self.decide(&lane, &mut scratch.memory);
                    }
                }
            }
            if r < ANSWER_DIGITS {
                scratch.fed[r] = match feed {
                    Feed::Truth => block.z[r],
                    // Decoding ends at a token that is no digit, so any digit will do.
                    Feed::Predictions => predicted.map(|t| if t < 10 { t } else { 0 }),
                };
            }
        }
    }

    /// What a lane predicts, where f32 leaves it in doubt.
    fn decide(&self, lane: &Lane, memory: &mut Memory) -> u8 {
        if let Some(token) = self.refine(lane, memory) {
            self.refined.fetch_add(1, Ordering::Relaxed);
            return token;
        }
        self.plainly.fetch_add(1, Ordering::Relaxed);
        let Lane { block, fed, r, i } = *lane;
        let mut tokens = example(0, 0, self.model.config().vocabulary);
        for k in 0..DIGITS {
            tokens[k] = block.x[k][i];
            tokens[Y0 + k] = block.y[k][i];
        }
        for k in 0..r {
            tokens[Z0 + k] = fed[k][i];
        }
        self.plain().next(&tokens, EQUALS + r)
    }
}

/// The number that lane `i` of greedy predictions spells.
pub(crate) fn answer(predicted: &[Digits; ANSWER_ROWS], i: usize) -> u64 {
    let digits: [u8; ANSWER_DIGITS] = std::array::from_fn(|k| predicted[k][i]);
    number(&digits)
}
