//! Just enough Rust reading for tidy: what is code, and what is only text.
//!
//! Not a parser. It promises that every byte keeps its place, so that an offset
//! in the blanked text is the same offset in the file.

/// The source with comments and the insides of literals turned into spaces.
pub fn code_only(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = skip_from(bytes, at);
        if end > at {
            blank(&mut out, at, end);
            at = end;
        } else {
            at += 1;
        }
    }
    // Only whole literals and comments are blanked, so what is left is the UTF-8 it was.
    String::from_utf8_lossy(&out).into_owned()
}

/// The same, with the bodies of `#[cfg(test)]` modules blanked too.
pub fn code_without_tests(source: &str) -> String {
    let code = code_only(source);
    let mut out = code.clone().into_bytes();
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let start = from + found;
        from = start + 1;
        let Some(open) = code[start..].find(['{', ';']).map(|n| start + n) else {
            break;
        };
        if code.as_bytes()[open] == b'{' {
            let end = closing(&code, open);
            blank(&mut out, start, end);
            from = end;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The offset just after the brace that closes the one at `open`.
pub fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0usize;
    for (n, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return n + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// Identifiers of some code with their offsets.
pub fn identifiers(code: &str) -> Vec<(usize, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(start) = code[rest..].find(is_word).map(|n| rest + n) {
        let end = code[start..].find(|c| !is_word(c)).map_or(code.len(), |n| start + n);
        found.push((start, &code[start..end]));
        rest = end;
    }
    found
}

/// The first string literal after `from`, unescaped as far as sentences need.
pub fn string_after(source: &str, from: usize) -> Option<String> {
    literal_after(source, from).map(|(text, _)| text)
}

/// The first three string literals after `from`.
pub fn strings_after(source: &str, from: usize) -> [Option<String>; 3] {
    let mut at = Some(from);
    std::array::from_fn(|_| {
        let found = at.and_then(|at| literal_after(source, at));
        at = found.as_ref().map(|(_, end)| *end);
        found.map(|(text, _)| text)
    })
}

/// A string literal and the offset just after it.
fn literal_after(source: &str, from: usize) -> Option<(String, usize)> {
    let start = from + source[from..].find('"')? + 1;
    let mut text = String::new();
    let mut chars = source[start..].chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Some((text, source.len() - chars.as_str().len())),
            '\\' => match chars.next()? {
                // A backslash at a line's end joins it to the next.
                '\n' => chars = chars.as_str().trim_start().chars(),
                'n' => text.push('\n'),
                other => text.push(other),
            },
            c => text.push(c),
        }
    }
    None
}

fn blank(out: &mut [u8], from: usize, to: usize) {
    for byte in &mut out[from..to] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// Where the comment or literal that starts at `at` ends; `at` when none does.
fn skip_from(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let word_before = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    match rest {
        [b'/', b'/', ..] => at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
        [b'/', b'*', ..] => block_comment(bytes, at),
        [b'"', ..] => quoted(bytes, at + 1),
        [b'r', b'"' | b'#', ..] if !word_before => raw(bytes, at, 1),
        [b'b', b'r', b'"' | b'#', ..] if !word_before => raw(bytes, at, 2),
        [b'\'', ..] => character(bytes, at),
        _ => at,
    }
}

fn block_comment(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0usize;
    let mut n = at;
    while n + 1 < bytes.len() {
        match (bytes[n], bytes[n + 1]) {
            (b'/', b'*') => {
                depth += 1;
                n += 2;
            }
            (b'*', b'/') => {
                depth -= 1;
                n += 2;
                if depth == 0 {
                    return n;
                }
            }
            _ => n += 1,
        }
    }
    bytes.len()
}

fn quoted(bytes: &[u8], mut n: usize) -> usize {
    while n < bytes.len() {
        match bytes[n] {
            b'\\' => n += 2,
            b'"' => return n + 1,
            _ => n += 1,
        }
    }
    bytes.len()
}

fn raw(bytes: &[u8], at: usize, prefix: usize) -> usize {
    let hashes = bytes[at + prefix..].iter().take_while(|b| **b == b'#').count();
    let open = at + prefix + hashes;
    if bytes.get(open) != Some(&b'"') {
        return at; // r#identifier
    }
    let mut n = open + 1;
    while n < bytes.len() {
        let closes = bytes[n] == b'"' && bytes[n + 1..].iter().take(hashes).filter(|b| **b == b'#').count() == hashes;
        if closes {
            return n + 1 + hashes;
        }
        n += 1;
    }
    bytes.len()
}

/// A character literal; a lifetime is left alone.
fn character(bytes: &[u8], at: usize) -> usize {
    let Some(next) = bytes.get(at + 1) else { return at };
    if *next == b'\\' {
        let close = bytes[at + 3..].iter().position(|b| *b == b'\'');
        return close.map_or(at, |n| at + 3 + n + 1);
    }
    // One character of one to four bytes, then a quote.
    (at + 2..at + 6).take_while(|n| *n < bytes.len()).find(|n| bytes[*n] == b'\'').map_or(at, |n| {
        let one = std::str::from_utf8(&bytes[at + 1..n]).is_ok_and(|inside| inside.chars().count() == 1);
        if one { n + 1 } else { at }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_comments_and_literals_and_keeps_places() {
        let source = "a /* x { */ b // c {\nlet s = \"{ \\\" }\"; r#\"{\"#; '{' 'a fn<'a>(x: &'a str)";
        let code = code_only(source);
        assert_eq!(code.len(), source.len());
        assert!(!code.contains('{'), "{code}");
        assert!(code.contains("fn<'a>(x: &'a str)"), "{code}");
    }

    #[test]
    fn keeps_raw_identifiers_and_words_that_end_in_r() {
        assert_eq!(code_only("r#type bar\"x\" for"), "r#type bar    for");
    }

    #[test]
    fn test_modules_do_not_count() {
        let code = code_without_tests("use crate::a;\n#[cfg(test)]\nmod tests { use crate::b; }\nuse crate::c;");
        assert!(code.contains("crate::a") && code.contains("crate::c") && !code.contains("crate::b"), "{code}");
    }

    #[test]
    fn reads_a_string_over_two_lines() {
        assert_eq!(string_after("code: \"one \\\n    two\",", 0).as_deref(), Some("one two"));
    }
}
