//! The body of an e-mail: its plain text, or its HTML without the marks.
use crate::text;

/// How deep parts may lie in parts.
const DEEPEST: usize = 5;

/// Whether bytes look like a saved message: headings of mail come first.
pub(super) fn looks_like_mail(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]).to_lowercase();
    let has = |name: &str| head.starts_with(name) || head.contains(&format!("\n{name}"));
    has("from:") && (has("subject:") || has("mime-version:")) && (has("date:") || has("content-type:"))
}

/// The text of a saved message (.eml): the first plain part, or else the first HTML part without its marks.
pub fn body_of(bytes: &[u8]) -> String {
    let whole = text::with_line_feeds(text::decode(bytes, None).text);
    let parts = parts_of(&whole, 0);
    let plain = parts.iter().find(|part| part.kind == "text/plain" && !part.text.trim().is_empty());
    let html = parts.iter().find(|part| part.kind == "text/html");
    match (plain, html) {
        (Some(part), _) => part.text.clone(),
        (None, Some(part)) => without_marks(&part.text),
        (None, None) => whole,
    }
}

struct Part {
    kind: String,
    text: String,
}

fn parts_of(message: &str, depth: usize) -> Vec<Part> {
    let (head, body) = message.split_once("\n\n").unwrap_or(("", message));
    let head = head.replace("\n ", " ").replace("\n\t", " ");
    let header = |name: &str| {
        let found = head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        });
        found.unwrap_or_default()
    };
    let content = header("content-type");
    let kind = content.split(';').next().unwrap_or("").trim().to_lowercase();
    if kind.starts_with("multipart/") && depth < DEEPEST {
        let Some(boundary) = parameter(&content, "boundary") else { return Vec::new() };
        let mark = format!("--{boundary}");
        let inner = body.split(mark.as_str()).skip(1).take_while(|part| !part.starts_with("--"));
        return inner.flat_map(|part| parts_of(part.trim_start_matches('\n'), depth + 1)).collect();
    }
    let kind = if kind.is_empty() { "text/plain".to_owned() } else { kind };
    let text = match header("content-transfer-encoding").to_lowercase().as_str() {
        "quoted-printable" => decoded(&quoted_printable(body)),
        "base64" => decoded(&base64(body)),
        _ => body.to_owned(),
    };
    vec![Part { kind, text }]
}

fn decoded(bytes: &[u8]) -> String {
    text::with_line_feeds(text::decode(bytes, None).text)
}

fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let bytes = body.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
        match (bytes[at], code.and_then(|code| u8::from_str_radix(code, 16).ok())) {
            (b'=', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (b'=', None) if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

fn base64(body: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    let (mut held, mut bits) = (0u32, 0);
    for byte in body.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        held = (held << 6 | u32::from(value)) & 0xFF_FFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 0xFF) as u8);
        }
    }
    out
}

/// Cells of a row stay on one line; the rest of the marks go.
fn without_marks(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open].replace('\n', " "));
        let Some(close) = rest[open..].find('>') else { return entities(&out) };
        let tag = rest[open + 1..open + close].trim_start_matches('/').to_lowercase();
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        let closes = rest[open + 1..].starts_with('/');
        match name.as_str() {
            "br" | "tr" | "p" | "div" | "li" | "table" => out.push('\n'),
            "td" | "th" if closes => out.push('\t'),
            _ => {}
        }
        rest = &rest[open + close + 1..];
        if !closes && (name == "style" || name == "script") {
            rest = rest.find("</").map_or("", |end| &rest[end..]);
        }
    }
    out.push_str(rest);
    entities(&out)
}

fn entities(text: &str) -> String {
    text.replace("&nbsp;", " ")
        .replace("&pound;", "\u{00A3}")
        .replace("&#163;", "\u{00A3}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
