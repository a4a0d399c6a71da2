//! A small tree over an XML file: local names only, no entities, no network, limits on depth and size.

use crate::problem::{FormatProblem, shown};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The deepest nesting accepted.
const DEEPEST: usize = 64;
/// The most elements held at one time (an entry is let go once it is read).
const MOST_HELD: usize = 2_000_000;

/// One element with its local name.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == name)
    }

    /// All children of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> + 'a {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The element at a path such as `Acct/Id/IBAN`, taking the first child at each step.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self, |node, name| node.child(name))
    }

    /// The text at a path, trimmed, when there is any.
    pub fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path).map(|n| n.text.trim()).filter(|t| !t.is_empty())
    }

    /// The text at the first of several paths that has any.
    pub fn first_text(&self, paths: &[&str]) -> Option<&str> {
        paths.iter().find_map(|path| self.text_at(path))
    }

    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What the walker tells whoever listens.
pub(crate) trait Listener {
    /// An element has begun; `parents` are the open elements outside it.
    fn begun(&mut self, node: &Node, parents: &[Node]);
    /// An element has ended. Give it back to keep it in its parent, or keep it here to drop it from the tree.
    fn ended(&mut self, node: Node, parents: &[Node]) -> Option<Node>;
}

/// The encoding an XML declaration names.
pub(crate) fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declaration = head.split("?>").next()?;
    let after = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    after[1..].split(quote).next().map(str::to_owned)
}

/// Walks the whole document, telling the listener of every element.
pub(crate) fn walk(text: &str, listener: &mut impl Listener) -> Result<(), FormatProblem> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Node> = Vec::new();
    let mut held_before: Vec<usize> = Vec::new();
    let mut held = 0usize;
    let mut root_ended = false;
    loop {
        let event = reader.read_event().map_err(|e| not_xml(&place(text, reader.error_position()), &e.to_string()))?;
        match event {
            Event::Start(start) => {
                held_before.push(held);
                held += 1;
                let here = place(text, reader.buffer_position());
                if root_ended {
                    return Err(not_xml(&here, "there is a second document after the first"));
                }
                check_limits(open.len(), held, &here)?;
                let node = begin(&start).map_err(|message| not_xml(&here, &message))?;
                listener.begun(&node, &open);
                open.push(node);
            }
            Event::End(_) => {
                let here = place(text, reader.buffer_position());
                let node = open.pop().ok_or_else(|| not_xml(&here, "an element ends that never began"))?;
                root_ended = open.is_empty();
                let before = held_before.pop().unwrap_or_default();
                match (listener.ended(node, &open), open.last_mut()) {
                    (Some(node), Some(parent)) => parent.children.push(node),
                    _ => held = before,
                }
            }
            Event::Text(words) => add_text(&mut open, &words.xml10_content(), text, reader.buffer_position())?,
            Event::CData(words) => add_text(&mut open, &words.xml10_content(), text, reader.buffer_position())?,
            Event::GeneralRef(reference) => {
                let here = place(text, reader.buffer_position());
                let letter = resolve(&reference).ok_or_else(|| entity(&here))?;
                add_text(&mut open, letter.encode_utf8(&mut [0; 4]), text, reader.buffer_position())?;
            }
            Event::DocType(_) => return Err(entity(&place(text, reader.buffer_position()))),
            Event::Eof => break,
            Event::Empty(_) | Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    if let Some(node) = open.last() {
        let message = format!("the file stops inside <{}>: it was cut short", shown(&node.name));
        return Err(FormatProblem::new("camt.truncated", "end of file", message));
    }
    if !root_ended {
        return Err(not_xml("", "there is no XML element in it"));
    }
    Ok(())
}

fn check_limits(depth: usize, held: usize, at: &str) -> Result<(), FormatProblem> {
    if depth >= DEEPEST {
        return Err(FormatProblem::new("xml.depth", at, format!("elements are nested more than {DEEPEST} deep")));
    }
    if held > MOST_HELD {
        return Err(FormatProblem::new("file.too_many_records", at, "the file has too many elements"));
    }
    Ok(())
}

fn begin(start: &BytesStart<'_>) -> Result<Node, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|e| e.to_string())?;
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|e| e.to_string())?;
        let key: &str = attribute.key.as_ref();
        attributes.push((key.to_owned(), value.into_owned()));
    }
    let name = start.local_name();
    let name: &str = name.as_ref();
    Ok(Node { name: name.to_owned(), attributes, ..Node::default() })
}

fn add_text(open: &mut [Node], words: &str, whole: &str, position: u64) -> Result<(), FormatProblem> {
    match open.last_mut() {
        Some(node) => node.text.push_str(words),
        None if words.trim_matches(['\u{FEFF}', ' ', '\n', '\r', '\t', '\0', '\u{1a}']).is_empty() => {}
        None => return Err(not_xml(&place(whole, position), "there is text outside the document")),
    }
    Ok(())
}

fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    match reference.xml10_content().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn not_xml(at: &str, why: &str) -> FormatProblem {
    FormatProblem::new("camt.not_xml", at, format!("the file is not well-formed XML: {}", shown(why)))
}

fn entity(at: &str) -> FormatProblem {
    let message = "the file declares or uses an XML entity or a document type; a bank statement never does";
    FormatProblem::new("xml.entity", at, message)
}

/// A position for a person to find; counting lines for every element would cost more than reading it.
fn place(text: &str, position: u64) -> String {
    format!("byte {}", position.min(text.len() as u64))
}
