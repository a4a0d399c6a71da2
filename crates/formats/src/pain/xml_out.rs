//! Elements out, escaped, two spaces a level.

use super::Party;
use crate::money::write_pounds;

/// A document being written.
pub(super) struct Xml {
    out: String,
    open: Vec<&'static str>,
}

impl Xml {
    pub fn document(namespace: &str) -> Self {
        let head = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"{namespace}\">\n");
        Self { out: head, open: vec!["Document"] }
    }

    fn indent(&mut self) {
        for _ in 0..self.open.len() {
            self.out.push_str("  ");
        }
    }

    /// An element with what `inside` writes.
    pub fn within(&mut self, name: &'static str, inside: impl FnOnce(&mut Xml)) {
        self.indent();
        self.out.push_str(&format!("<{name}>\n"));
        self.open.push(name);
        inside(self);
        self.open.pop();
        self.indent();
        self.out.push_str(&format!("</{name}>\n"));
    }

    /// An element with a text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.indent();
        self.out.push_str(&format!("<{name}>{}</{name}>\n", escaped(text)));
    }

    /// An element with a text, when there is one.
    pub fn maybe(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// Elements one inside the other, with a text in the last: `["Id", "Othr", "Id"]`.
    pub fn nested(&mut self, names: &[&'static str], text: &str) {
        match names {
            [] => {}
            [last] => self.text(last, text),
            [first, rest @ ..] => self.within(first, |xml| xml.nested(rest, text)),
        }
    }

    /// `<InstdAmt Ccy="GBP">45.50</InstdAmt>`.
    pub fn sterling(&mut self, pence: i64) {
        self.indent();
        self.out.push_str(&format!("<InstdAmt Ccy=\"GBP\">{}</InstdAmt>\n", write_pounds(pence)));
    }

    /// `<CdtrAgt>` and its like: a bank by its sort code.
    pub fn bank(&mut self, name: &'static str, party: &Party) {
        self.within(name, |xml| {
            xml.within("FinInstnId", |xml| {
                xml.within("ClrSysMmbId", |xml| {
                    xml.nested(&["ClrSysId", "Cd"], "GBDSC");
                    xml.text("MmbId", &party.sort_code);
                });
            });
        });
    }

    pub fn done(mut self) -> Vec<u8> {
        self.out.push_str("</Document>\n");
        self.out.into_bytes()
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
