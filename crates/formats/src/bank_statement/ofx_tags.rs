//! The tags of OFX: SGML whose leaves have no end tag, or XML; told to the same listener as every XML file is.

use super::xml::{Listener, Node};
use crate::problem::{FormatProblem, shown};
use std::collections::HashSet;

/// The deepest nesting accepted.
const DEEPEST: usize = 64;
/// The most elements held at one time.
const MOST_HELD: usize = 2_000_000;

/// What stands before the tags.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    /// `102`, `203`; empty when it does not say.
    pub version: String,
    /// A label for the decoder.
    pub encoding: Option<String>,
    /// Every element must be closed.
    pub xml: bool,
}

/// Reads the header; whatever a bank does with its lines, the words are there.
pub(crate) fn header(bytes: &[u8]) -> Header {
    let head = crate::text::decode(&bytes[..bytes.len().min(4_096)], None).text;
    let head = head.to_ascii_uppercase();
    let head = head.find("<OFX>").map_or(head.as_str(), |end| &head[..end]);
    let after = |key: &str| {
        let rest = &head[head.find(key)? + key.len()..];
        let value: String = rest
            .trim_start_matches(['"', '\'', ' '])
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        Some(value).filter(|v| !v.is_empty())
    };
    let xml = head.contains("<?OFX") || head.contains("OFXHEADER=\"200\"");
    if xml {
        let version = head.find("<?OFX").and_then(|at| value_of(&head[at..], "VERSION=")).unwrap_or_default();
        let encoding = head.find("<?XML").and_then(|at| value_of(&head[at..], "ENCODING="));
        return Header { version, encoding: encoding.filter(|e| e != "ASCII" && e != "US-ASCII"), xml };
    }
    let charset = after("CHARSET:").map(|c| run_on(&c));
    let encoding = match (after("ENCODING:").map(|e| run_on(&e)).as_deref(), charset.as_deref()) {
        (Some("UTF-8"), _) => Some("utf-8".to_owned()),
        (_, Some("1252")) => Some("windows-1252".to_owned()),
        (_, Some("8859-1" | "ISO-8859-1")) => Some("iso-8859-1".to_owned()),
        _ => None,
    };
    let version = after("\nVERSION:").or_else(|| after("VERSION:")).unwrap_or_default();
    Header { version: version.chars().take_while(char::is_ascii_digit).collect(), encoding, xml }
}

fn value_of(text: &str, key: &str) -> Option<String> {
    let rest = &text[text.find(key)? + key.len()..];
    let value: String =
        rest.trim_start_matches(['"', '\'']).chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    Some(value).filter(|v| !v.is_empty())
}

/// A header on one line runs its values into the next key: `1252COMPRESSION`.
fn run_on(value: &str) -> String {
    const NEXT: [&str; 7] = ["COMPRESSION", "CHARSET", "OLDFILEUID", "NEWFILEUID", "ENCODING", "SECURITY", "VERSION"];
    let end = NEXT.iter().filter_map(|key| value.find(key)).min().unwrap_or(value.len());
    value[..end].to_owned()
}

/// One tag, with the text after it.
enum Token<'a> {
    Begin { name: &'a str, value: &'a str, empty: bool },
    End { name: &'a str, value: &'a str },
}

/// Walks the tags, telling the listener of every element.
pub(crate) fn walk(text: &str, xml: bool, listener: &mut impl Listener) -> Result<(), FormatProblem> {
    let Some(start) = find_root(text) else {
        return Err(problem("ofx.not_ofx", "", "there is no <OFX> in it"));
    };
    if let Some(at) = text[..start].to_ascii_uppercase().find("<!") {
        return Err(entity(at));
    }
    let closers = closers(&text[start..]);
    let mut stack = Stack { open: Vec::new(), before: Vec::new(), held: 0, listener, xml };
    let mut tokens = Tokens { text, at: start };
    let mut ahead = tokens.next().transpose()?;
    while let Some(token) = ahead.take() {
        let at = tokens.at;
        ahead = tokens.next().transpose()?;
        match token {
            Token::Begin { name, value, empty } => {
                let upper = name.to_ascii_uppercase();
                let closed_next = matches!(&ahead, Some(Token::End { name, .. }) if name.eq_ignore_ascii_case(&upper));
                if closed_next && !empty {
                    stack.leaf(upper, value, at)?;
                    if let Some(Token::End { value, .. }) = &ahead {
                        stray(value, at)?;
                    }
                    ahead = tokens.next().transpose()?;
                } else if empty
                    || (!xml && (!value.trim().is_empty() || !(closers.contains(&upper) || holds_others(&upper))))
                {
                    stack.leaf(upper, value, at)?;
                } else {
                    stray(value, at)?;
                    stack.begin(upper, at)?;
                }
            }
            Token::End { name, value } => {
                stray(value, at)?;
                stack.end(&name.to_ascii_uppercase(), at)?;
            }
        }
    }
    match stack.open.last() {
        Some(node) => {
            let message = format!("the file stops inside <{}>: it was cut short", shown(&node.name));
            Err(problem("ofx.structure", "end of file", &message))
        }
        None => Ok(()),
    }
}

