//! Panel 14: the ruler that one answer digit is read off.

use super::all_additions::says;
use crate::chart::{
    Aspect, Axis, Chart, Facet, Key, Landing, Layer, Needle, Stop, Stretch, Swatch, Track, Tracks,
    Unit,
};
use crate::panel::{Content, Panel, PanelSpec, Table, Written};
use crate::section::Section;
use crate::subject::Subject;
use analysis::map::{Known, Map};
use analysis::ruler::{Lane, Ruler, RulerAxis, Segment};
use numbers::listed::Listed;
use numbers::{order, words};
use task::addition::{DIGITS, EQUALS};
use task::item::{Item, Point};

pub const SPEC: PanelSpec = PanelSpec {
    key: "ruler",
    number: 14,
    title: "The ruler",
    script_title: None,
    section: Section::Exact,
    wide: true,
    named: [3, 3],
    under,
    build,
};

/// Numbers that a sentence lists; more are in the table.
const LISTED: usize = 6;

fn build(subject: &Subject) -> Panel {
    let Some(ruler) = subject.ruler else {
        return Panel::note("No ruler yet: it is of one answer digit of one addition.");
    };
    // Where the additions of another model stop is nowhere on this ruler.
    let map = subject.map.filter(|map| map.off == ruler.off);
    let stops = stops(ruler, map);
    Panel {
        aside: format!("Z{} of {}", ruler.digit, addition(ruler)),
        sentence: sentence(ruler),
        table: table(ruler, &stops),
        content: Content::Chart(chart(ruler, &stops, map.is_some())),
        ..Panel::default()
    }
}

fn under(subject: &Subject) -> String {
    let under = subject.ruler.map_or([""; 2], |ruler| [&ruler.off, &ruler.taken]);
    under.join(" ").trim().to_owned()
}

fn addition(ruler: &Ruler) -> String {
    format!("{} + {}", words::grouped(ruler.a), words::grouped(ruler.b))
}

/// What is said, in words.
fn said(token: u8) -> String {
    if usize::from(token) < DIGITS { token.to_string() } else { format!("token {token}") }
}

/// The same on the ruler itself, where there is little room.
fn short(token: u8) -> String {
    if usize::from(token) < DIGITS { said(token) } else { format!("t{token}") }
}

/// `after 6`, `after =`.
fn after(lane: &Lane) -> String {
    lane.before.map_or_else(|| "after =".into(), |before| format!("after {before}"))
}

/// Where the additions of a case stop, on the lane of this place.
#[derive(Clone, Copy)]
struct Landed<'a> {
    lane: usize,
    reach: (f64, f64),
    landing: Landing,
    known: &'a Known,
}

/// Where all additions stop, lane by lane: right ones first, so that wrong ones are drawn over them.
fn stops<'a>(ruler: &Ruler, map: Option<&'a Map>) -> Vec<Landed<'a>> {
    if ruler.along != RulerAxis::Number {
        return Vec::new();
    }
    let cases = map.map_or(&[][..], |map| &map.cases);
    let mut stops = Vec::new();
    for known in cases.iter().filter(|known| usize::from(known.digit) == ruler.digit) {
        let lane = usize::from(known.before.unwrap_or(0));
        let all = match known {
            k if k.is_right() => Some(Landing::Right),
            k if k.is_wrong() => None,
            k if k.is_decided() => Some(Landing::Right),
            _ => Some(Landing::Open),
        };
        let of = |reach: Option<(f64, f64)>, landing: Option<Landing>| {
            Some(Landed { lane, reach: reach?, landing: landing?, known })
        };
        let wrong = if known.is_wrong() { known.reach } else { known.reach_wrong };
        stops.extend(of(known.reach, all));
        stops.extend(of(wrong, Some(Landing::Wrong)));
    }
    order::by_whole(&stops, |stop| {
        2 * stop.lane as u128 + u128::from(stop.landing == Landing::Wrong)
    })
}

fn chart(ruler: &Ruler, stops: &[Landed], decided: bool) -> Chart {
    let heading = heading(ruler);
    let headed = usize::from(!heading.is_empty());
    let names = (headed > 0).then(|| "total".into()).into_iter();
    let mut y = Axis::bands(names.chain(ruler.lanes.iter().map(after))).flipped();
    y.strong = Some(ruler.pointer.lane + headed);
    y.label = match (ruler.along, ruler.digit) {
        (_, 0) => "Z0: nothing stands before it".into(),
        (RulerAxis::Number, k) => format!("Z{k}, by Z{} before it", k - 1),
        (RulerAxis::Direction, k) => format!("Z{k}, after Z{}", k - 1),
    };
    let label = match ruler.along {
        RulerAxis::Number => "s, the number that attention adds up",
        RulerAxis::Direction => "share of what attention wrote: 0 none, 1 all",
    };
    let x = Axis::numbers(label, ruler.range.0, ruler.range.1, Unit::Plain);
    let lanes = ruler.lanes.iter().enumerate().map(|(i, lane)| track(ruler, (i, lane), stops));
    let layer = Layer::Tracks(Tracks { heading, lanes: lanes.listed() });
    let facet = Facet::new(x, y).with(layer);
    Chart { legend: legend(ruler, stops, decided), ..Chart::one(Aspect::Tracks, facet) }
}

