//! What somebody wrote, apart from what they quote.

/// Text before the quoted tail, and the tail; where nothing stands before it, the lines that are not quoted.
pub(super) fn split_quoted(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().collect();
    let cut = (0..lines.len()).find(|at| begins_quote(&lines, *at)).unwrap_or(lines.len());
    let (head, tail) = lines.split_at(cut);
    let is_quoted = |line: &&str| line.trim_start().starts_with('>');
    // Answers may stand between, or below, what they quote.
    let (mut quoted, own): (Vec<&str>, Vec<&str>) = head.iter().copied().partition(is_quoted);
    if own.iter().any(|line| !line.trim().is_empty()) {
        quoted.extend(tail);
        return (joined(&own), joined(&quoted));
    }
    let (below, own): (Vec<&str>, Vec<&str>) = tail.iter().copied().partition(is_quoted);
    if below.is_empty() || own.iter().filter(|line| !line.trim().is_empty()).count() < 2 {
        return (joined(&lines), String::new());
    }
    (joined(&own), joined(&below))
}

fn joined(lines: &[&str]) -> String {
    lines.join("\n").trim().to_owned()
}

fn begins_quote(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    let lower = line.to_lowercase();
    let rest_is_quoted = || {
        let below = lines[at..].iter().filter(|line| !line.trim().is_empty());
        below.clone().count() > 0 && below.clone().all(|line| line.trim_start().starts_with('>'))
    };
    let wrote = |text: &str| ["wrote:", "ysgrifennodd:", "writes:"].iter().any(|end| text.ends_with(end));
    // A long line of this kind is often folded into two.
    let two = || format!("{lower} {}", lines.get(at + 1).map(|next| next.trim().to_lowercase()).unwrap_or_default());
    let heading = |name: &[&str], text: &str| name.iter().any(|name| text.starts_with(name));
    let froms = ["from:", "*from:*", "oddi wrth:"];
    let below = |words: &[&str]| {
        let near = lines[at + 1..].iter().take(4).map(|line| line.trim().to_lowercase());
        near.into_iter().any(|line| heading(words, &line))
    };
    (line.starts_with('>') && rest_is_quoted())
        || (heading(&["on ", "ar "], &lower) && (wrote(&lower) || wrote(&two())))
        || ["-----original message-----", "----- original message -----", "---- forwarded", "-----neges wreiddiol-----"]
            .iter()
            .any(|mark| lower.starts_with(mark))
        || (heading(&froms, &lower) && below(&["sent:", "*sent:*", "date:", "anfonwyd:", "dyddiad:"]))
}
