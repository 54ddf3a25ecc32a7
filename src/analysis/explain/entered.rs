//! What a stored number is used for: explanations the other way round. There is no second table of that: a number enters
//! what names it in its arithmetic.

use super::{Numbers, Step};
use numbers::listed::Listed;
use task::addition::ROWS;
use task::item::{Item, Norm, Point};

impl Step {
    /// Whether its arithmetic names one of these.
    fn names(&self, items: &[Item]) -> bool {
        let factors = self.terms.iter().flat_map(|term| &term.factors).chain(&self.scale);
        let mut named = factors.filter_map(|factor| factor.item.as_ref()).chain(&self.folded);
        named.any(|item| items.contains(item))
    }
}

impl Numbers<'_> {
    /// What is made of a number of a tensor in one step: numbers of the model's tables, then those of the pass, in its order.
    /// What is made of a number of those tables is made of it too.
    pub(super) fn entered(&self, tensor: &str, index: usize) -> Vec<Item> {
        let weight = Item::Weight { tensor: tensor.to_owned(), index };
        let mut from = vec![weight];
        let tables: Vec<Item> = self.tables().filter(|item| self.is_made(item, &from)).listed();
        from.extend(tables.iter().cloned());
        let numbers = self.numbers().filter(|item| self.is_made(item, &from));
        let numbers: Vec<Item> = numbers.listed();
        [tables, numbers].concat()
    }

    fn is_made(&self, item: &Item, from: &[Item]) -> bool {
        let step = match *item {
            Item::Number { point, row, index } => self.step(point, row, index),
            Item::Embedding { token, dim } => self.embedding_step(token, dim),
            Item::NormWeight { norm, dim } => self.norm_step(norm, dim),
            _ => None,
        };
        step.is_some_and(|step| step.names(from))
    }

    /// Embeddings and weights of the norms.
    fn tables(&self) -> impl Iterator<Item = Item> {
        let config = self.model.config();
        let (tokens, tok_dim, d) = (config.vocabulary.size, config.tok_dim, config.d_model());
        let embedding = move |token| (0..tok_dim).map(move |dim| Item::Embedding { token, dim });
        let norm = move |norm| (0..d).map(move |dim| Item::NormWeight { norm, dim });
        let norms = [Norm::First, Norm::Second, Norm::Last].into_iter().flat_map(norm);
        (0..tokens as u8).flat_map(embedding).chain(norms)
    }

    /// All numbers of the pass that are no scores.
    fn numbers(&self) -> impl Iterator<Item = Item> {
        let points = Point::ALL.into_iter().filter(|point| !point.has_sources());
        points.flat_map(|point| {
            let width = self.width(point);
            (0..ROWS).flat_map(move |row| {
                (0..width).map(move |index| Item::Number { point, row, index })
            })
        })
    }
}