fn find_root(text: &str) -> Option<usize> {
    text.match_indices('<').map(|(at, _)| at).find(|at| {
        text.get(*at..*at + 5).is_some_and(|tag| tag.eq_ignore_ascii_case("<ofx>"))
            || text.get(*at..*at + 5).is_some_and(|tag| tag.eq_ignore_ascii_case("<ofx "))
    })
}

/// The names that have an end tag somewhere: every other one is a leaf, also when it is empty.
fn closers(text: &str) -> HashSet<String> {
    const LONGEST: usize = 64;
    let name = |at: usize| {
        let end = text.as_bytes()[at..].iter().take(LONGEST).position(|b| *b == b'>')?;
        text.get(at..at + end)
    };
    text.match_indices("</").filter_map(|(at, _)| name(at + 2)).map(|n| n.trim().to_ascii_uppercase()).collect()
}

struct Stack<'a, L: Listener> {
    open: Vec<Node>,
    before: Vec<usize>,
    held: usize,
    listener: &'a mut L,
    xml: bool,
}

impl<L: Listener> Stack<'_, L> {
    fn node(&mut self, name: String, at: usize) -> Result<Node, FormatProblem> {
        if self.open.len() >= DEEPEST {
            let message = format!("elements are nested more than {DEEPEST} deep");
            return Err(problem("ofx.structure", &place(at), &message));
        }
        self.held += 1;
        if self.held > MOST_HELD {
            return Err(problem("file.too_many_records", &place(at), "the file has too many elements"));
        }
        Ok(Node { name, ..Node::default() })
    }

    fn leaf(&mut self, name: String, value: &str, at: usize) -> Result<(), FormatProblem> {
        let before = self.held;
        let mut node = self.node(name, at)?;
        node.text = unescaped(value.trim());
        self.listener.begun(&node, &self.open);
        self.give(node, before);
        Ok(())
    }

    fn begin(&mut self, name: String, at: usize) -> Result<(), FormatProblem> {
        self.before.push(self.held);
        let node = self.node(name, at)?;
        self.listener.begun(&node, &self.open);
        self.open.push(node);
        Ok(())
    }

    fn end(&mut self, name: &str, at: usize) -> Result<(), FormatProblem> {
        // An empty leaf that others close and this one does not holds what stands after it.
        while !self.xml && self.open.len() > 1 && self.open.last().is_some_and(|n| n.name != name && is_leaf(&n.name)) {
            let Some(mut leaf) = self.open.pop() else { break };
            let after = std::mem::take(&mut leaf.children);
            self.before.pop();
            self.give(leaf, self.held);
            if let Some(parent) = self.open.last_mut() {
                parent.children.extend(after);
            }
        }
        match self.open.last() {
            Some(node) if node.name == name => {
                let node = self.open.pop().unwrap_or_default();
                let before = self.before.pop().unwrap_or_default();
                self.give(node, before);
                Ok(())
            }
            Some(node) => {
                let message = format!("</{}> ends inside <{}>", shown(name), shown(&node.name));
                Err(problem("ofx.structure", &place(at), &message))
            }
            None => Err(problem("ofx.structure", &place(at), &format!("</{}> ends what never began", shown(name)))),
        }
    }

    /// Tells the listener, and keeps what it gives back; what it drops is held no longer.
    fn give(&mut self, node: Node, before: usize) {
        match (self.listener.ended(node, &self.open), self.open.last_mut()) {
            (Some(node), Some(parent)) => parent.children.push(node),
            _ => self.held = before,
        }
    }
}

/// Names that hold elements, whether their end is there or not.
fn holds_others(name: &str) -> bool {
    const HOLDERS: [&str; 18] = [
        "OFX",
        "SIGNONMSGSRSV1",
        "SONRS",
        "STATUS",
        "FI",
        "BANKMSGSRSV1",
        "CREDITCARDMSGSRSV1",
        "STMTTRNRS",
        "CCSTMTTRNRS",
        "STMTRS",
        "CCSTMTRS",
        "BANKACCTFROM",
        "CCACCTFROM",
        "BANKACCTTO",
        "BANKTRANLIST",
        "STMTTRN",
        "LEDGERBAL",
        "AVAILBAL",
    ];
    HOLDERS.contains(&name)
}

