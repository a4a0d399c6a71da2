//! How long files and functions are: printed, so that creep is seen.
use crate::repo::{File, line_of};
use crate::rust;

/// A function longer than this is listed.
pub const LONG: usize = 70;

/// A function and its length in lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// `path:line`.
    pub place: String,
    /// Its name.
    pub name: String,
    /// Lines from `fn` to its closing brace.
    pub lines: usize,
}

/// Every function with a body.
pub fn functions(files: &[File]) -> Vec<Function> {
    files.iter().filter(|file| file.is_rust()).flat_map(functions_of).collect()
}

fn functions_of(file: &File) -> Vec<Function> {
    let code = rust::code_only(&file.text);
    let words = rust::identifiers(&code);
    let mut found = Vec::new();
    for pair in words.windows(2) {
        let [(at, "fn"), (name_at, name)] = pair else { continue };
        // `fn(u8) -> u8` is a type: its next word is not a name.
        if !code[at + 2..*name_at].trim().is_empty() {
            continue;
        }
        if let Some(open) = body_of(&code, *name_at) {
            let lines = line_of(&code, rust::closing(&code, open)) - line_of(&code, *at) + 1;
            let place = format!("{}:{}", file.path, line_of(&code, *at));
            found.push(Function { place, name: (*name).into(), lines });
        }
    }
    found
}

/// Where the body opens; none for a declaration.
fn body_of(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0i32;
    for (n, c) in code[from..].char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ';' if depth == 0 => return None,
            '{' if depth == 0 => return Some(from + n),
            _ => {}
        }
    }
    None
}

/// The middle and the nineteenth in twenty of some lengths, and the longest.
pub fn spread(mut lengths: Vec<usize>) -> String {
    lengths.sort_unstable();
    let Some(longest) = lengths.last() else {
        return "none".into();
    };
    let part = |numerator: usize| lengths[(lengths.len() - 1) * numerator / 20];
    format!(
        "{} of them; half up to {}, nineteen in twenty up to {}, longest {longest}",
        lengths.len(),
        part(10),
        part(19)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_bodies_and_passes_over_declarations_and_types() {
        let text = "trait T { fn a(x: [u8; 2]); }\nfn b(f: fn(u8) -> u8) -> u8 {\n    \"}\";\n    1\n}\n";
        let found = functions(&[File { path: "x.rs".into(), text: text.into() }]);
        assert_eq!(found, [Function { place: "x.rs:2".into(), name: "b".into(), lines: 4 }]);
    }

    #[test]
    fn spread_is_by_rank() {
        assert_eq!(spread((1..=20).collect()), "20 of them; half up to 10, nineteen in twenty up to 19, longest 20");
    }
}
