//! A table with a line of names: what Lightning, Weights & Biases, TensorBoard and pandas write as CSV.

use super::cell::Cell;
use super::forms::too_long;
use super::names::name;
use super::table::Table;
use crate::error::{Error, at_most};
use crate::limits::{MAX_LINES_BEFORE, MAX_LOG_LINE_BYTES, MAX_LOG_LINES};

/// What stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Between {
    Byte(char),
    /// Any white space.
    Space,
}

/// A line of names: where it stands, what is between them, and they themselves.
pub struct Header {
    line: usize,
    between: Between,
    names: Vec<String>,
}

impl Header {
    /// The line of names of a table, where `text` is one: names that are known, and numbers in the line below them.
    pub fn of(text: &[u8]) -> Option<Header> {
        let mut lines = lines(text).take(MAX_LINES_BEFORE).peekable();
        while let Some((line, names)) = lines.next() {
            let (_, below) = lines.peek()?;
            let found =
                [',', '\t', ';', '|'].map(Between::Byte).into_iter().chain([Between::Space]);
            let header = found
                .map(|between| Header {
                    line,
                    between,
                    names: fields(names.trim_start_matches('#'), between),
                })
                .find(|header| header.heads(below));
            if header.is_some() {
                return header;
            }
        }
        None
    }

    fn heads(&self, below: &str) -> bool {
        let values = fields(below, self.between);
        let cell = |value: &String| Cell::of_text(value, self.has_decimal_comma());
        let has_numbers = values.iter().any(|value| cell(value).number().is_some());
        let known = self.names.iter().filter_map(|path| name(path));
        let is_known = known.clone().any(|name| name.field.is_share()) || known.count() > 1;
        // Text that happens to have such a word has no table below it.
        let is_table = self.names.len() > 1 || self.between == Between::Byte(',');
        is_known && has_numbers && is_table && values.len() == self.names.len()
    }

    fn has_decimal_comma(&self) -> bool {
        self.between == Between::Byte(';')
    }
}

/// Lines with their numbers from 1, blank ones left out. What is no UTF-8 has no names.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.split(|byte| *byte == b'\n').enumerate();
    let short = lines.filter(|(_, line)| line.len() <= MAX_LOG_LINE_BYTES);
    let texts = short.map(|(at, line)| (at + 1, std::str::from_utf8(line).unwrap_or_default()));
    texts
        .map(|(at, line)| (at, line.trim_matches(['\r', ' '])))
        .filter(|(_, line)| !line.is_empty())
}

/// The values of a line. A value in quotes may hold what is between values, and a quote as two.
fn fields(line: &str, between: Between) -> Vec<String> {
    let Between::Byte(between) = between else {
        return line.split_whitespace().map(str::to_owned).collect();
    };
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => quoted = !quoted,
            letter if letter == between && !quoted => fields.push(std::mem::take(&mut field)),
            letter => field.push(letter),
        }
    }
    fields.push(field);
    for field in &mut fields {
        *field = field.trim().to_owned();
    }
    fields
}

impl Table {
    /// Adds every line below `header`.
    pub fn add_csv(&mut self, text: &[u8], header: &Header) -> Result<(), Error> {
        self.has_lines = true;
        // Of columns of one name the first is read.
        let (mut places, mut seen) = (Vec::new(), [false; 256]);
        for path in &header.names {
            let place = self.column(path);
            let is_new = |place: &u8| !std::mem::replace(&mut seen[usize::from(*place)], true);
            places.push(place.filter(is_new));
        }
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate().skip(header.line) {
            let number = index + 1;
            at_most("lines", number, MAX_LOG_LINES)?;
            if line.len() > MAX_LOG_LINE_BYTES {
                self.skipped.add(number, too_long(line.len()));
                continue;
            }
            let Ok(line) = std::str::from_utf8(line) else {
                self.skipped.add(number, "it is not UTF-8");
                continue;
            };
            if line.trim().is_empty() {
                continue;
            }
            let values = fields(line.trim_end_matches('\r'), header.between);
            let (found, wanted) = (values.len(), places.len());
            if found != wanted {
                let what = format!("it has {found} values, where there are {wanted} names");
                self.skipped.add(number, what);
                continue;
            }
            let comma = header.has_decimal_comma();
            let cells = places.iter().zip(&values);
            let cells =
                cells.filter_map(|(place, text)| Some(((*place)?, Cell::of_text(text, comma))));
            self.add(number, cells.collect(), None);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_apart_by_what_is_between_them() {
        let comma = Between::Byte(',');
        assert_eq!(fields("a,\"b,\"\"c\"\"\", d", comma), ["a", "b,\"c\"", "d"]);
        assert_eq!(fields(",,", comma), ["", "", ""]);
        assert_eq!(fields("a  b\tc", Between::Space), ["a", "b", "c"]);
    }

    #[test]
    fn of_columns_of_one_name_the_first_is_read() {
        let text = b"step,loss,step,loss\n1,2,3,4\n";
        let mut table = Table::default();
        table.add_csv(text, &Header::of(text).unwrap()).unwrap();
        let cells = [0, 1].map(|column| table.rows[0].cell(column).number());
        assert_eq!((table.columns.len(), cells), (2, [Some(1.0), Some(2.0)]));
        assert!(format!("{:?}", table.rows).matches("Number").count() == 2);
    }

    #[test]
    fn a_table_has_names_over_numbers() {
        let is = |text: &str| Header::of(text.as_bytes()).is_some();
        for table in [
            "step,val_exact\n1,0.5\n",
            ",step,loss\r\n0,1,2\r\n",
            "# made by a script\nstep\tval_acc\n1\t0.5",
            "# step val_exact\n1 0.5",
            "Step;exact match\n1;0,5",
            "\"Wall time\",\"Step\",\"Value\"\n1.7e9,2000,0.5",
        ] {
            assert!(is(table), "{table}");
        }
        for other in
            ["step,val_exact\n", "each step, val\nof a loss, lr", "1,2\n3,4", "", "step\n1"]
        {
            assert!(!is(other), "{other}");
        }
    }
}
