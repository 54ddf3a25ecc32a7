//! How often training ends well: what was seen of many seeds.

use numbers::words::count;

/// Seeds of each row of [`CHANCES`]: 0 up to this.
pub const SEEDS: u64 = 64;

/// What became of seeds 0 to 63 with the same settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// Architecture, by name.
    pub arch: &'static str,
    /// Updates of each run.
    pub steps: u64,
    /// Whether weight decay fell as the model understood.
    pub adaptive_decay: bool,
    /// Runs whose best snapshot has at least half of the additions right.
    pub half: u64,
    /// Seeds whose best snapshot answers all of AdderBoard's 10 010.
    pub all: &'static [u64],
}

/// As measured with `adderscope sweep --arch ARCH --seeds 0..64 --steps STEPS`.
pub const CHANCES: [Chance; 3] = [
    Chance { arch: "57p", steps: 100_000, adaptive_decay: true, half: 4, all: &[] },
    Chance { arch: "62p", steps: 60_000, adaptive_decay: false, half: 13, all: &[19, 45] },
    Chance { arch: "67p", steps: 100_000, adaptive_decay: true, half: 14, all: &[1, 5, 25, 51] },
];

impl Chance {
    /// What the runs were: `67p, 100 000 steps, adaptive decay`.
    pub fn runs(&self) -> String {
        let decay = if self.adaptive_decay { ", adaptive decay" } else { "" };
        format!("{}, {} steps{decay}", self.arch, count(self.steps))
    }

    /// How many came to all of AdderBoard's additions, and which.
    pub fn all_of_them(&self) -> String {
        match self.all {
            [] => "none".to_owned(),
            seeds => {
                let seeds: Vec<String> = seeds.iter().map(u64::to_string).collect();
                format!("{} (seeds {})", seeds.len(), seeds.join(", "))
            }
        }
    }

    /// A row of README's table.
    pub fn row(&self) -> String {
        format!("| {} | {} | {} |", self.runs(), self.half, self.all_of_them())
    }

    /// The same as a sentence.
    pub fn sentence(&self) -> String {
        format!(
            "Not every seed learns to add. Of seeds 0 to {} ({}), {} came to at least half of the additions; {} to all of \
             AdderBoard’s.",
            SEEDS - 1,
            self.runs(),
            self.half,
            self.all_of_them()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readme_has_the_same_table() {
        let readme = include_str!("../../README.md").replace('\u{a0}', " ");
        for chance in CHANCES {
            let row = chance.row().replace(['\u{202f}', '\u{a0}'], " ");
            assert!(readme.contains(&row), "{row}");
        }
        assert!(readme.contains("| architecture, seeds 0 to 63 |"));
    }
}
