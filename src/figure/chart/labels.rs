//! Where labels of dots find room: greedily, nearest place first.

use crate::figure::surface::Rect;
use crate::figure::text::{self, SMALL};

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
/// Distances from the dot's edge that are tried. From the third on a leader is drawn.
const DISTANCES: [f64; 7] = [4.2, 6.0, 13.0, 22.0, 32.0, 44.0, 58.0];
/// Space kept free beside and above a label.
const CLEAR: (f64, f64) = (4.0, 1.0);

/// What is taken already, and the bounds.
pub(super) struct Placer {
    pub(super) taken: Vec<Rect>,
    pub(super) bounds: Rect,
}

/// Where a label went.
pub(super) struct Placed<'t> {
    pub(super) text: &'t str,
    pub(super) room: Rect,
    /// From the dot's edge to the label, where it is not next to the dot.
    pub(super) leader: Option<[(f64, f64); 2]>,
}

/// A dot that wants a label.
pub(super) struct Wish<'t> {
    pub(super) at: (f64, f64),
    pub(super) r: f64,
    /// Texts from best to shortest.
    pub(super) texts: &'t [String],
    /// The side it would rather be on.
    pub(super) towards: (f64, f64),
    /// Farthest distance tried, as an index of the distances.
    pub(super) reach: usize,
}

impl Placer {
    /// Finds room for a label and takes it; `None` where there is none.
    pub(super) fn place<'t>(&mut self, wish: &Wish<'t>) -> Option<Placed<'t>> {
        let mut directions = DIRECTIONS;
        let (tx, ty) = wish.towards;
        let along = |d: &(f64, f64)| d.0 * tx + d.1 * ty;
        // A stable sort: without a wish the order above stands.
        directions.sort_by(|a, b| along(b).total_cmp(&along(a)));
        for text in wish.texts {
            for (i, distance) in DISTANCES.iter().enumerate().take(wish.reach.max(1)) {
                for direction in directions {
                    let room = room(wish, text, direction, wish.r + distance);
                    if self.is_free(&room) {
                        self.taken.push(room);
                        let leader = (i >= 2).then(|| leader(wish, direction, *distance));
                        return Some(Placed { text, room, leader });
                    }
                }
            }
        }
        None
    }

    fn is_free(&self, room: &Rect) -> bool {
        let wide = Rect::around(
            room.x + room.w / 2.0,
            room.y + room.h / 2.0,
            room.w + 2.0 * CLEAR.0,
            room.h + 2.0 * CLEAR.1,
        );
        self.bounds.holds(room) && !self.taken.iter().any(|t| t.meets(&wide))
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