/// The columns' totals over the first lane, where it has them in order.
fn heading(ruler: &Ruler) -> Vec<(f64, String)> {
    let Some(lane) = ruler.lanes.first() else { return Vec::new() };
    let totals = lane.totals(ruler.digit).unwrap_or_default();
    let of = |(segment, total): (&Segment, &Option<u8>)| {
        Some(((segment.from + segment.to) / 2.0, (*total)?.to_string()))
    };
    lane.segments.iter().zip(&totals).filter_map(of).listed()
}

fn legend(ruler: &Ruler, stops: &[Landed], decided: bool) -> Vec<Key> {
    let has = |landing| stops.iter().any(|stop| stop.landing == landing);
    let landing = |landing, text: &str| has(landing).then(|| Key::new(Swatch::Stop(landing), text));
    let pointer = ruler.pointer;
    let needle = Key::new(Swatch::Needle(pointer.said == pointer.right), "this addition");
    let unknown = ruler.along == RulerAxis::Number && !decided;
    let unknown =
        unknown.then(|| Key::new(Swatch::None, "where all additions stop is not decided yet"));
    let tokens = || ruler.lanes.iter().flat_map(|lane| &lane.segments);
    let no_digits = tokens().any(|segment| usize::from(segment.token) >= DIGITS);
    let no_digits =
        no_digits.then(|| Key::new(Swatch::None, "t10 and more: tokens that are no digits"));
    let keys = [
        Some(needle),
        landing(Landing::Right, "all additions stop here"),
        landing(Landing::Wrong, "wrong ones"),
        landing(Landing::Open, "not decided"),
        unknown,
        no_digits,
    ];
    keys.into_iter().flatten().listed()
}

fn track(ruler: &Ruler, (index, lane): (usize, &Lane), stops: &[Landed]) -> Track {
    let own = index == ruler.pointer.lane;
    let here = lane.segment(ruler.pointer.s).filter(|_| own);
    let totals = lane.totals(ruler.digit).unwrap_or_default();
    let stretch = |(i, segment): (usize, &Segment)| {
        let total = totals.get(i).copied().flatten();
        let total = total.map_or_else(String::new, |total| format!(", column total {total}"));
        Stretch {
            x: (segment.from, segment.to),
            text: short(segment.token),
            odd: segment.token % 2 == 1,
            here: here == Some(segment),
            item: logit(ruler, segment.token),
            label: format!("{}, {} is said", after(lane), said(segment.token)),
            says: format!("{}{total}", span((segment.from, segment.to))),
        }
    };
    Track {
        own,
        hollow: false,
        stretches: lane.segments.iter().enumerate().map(stretch).listed(),
        stops: stops.iter().filter(|stop| stop.lane == index).map(stop).listed(),
        needle: own.then(|| needle(ruler)),
    }
}

/// What a segment is of: the logit that leads there.
fn logit(ruler: &Ruler, token: u8) -> Item {
    Item::Number { point: Point::Logits, row: EQUALS + ruler.digit, index: token.into() }
}

fn span((from, to): (f64, f64)) -> String {
    format!("from {} to {}", words::number(from), words::number(to))
}

fn stop(landed: &Landed) -> Stop {
    let Landed { reach, landing, known, .. } = *landed;
    let which =
        if landing == Landing::Wrong && !known.is_wrong() { "; the wrong ones" } else { ";" };
    Stop {
        x: reach,
        landing,
        item: Item::Case(known.case()),
        label: known.case().words(),
        says: format!("{}{which} stop {}", says(known), span(reach)),
    }
}

fn needle(ruler: &Ruler) -> Needle {
    let pointer = ruler.pointer;
    let first = match ruler.along {
        RulerAxis::Number => ruler.item(0),
        RulerAxis::Direction => Item::Row(EQUALS + ruler.digit),
    };
    let right = pointer.said == pointer.right;
    let judged = if right { "right".into() } else { format!("wrong, {} is right", pointer.right) };
    Needle {
        at: pointer.s,
        right,
        items: vec![first, Item::Addition(ruler.a, ruler.b)],
        label: addition(ruler),
        says: format!("{}says {}, {judged}", place(ruler), said(pointer.said)),
    }
}

