//! The places in a pass where its numbers can be looked at, by name.

/// An intermediate of a pass. Traces read it, explanations refer to it, interventions replace it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Point {
    /// Token embedding beside position (d_model).
    Embed,
    /// After the first norm (d_model).
    Normed,
    /// Rotated query (n_heads·qk_dim).
    Query,
    /// Key (n_heads·qk_dim).
    Key,
    /// Value (n_heads·head_dim).
    Value,
    /// Query times key over √qk_dim, before the softmax: by source, and head.
    Score,
    /// Softmax weight: by source, and head.
    Attention,
    /// What the heads read, added up (n_heads·head_dim).
    Read,
    /// What the output projection makes of that before it writes (its rank).
    Sum,
    /// Residual stream after attention (d_model).
    AfterAttention,
    /// What the FFN reads: after the second norm (d_model).
    FfnInput,
    /// Hidden units before GELU (ffn_dim).
    Hidden,
    /// Hidden units after GELU (ffn_dim).
    Active,
    /// Residual stream after the FFN (d_model).
    AfterFfn,
    /// After the last norm (d_model).
    Final,
    /// What the head makes of that: token space (tok_dim).
    TokenSpace,
    /// One number per token.
    Logits,
}

impl Point {
    /// All points, in the order of the pass.
    pub const ALL: [Point; 17] = [
        Point::Embed,
        Point::Normed,
        Point::Query,
        Point::Key,
        Point::Value,
        Point::Score,
        Point::Attention,
        Point::Read,
        Point::Sum,
        Point::AfterAttention,
        Point::FfnInput,
        Point::Hidden,
        Point::Active,
        Point::AfterFfn,
        Point::Final,
        Point::TokenSpace,
        Point::Logits,
    ];

    /// Its name in items, traces and interventions.
    pub fn name(self) -> &'static str {
        match self {
            Point::Embed => "embed",
            Point::Normed => "normed",
            Point::Query => "query",
            Point::Key => "key",
            Point::Value => "value",
            Point::Score => "score",
            Point::Attention => "attention",
            Point::Read => "read",
            Point::Sum => "s",
            Point::AfterAttention => "after_attention",
            Point::FfnInput => "ffn_input",
            Point::Hidden => "hidden",
            Point::Active => "active",
            Point::AfterFfn => "after_ffn",
            Point::Final => "final",
            Point::TokenSpace => "token_space",
            Point::Logits => "logits",
        }
    }

    /// Whether a number of it is of a row and a source (and a head): the others are of a row and an index.
    pub fn has_sources(self) -> bool {
        matches!(self, Point::Score | Point::Attention)
    }
}
