//! HTML as text: what a reader would see of it, without the marks.

/// The text of a page: cells of a row stay on one line, the rest of the marks go.
pub(crate) fn without_marks(html: &str) -> String {
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
        .replace("&#39;", "'")
        .replace("&rsquo;", "\u{2019}")
        .replace("&amp;", "&")
}