/// `s = 12.31, ` where that is what the axis is of.
fn place(ruler: &Ruler) -> String {
    match ruler.along {
        RulerAxis::Number => format!("s = {}, ", words::number(ruler.pointer.s)),
        RulerAxis::Direction => String::new(),
    }
}

/// Where this addition stops, and how far from the next segment.
pub fn sentence(ruler: &Ruler) -> String {
    let (pointer, Some(lane)) = (ruler.pointer, ruler.own()) else { return String::new() };
    let before = match (lane.before, ruler.digit.checked_sub(1)) {
        (Some(before), Some(k)) => format!("After Z{k} = {before}"),
        _ => "After EQUALS".into(),
    };
    let is = if pointer.said == pointer.right {
        "which is right".into()
    } else {
        format!("but {} is right", pointer.right)
    };
    let lies = format!("lies in the segment of {}, {is}", said(pointer.said));
    match ruler.along {
        RulerAxis::Number => {
            let s = words::number(pointer.s);
            format!("{before}, s = {s} {lies}{}.", edge(lane, pointer.s))
        }
        RulerAxis::Direction => {
            let nothing = lane.segment(0.0).map_or_else(String::new, |s| said(s.token));
            format!(
                "{} So there is no ruler for all additions, but the line along which it moved this row: {} what it \
                 wrote {lies}; with nothing written the row would say {nothing}.",
                written(ruler),
                before.strip_prefix('A').map_or(String::new(), |rest| format!("a{rest},"))
            )
        }
    }
}

/// How far the nearest edge between segments is, and what is said beyond it.
fn edge(lane: &Lane, s: f64) -> String {
    let edges = lane.segments.windows(2).filter_map(|pair| {
        let [before, after] = pair else { return None };
        let beyond = if s < after.from { after } else { before };
        Some(((s - after.from).abs(), beyond.token))
    });
    match edges.min_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((by, token)) => format!(", {} from the edge to {}", words::number(by), said(token)),
        None => String::new(),
    }
}

/// What attention wrote, where that is more than one number.
fn written(ruler: &Ruler) -> String {
    let count = ruler.written.len();
    if count == 1 {
        return "Attention is softmax1, of which the line of all additions is not drawn: this is that of one.".into();
    }
    if count > LISTED {
        return format!("Attention writes {count} numbers into a row.");
    }
    let numbers: Vec<String> = ruler.written.iter().map(|v| words::number(*v)).listed();
    format!("Attention wrote {count} numbers into this row: {}.", words::list(&numbers))
}

/// The lanes' segments, where additions stop, this addition, and what attention wrote.
fn table(ruler: &Ruler, stops: &[Landed]) -> Table {
    let columns =
        ["lane", "what", "from", "to", "digit", "additions", "right at least", "right at most"];
    let mut table = Table::new(columns);
    let blank = || [String::new(), String::new(), String::new()];
    let mut push = |item: Item,
                    lane: String,
                    what: &str,
                    (from, to): (f64, f64),
                    digit: String,
                    counts: [String; 3]| {
        let head = [lane.into(), what.into(), from.into(), to.into(), Written::from(digit)];
        table.push(item, head.into_iter().chain(counts.map(Written::from)));
    };
    for (index, written) in ruler.written.iter().enumerate() {
        let at = (*written, *written);
        push(ruler.item(index), String::new(), "written by attention", at, String::new(), blank());
    }
    if let Some(own) = ruler.own() {
        let at = (ruler.pointer.s, ruler.pointer.s);
        let digit = said(ruler.pointer.said);
        push(Item::Addition(ruler.a, ruler.b), after(own), "this addition", at, digit, blank());
    }
    for (index, lane) in ruler.lanes.iter().enumerate() {
        for Segment { from, to, token } in &lane.segments {
            let item = logit(ruler, *token);
            push(item, after(lane), "segment", (*from, *to), said(*token), blank());
        }
        for landed in stops.iter().filter(|stop| stop.lane == index) {
            let Landed { known, reach, .. } = *landed;
            let what = match landed.landing {
                Landing::Wrong if !known.is_wrong() => "stops, the wrong ones of them",
                _ => "stops",
            };
            let counts =
                [known.total, known.at_least, known.at_most].map(|count| count.to_string());
            let item = Item::Case(known.case());
            push(item, after(lane), what, reach, known.target.to_string(), counts);
        }
    }
    table
}
