//! The numbers of a model, by name.

use super::config::{Config, ParamSpec};
use super::edit::EditError;
use super::error::Error;
use ndarray::{Array1, ArrayD};
use numbers::listed::Listed;

/// One tensor of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Name in the clean dialect.
    pub name: &'static str,
    /// Its values, in standard layout: what is collected is laid out so.
    pub values: ArrayD<f32>,
    /// Whether it counts as learned.
    pub learned: bool,
}

impl Param {
    /// All its values, row by row. ndarray's own iterator is made for any strides: 1 KB of a part of the page.
    pub fn numbers(&self) -> &[f32] {
        self.values.as_slice().unwrap_or_default()
    }
}

/// All tensors of a model, in the order of [`Config::specs`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Params {
    list: Vec<Param>,
}

/// A shape as people write it: `(5, 3)`; a number has shape `()`.
pub fn shape_text(shape: &[usize]) -> String {
    let dims: Vec<String> = shape.iter().map(usize::to_string).listed();
    match dims.len() {
        1 => format!("({},)", dims[0]),
        _ => format!("({})", dims.join(", ")),
    }
}

/// `data` as a tensor of `shape`, row by row; `None` where the lengths differ.
/// `ArrayD::from_shape_vec` looks at strides too, and sorts them for it: 5 KB of the page.
pub fn shaped(shape: &[usize], data: Vec<f32>) -> Option<ArrayD<f32>> {
    Array1::from_vec(data).into_dyn().into_shape_with_order(shape).ok()
}

impl Params {
    /// Takes what `config` asks for out of `find`, which looks a tensor up by its
    /// clean name and gives the name to print in errors beside it.
    ///
    /// # Errors
    /// A tensor is missing, has another shape, or holds NaN or infinity.
    pub fn collect(
        config: &Config,
        find: impl Fn(&str) -> (String, Option<ArrayD<f32>>),
    ) -> Result<Params, Error> {
        let mut list = Vec::new();
        for spec in config.specs() {
            let (shown, found) = find(spec.name);
            let values = match found {
                Some(values) => checked(values, &spec, &shown)?,
                None if spec.optional => ArrayD::zeros(spec.shape.clone()),
                None => {
                    let wanted = shape_text(&spec.shape);
                    return Err(Error::MissingTensor { name: shown, wanted });
                }
            };
            list.push(Param { name: spec.name, values, learned: spec.learned });
        }
        Ok(Params { list })
    }

    /// The tensors of `config`, in its order, from their numbers, row by row; `None` where these
    /// are too few or too many.
    pub fn of<'a>(config: &Config, numbers: impl IntoIterator<Item = &'a [f32]>) -> Option<Params> {
        let mut list = Vec::new();
        let mut numbers = numbers.into_iter();
        for spec in config.specs() {
            let values = shaped(&spec.shape, numbers.next()?.to_vec())?;
            list.push(Param { name: spec.name, values, learned: spec.learned });
        }
        numbers.next().is_none().then_some(Params { list })
    }

    /// All tensors, in the order of the forward pass.
    pub fn iter(&self) -> impl Iterator<Item = &Param> {
        self.list.iter()
    }

    /// The learned numbers, one tensor after the other, to change them.
    pub fn learned_mut(&mut self) -> impl Iterator<Item = &mut f32> {
        self.list.iter_mut().filter(|p| p.learned).flat_map(|p| p.values.iter_mut())
    }

    /// The tensor called `name`, if this architecture has it.
    pub fn get(&self, name: &str) -> Option<&ArrayD<f32>> {
        self.list.iter().find(|p| p.name == name).map(|p| &p.values)
    }

    /// All values of the tensor called `name`, row by row; none if this architecture does not have it.
    pub fn numbers(&self, name: &str) -> &[f32] {
        self.list.iter().find(|p| p.name == name).map_or(&[], Param::numbers)
    }

    /// The first value of `name`, for tensors that are one number; 0 without it.
    pub fn scalar(&self, name: &str) -> f64 {
        self.numbers(name).first().map_or(0.0, |&v| f64::from(v))
    }

    /// Puts `value` into the place `index` (flat, row by row) of the learned tensor `name`.
    ///
    /// # Errors
    /// There is no such learned number, or `value` is NaN or infinite.
    pub fn set(&mut self, name: &str, index: usize, value: f32) -> Result<(), EditError> {
        let param = self.list.iter_mut().find(|p| p.name == name);
        let param = param.ok_or_else(|| EditError::NoTensor { name: name.to_owned() })?;
        if !param.learned {
            return Err(EditError::Frozen { name: name.to_owned() });
        }
        if !value.is_finite() {
            return Err(EditError::NotFinite { value: not_finite(value).into() });
        }
        let len = param.values.len();
        let place = param.values.iter_mut().nth(index);
        let place =
            place.ok_or_else(|| EditError::NoNumber { name: name.to_owned(), index, len })?;
        *place = value;
        Ok(())
    }

    /// How many numbers were learned: tied tensors once, frozen ones not at all.
    pub fn count(&self) -> usize {
        self.list.iter().filter(|p| p.learned).map(|p| p.values.len()).sum()
    }
}

/// What a number is called that is not finite. Formatting any is 5 KB of a part of the page.
pub(super) fn not_finite(value: f32) -> &'static str {
    match value {
        value if value.is_nan() => "NaN",
        value if value > 0.0 => "inf",
        _ => "-inf",
    }
}

/// `values` in the shape that `spec` asks for. A number may come as `()` or `(1,)`.
fn checked(values: ArrayD<f32>, spec: &ParamSpec, shown: &str) -> Result<ArrayD<f32>, Error> {
    let one_number = spec.shape.iter().product::<usize>() == 1 && values.len() == 1;
    if values.shape() != spec.shape && !(one_number && values.ndim() <= 1) {
        return Err(Error::WrongShape {
            name: shown.to_owned(),
            wanted: shape_text(&spec.shape),
            found: shape_text(values.shape()),
        });
    }
    if let Some((index, value)) = values.iter().enumerate().find(|(_, v)| !v.is_finite()) {
        let value = not_finite(*value).into();
        return Err(Error::NotFinite { name: shown.to_owned(), index, value });
    }
    // Whatever the strides, row by row.
    let rows = shaped(&spec.shape, values.iter().copied().listed());
    rows.ok_or_else(|| Error::WrongShape {
        name: shown.to_owned(),
        wanted: shape_text(&spec.shape),
        found: "another length".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_row_by_row_whatever_the_layout_they_came_in() {
        let columns =
            shaped(&[3, 2], vec![1.0, 4.0, 2.0, 5.0, 3.0, 6.0]).map(ArrayD::reversed_axes);
        let spec =
            ParamSpec { name: "q_proj.weight", shape: vec![2, 3], learned: true, optional: false };
        let values = columns.and_then(|columns| checked(columns, &spec, spec.name).ok());
        let param = values.map(|values| Param { name: spec.name, values, learned: true });
        let numbers = param.as_ref().map(Param::numbers);
        assert_eq!(numbers, Some(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0][..]));
    }
}
