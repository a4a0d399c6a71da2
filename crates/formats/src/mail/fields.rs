//! Header fields as lines, and what they say of who, or what, wrote a message.
use super::Writer;

/// Header fields of a message and of its parts, in order, folded lines joined.
pub(crate) fn fields(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = all.last_mut().filter(|_| open) {
                value.push(' ');
                value.push_str(line.trim());
            }
            continue;
        }
        let named = line
            .split_once(':')
            .filter(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        open = named.is_some();
        if let Some((name, value)) = named {
            all.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    all
}

/// Subjects that programs give to what they answer for somebody, in English and Welsh.
const ANSWERED: &[&str] = &[
    "automatic reply:",
    "auto reply:",
    "autoreply:",
    "auto-reply:",
    "out of office",
    "ateb awtomatig:",
    "allan o'r swyddfa",
];

/// What wrote a message, by RFC 3834 and by what programs did before it.
pub(super) fn writer(bytes: &[u8], subject: &str) -> Writer {
    let whole = String::from_utf8_lossy(&bytes[..bytes.len().min(super::BEGINNING)]);
    let head = whole.replace("\r\n", "\n");
    let head = head.split("\n\n").next().unwrap_or_default();
    let fields = fields(head);
    let value = |name: &str| {
        let found = fields.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.to_ascii_lowercase()).unwrap_or_default()
    };
    let has = |name: &str| fields.iter().any(|(key, _)| key == name);
    let submitted = value("auto-submitted");
    let precedence = value("precedence");
    let subject = subject.to_lowercase();
    if submitted.starts_with("auto-replied")
        || ["x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from"].into_iter().any(has)
        || precedence == "auto_reply"
        || ANSWERED.iter().any(|begin| subject.starts_with(begin))
    {
        return Writer::Automatic;
    }
    let bulk = matches!(precedence.as_str(), "bulk" | "junk" | "list")
        || has("list-id")
        || has("list-unsubscribe")
        || value("return-path") == "<>"
        || (!submitted.is_empty() && submitted != "no");
    if bulk { Writer::Bulk } else { Writer::Person }
}
