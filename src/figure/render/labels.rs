//! Where labels of dots find room: greedily, nearest place first.

use crate::surface::Rect;
use crate::text::{self, SMALL};
use numbers::order;

/// The sixteen directions that are tried, as unit vectors; y runs down.
const DIRECTIONS: [(f64, f64); 16] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (0.707, -0.707),
    (0.707, 0.707),
    (-0.707, -0.707),
    (-0.707, 0.707),
    (0.924, -0.383),
    (0.924, 0.383),
    (-0.924, -0.383),
    (-0.924, 0.383),
    (0.383, -0.924),
    (0.383, 0.924),
    (-0.383, -0.924),
    (-0.383, 0.924),
];
/// Distances from the dot's edge that are tried. From [`LEADER`] on a leader is drawn.
const DISTANCES: [f64; 7] = [4.2, 6.0, 13.0, 22.0, 32.0, 44.0, 58.0];
/// The first distance with a leader.
const LEADER: usize = 2;
/// Space kept free beside and above a label.
const CLEAR: (f64, f64) = (4.0, 1.0);

/// What is taken already, and the bounds.
pub struct Placer {
    taken: Taken,
    bounds: Rect,
}

/// Areas, found by where they are: a long line takes tens of thousands, and a label asks for some thousand places.
struct Taken {
    from: (f64, f64),
    columns: usize,
    /// Row by row, what reaches into each cell; what lies outside of all is in those at the edge.
    cells: Vec<Vec<Rect>>,
}

/// The side of a cell: a label reaches into a few.
const CELL: f64 = 24.0;

impl Taken {
    fn new(bounds: &Rect) -> Taken {
        let count = |length: f64| (length / CELL).ceil().clamp(1.0, 256.0) as usize;
        let (columns, rows) = (count(bounds.w), count(bounds.h));
        Taken { from: (bounds.x, bounds.y), columns, cells: vec![Vec::new(); columns * rows] }
    }

    /// The cells that an area reaches into.
    fn of(&self, area: &Rect) -> impl Iterator<Item = usize> + use<> {
        let (columns, rows) = (self.columns, self.cells.len() / self.columns);
        let cell =
            |at: f64, from: f64, count: usize| (((at - from) / CELL) as usize).min(count - 1);
        let across = cell(area.x, self.from.0, columns)..=cell(area.right(), self.from.0, columns);
        let down = cell(area.y, self.from.1, rows)..=cell(area.bottom(), self.from.1, rows);
        down.flat_map(move |row| across.clone().map(move |column| row * columns + column))
    }

    fn push(&mut self, area: Rect) {
        for cell in self.of(&area) {
            self.cells[cell].push(area);
        }
    }

    fn meets(&self, area: &Rect) -> bool {
        self.of(area).any(|cell| self.cells[cell].iter().any(|taken| taken.meets(area)))
    }
}

/// Where a label went.
pub struct Placed<'t> {
    pub text: &'t str,
    pub room: Rect,
    /// From the dot's edge to the label, where it is not next to the dot.
    pub leader: Option<[(f64, f64); 2]>,
}

/// A dot that wants a label.
pub struct Wish<'t> {
    pub at: (f64, f64),
    pub r: f64,
    /// Texts from best to shortest.
    pub texts: &'t [String],
    /// The side it would rather be on.
    pub towards: (f64, f64),
    /// What matters most.
    pub order: Order,
}

/// What a label gives up last.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Its best text, even far away.
    BestText,
    /// Being near, even with a shorter text.
    Nearest,
    /// Its side of the dot, even with a shorter text; it never moves away.
    Adjacent,
}

impl Placer {
    /// Nothing is taken yet.
    pub fn new(bounds: Rect) -> Placer {
        Placer { taken: Taken::new(&bounds), bounds }
    }

    /// Keeps labels off an area.
    pub fn take(&mut self, area: Rect) {
        self.taken.push(area);
    }

    /// Finds room for a label and takes it; `None` where there is none.
    pub fn place<'t>(&mut self, wish: &Wish<'t>) -> Option<Placed<'t>> {
        let (tx, ty) = wish.towards;
        let along = |d: &(f64, f64)| d.0 * tx + d.1 * ty;
        // Without a wish the order above stands.
        let directions = order::falling(&DIRECTIONS, along);
        let (n, m) = (wish.texts.len(), directions.len());
        // Every combination once, the best first; what is best depends on the wish.
        let choice = |i: usize| match wish.order {
            Order::BestText => (i / (m * DISTANCES.len()), i / m % DISTANCES.len(), i % m),
            Order::Nearest => (i / m % n, i / (m * n), i % m),
            Order::Adjacent => (i % n, i / (n * m), i / n % m),
        };
        let far = if wish.order == Order::Adjacent { LEADER } else { DISTANCES.len() };
        (0..n * m * DISTANCES.len()).map(choice).filter(|c| c.1 < far).find_map(|(t, d, k)| {
            let (text, direction, distance) = (&wish.texts[t], directions[k], DISTANCES[d]);
            let room = room(wish, text, direction, wish.r + distance);
            self.is_free(&room).then(|| {
                self.taken.push(room);
                let leader = (d >= LEADER).then(|| leader(wish, direction, distance));
                Placed { text, room, leader }
            })
        })
    }

    fn is_free(&self, room: &Rect) -> bool {
        let wide = Rect::around(
            room.x + room.w / 2.0,
            room.y + room.h / 2.0,
            room.w + 2.0 * CLEAR.0,
            room.h + 2.0 * CLEAR.1,
        );
        self.bounds.holds(room) && !self.taken.meets(&wide)
    }
}

/// The room of a text whose box touches the circle of radius `d` from outside.
fn room(wish: &Wish<'_>, text: &str, (dx, dy): (f64, f64), d: f64) -> Rect {
    let (w, h) = (text::width(text, SMALL, false), SMALL * 1.15);
    // The nearest corner or edge of the box touches the circle.
    let side = |v: f64| (v * 1.415).clamp(-1.0, 1.0) / 2.0;
    let (x, y) = (wish.at.0 + dx * d + side(dx) * w, wish.at.1 + dy * d + side(dy) * h);
    Rect::around(x, y, w, h)
}

fn leader(wish: &Wish<'_>, (dx, dy): (f64, f64), distance: f64) -> [(f64, f64); 2] {
    let at = |d: f64| (wish.at.0 + dx * d, wish.at.1 + dy * d);
    [at(wish.r + 1.0), at(wish.r + distance - 1.5)]
}