/// Names that hold a value and no elements.
fn is_leaf(name: &str) -> bool {
    const LEAVES: [&str; 22] = [
        "MEMO", "NAME", "CHECKNUM", "CHKNUM", "REFNUM", "SIC", "PAYEEID", "EXTDNAME", "DTUSER", "DTAVAIL", "TRNTYPE",
        "DTPOSTED", "TRNAMT", "FITID", "SRVRTID", "ORG", "FID", "BRANCHID", "ACCTKEY", "MESSAGE", "DTASOF", "BALAMT",
    ];
    LEAVES.contains(&name)
}

struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn next(&mut self) -> Option<Result<Token<'a>, FormatProblem>> {
        loop {
            let from = self.at + self.text.get(self.at..)?.find('<')?;
            let inside = self.text.get(from + 1..)?;
            if inside.starts_with("!--") {
                self.at = from + 1 + inside.find("-->").map_or(inside.len(), |end| end + 3);
                continue;
            }
            if inside.starts_with('!') {
                return Some(Err(entity(from)));
            }
            let Some(close) = inside.find('>') else {
                self.at = self.text.len();
                return Some(Err(problem(
                    "ofx.structure",
                    &place(from),
                    "the file stops inside a tag: it was cut short",
                )));
            };
            let tag = inside[..close].trim();
            let value_from = from + 1 + close + 1;
            let value_to = next_tag(self.text, value_from);
            let value = &self.text[value_from..value_to];
            self.at = value_to;
            if tag.starts_with('?') {
                continue;
            }
            if let Some(name) = tag.strip_prefix('/') {
                return Some(Ok(Token::End { name: name.trim(), value }));
            }
            let empty = tag.ends_with('/');
            let name = tag.trim_end_matches('/').split_whitespace().next().unwrap_or("");
            return Some(Ok(Token::Begin { name, value, empty }));
        }
    }
}

/// Where the next tag begins; a `<` before anything else is text.
fn next_tag(text: &str, from: usize) -> usize {
    let rest = &text[from..];
    let is_tag = |at: &usize| {
        rest.as_bytes().get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'))
    };
    rest.match_indices('<').map(|(at, _)| at).find(is_tag).map_or(text.len(), |at| from + at)
}

/// `&amp;` and its like; a bare `&` stays as it is.
fn unescaped(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after.bytes().take(9).position(|b| b == b';');
        let named = end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?))).and_then(|(name, tail)| {
            let letter = match name.to_ascii_lowercase().as_str() {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => ' ',
                number => number.strip_prefix('#').and_then(|n| n.parse().ok()).and_then(char::from_u32)?,
            };
            (!letter.is_control()).then_some((letter, tail))
        });
        match named {
            Some((letter, tail)) => {
                out.push(letter);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn stray(value: &str, at: usize) -> Result<(), FormatProblem> {
    if value.trim().is_empty() {
        return Ok(());
    }
    Err(problem("ofx.structure", &place(at), &format!("`{}` stands where no value can be", shown(value.trim()))))
}

fn entity(at: usize) -> FormatProblem {
    let message = "the file declares a document type or an entity; a bank statement never does";
    problem("xml.entity", &place(at), message)
}

fn problem(code: &str, at: &str, message: &str) -> FormatProblem {
    FormatProblem::new(code, at, message)
}

fn place(at: usize) -> String {
    format!("byte {at}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_on_one_line_a_twisted_one_and_xml() {
        let one = header(
            b"OFXHEADER:100DATA:OFXSGMLVERSION:102SECURITY:NONEENCODING:USASCIICHARSET:1252COMPRESSION:NONE<OFX>",
        );
        assert_eq!((one.version.as_str(), one.encoding.as_deref(), one.xml), ("102", Some("windows-1252"), false));
        let none = header(b"OFXHEADER:100\nVERSION:102\nENCODING:USASCII\nCHARSET:NONE\n<OFX>");
        assert_eq!((none.version.as_str(), none.encoding), ("102", None));
        let xml = header(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><?OFX OFXHEADER=\"200\" VERSION=\"203\"?><OFX>");
        assert_eq!((xml.version.as_str(), xml.encoding.as_deref(), xml.xml), ("203", Some("UTF-8"), true));
    }

    #[test]
    fn entities_and_a_bare_ampersand() {
        assert_eq!(unescaped("A &amp; B & C &lt;D&gt;&nbsp;E &#163;5 &odd; &"), "A & B & C <D> E £5 &odd; &");
    }
}
