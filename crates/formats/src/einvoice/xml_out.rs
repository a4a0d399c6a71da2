//! Elements out, escaped, two spaces a level; an element with nothing in it is left out (PEPPOL-EN16931-R008).

/// A document being written.
pub(super) struct Xml {
    out: String,
    depth: usize,
}

impl Xml {
    /// Begins, with the root and its namespaces.
    pub fn document(root: &str, namespaces: &[(&str, &str)]) -> Xml {
        let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root}");
        for (prefix, uri) in namespaces {
            let colon = if prefix.is_empty() { "" } else { ":" };
            out.push_str(&format!(" xmlns{colon}{prefix}=\"{uri}\""));
        }
        out.push_str(">\n");
        Xml { out, depth: 1 }
    }

    /// Ends.
    pub fn done(mut self, root: &str) -> Vec<u8> {
        self.out.push_str(&format!("</{root}>\n"));
        self.out.into_bytes()
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n("  ", self.depth));
    }

    /// An element with what `inside` writes; nothing when that writes nothing.
    pub fn within(&mut self, name: &str, inside: impl FnOnce(&mut Xml)) {
        let before = self.out.len();
        self.indent();
        self.out.push_str(&format!("<{name}>\n"));
        let begun = self.out.len();
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        if self.out.len() == begun {
            self.out.truncate(before);
            return;
        }
        self.indent();
        self.out.push_str(&format!("</{name}>\n"));
    }

    /// An element that the schema asks for, with what `inside` writes or with nothing in it.
    pub fn always(&mut self, name: &str, inside: impl FnOnce(&mut Xml)) {
        let before = self.out.len();
        self.within(name, inside);
        if self.out.len() == before {
            self.indent();
            self.out.push_str(&format!("<{name}/>\n"));
        }
    }

    /// An element with a text and attributes; nothing when the text is blank.
    pub fn with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        let text = plain(text);
        if text.trim().is_empty() {
            return;
        }
        self.indent();
        self.out.push_str(&format!("<{name}"));
        for (key, value) in attributes.iter().filter(|(_, value)| !value.trim().is_empty()) {
            self.out.push_str(&format!(" {key}=\"{}\"", escaped(&plain(value)).replace('"', "&quot;")));
        }
        self.out.push_str(&format!(">{}</{name}>\n", escaped(text.trim())));
    }

    /// An element with a text; nothing when it is blank.
    pub fn text(&mut self, name: &str, text: &str) {
        self.with(name, &[], text);
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What XML 1.0 cannot carry becomes a space.
fn plain(text: &str) -> String {
    let carried = |c: char| !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'));
    text.chars().map(|c| if carried(c) { c } else { ' ' }).collect()
}
