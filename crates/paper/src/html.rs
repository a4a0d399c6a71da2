//! The same letter as an e-mail: semantic HTML with its styles inside, and plain text.

use crate::letter::{Letter, LetterKind};
use crate::sheet::{Part, Sheet, Table};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// A letter as an e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HtmlMail {
    /// The subject line, without line breaks.
    pub subject: String,
    /// A whole HTML document.
    pub html: String,
    /// The same words as plain text.
    pub text: String,
}

const STYLE: &str = "body{margin:0;padding:0;background:#fff;color:#0b0c0c;font:19px/1.4 Arial,Helvetica,sans-serif}\
main{max-width:38em;margin:0 auto;padding:20px}h1{font-size:27px;line-height:1.25}h2{font-size:19px;margin:1.5em 0 .3em}\
p,ul,ol{margin:0 0 1em}.sum{border-left:6px solid #0b0c0c;padding-left:15px}.sum strong{font-size:36px}\
table{border-collapse:collapse;width:100%;font-size:16px;margin:0 0 1em}caption{font-weight:bold;text-align:left}\
th,td{text-align:left;vertical-align:top;padding:6px 8px 6px 0;border-bottom:1px solid #b1b4b6}\
.n{text-align:right;white-space:nowrap}footer{color:#505a5f;font-size:16px}a{color:#1d70b8}";

pub(crate) fn mail(letter: &Letter, sheet: &Sheet) -> HtmlMail {
    HtmlMail { subject: subject(letter, sheet), html: html(letter, sheet), text: text(letter, sheet) }
}

fn subject(letter: &Letter, sheet: &Sheet) -> String {
    let line = sheet.title.split_whitespace().collect::<Vec<_>>().join(" ");
    // A subject may be read over someone's shoulder: it names the sender and the paper, not the sum (ux: "who, no sum").
    match letter.kind {
        LetterKind::Other => line,
        _ => format!("{}: {} {}", sheet.from_name, kind_word(letter), letter.number).trim_end().to_owned(),
    }
}

fn kind_word(letter: &Letter) -> &'static str {
    use crate::letter::Language::{English, Welsh};
    match (letter.kind, letter.language) {
        (LetterKind::Plan, English) => "payment plan",
        (LetterKind::Plan, Welsh) => "cynllun talu",
        (LetterKind::Invoice, English) => "invoice",
        (LetterKind::Invoice, Welsh) => "anfoneb",
        (LetterKind::CreditNote, English) => "credit note",
        (LetterKind::CreditNote, Welsh) => "nodyn credyd",
        (LetterKind::Statement, English) => "your statement",
        (LetterKind::Statement, Welsh) => "eich datganiad",
        (LetterKind::DirectDebit, English) => "about your Direct Debit",
        (LetterKind::DirectDebit, Welsh) => "am eich Debyd Uniongyrchol",
        (LetterKind::Receipt, English) => "your receipt",
        (LetterKind::Receipt, Welsh) => "eich derbynneb",
        (_, English) => "a letter about your account",
        (_, Welsh) => "llythyr am eich cyfrif",
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn html(letter: &Letter, sheet: &Sheet) -> String {
    let mut out = String::with_capacity(8_192);
    let title = escape(&sheet.title);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <main>\n<p>{}</p>\n<h1>{title}</h1>\n",
        sheet.lang,
        escape(&sheet.from_name)
    );
    if !sheet.sum.is_empty() {
        let _ = writeln!(
            out,
            "<p class=\"sum\">{}<br><strong>{}</strong><br>{}</p>",
            escape(&sheet.sum_label),
            escape(&sheet.sum),
            escape(&sheet.sum_note)
        );
    }
    out.push_str("<ul>\n");
    for (label, value) in &sheet.facts {
        let _ = writeln!(out, "<li>{}: {}</li>", escape(label), escape(value));
    }
    let _ = writeln!(out, "</ul>\n<p>{}</p>", escape(&sheet.greeting));
    for part in sheet.body.iter() {
        html_part(&mut out, part);
    }
    if !sheet.signed.is_empty() {
        let lines: Vec<_> = sheet.signed.iter().map(|line| escape(line)).collect();
        let _ = writeln!(out, "<p>{}</p>", lines.join("<br>"));
    }
    for part in sheet.second.iter() {
        html_part(&mut out, part);
    }
    let from = &letter.organisation;
    let _ = writeln!(
        out,
        "</main>\n<footer>\n<p style=\"max-width:38em;margin:0 auto;padding:20px\">{}<br>{}<br>{}</p>\n</footer>\n</body>\n</html>",
        escape(&from.name),
        escape(&from.address.join(", ")),
        escape(&from.web)
    );
    out
}

fn html_part(out: &mut String, part: &Part) {
    let _ = match part {
        Part::Heading { text } => writeln!(out, "<h2>{}</h2>", escape(text)),
        Part::Para { text, strong: true } => writeln!(out, "<p><strong>{}</strong></p>", escape(text)),
        Part::Para { text, .. } => writeln!(out, "<p>{}</p>", escape(text)),
        Part::List { items } => {
            out.push_str("<ul>\n");
            for item in items {
                let lead = if item.lead.is_empty() {
                    String::new()
                } else {
                    format!("<strong>{}</strong> ", escape(&item.lead))
                };
                let _ = writeln!(out, "<li>{lead}{}</li>", escape(&item.text));
            }
            writeln!(out, "</ul>")
        }
        Part::Table(table) => html_table(out, table),
    };
}

fn html_table(out: &mut String, table: &Table) -> std::fmt::Result {
    let side = |at: usize| {
        if table.head.get(at).is_some_and(|column| column.number) { " class=\"n\"" } else { "" }
    };
    writeln!(out, "<table>\n<caption>{}</caption>\n<thead><tr>", escape(&table.caption))?;
    for (at, column) in table.head.iter().enumerate() {
        writeln!(out, "<th scope=\"col\"{}>{}</th>", side(at), escape(&column.name))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in &table.rows {
        out.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            match at {
                0 => write!(out, "<th scope=\"row\">{}</th>", escape(cell))?,
                _ => write!(out, "<td{}>{}</td>", side(at), escape(cell))?,
            }
        }
        writeln!(out, "</tr>")?;
    }
    out.push_str("</tbody>\n");
    if !table.totals.is_empty() {
        let span = table.head.len().saturating_sub(1);
        out.push_str("<tfoot>\n");
        for (label, value) in &table.totals {
            let (label, value) = (escape(label), escape(value));
            writeln!(
                out,
                "<tr><th scope=\"row\" colspan=\"{span}\" class=\"n\">{label}</th><td class=\"n\">{value}</td></tr>"
            )?;
        }
        out.push_str("</tfoot>\n");
    }
    writeln!(out, "</table>")
}

fn text(letter: &Letter, sheet: &Sheet) -> String {
    let mut out = format!("{}\n\n{}", sheet.from_name, sheet.title);
    if !sheet.sum.is_empty() {
        let _ = write!(out, "\n\n{}: {}", sheet.sum_label, sheet.sum);
    }
    if !sheet.sum_note.is_empty() {
        let _ = write!(out, "\n{}", sheet.sum_note);
    }
    out.push_str("\n\n");
    for (label, value) in &sheet.facts {
        let _ = writeln!(out, "{label}: {value}");
    }
    let _ = writeln!(out, "\n{}", sheet.greeting);
    for part in sheet.body.iter() {
        text_part(&mut out, part);
    }
    if !sheet.signed.is_empty() {
        let _ = writeln!(out, "\n{}", sheet.signed.join("\n"));
    }
    for part in sheet.second.iter() {
        text_part(&mut out, part);
    }
    let from = &letter.organisation;
    let _ = writeln!(out, "\n{}\n{}\n{}", from.name, from.address.join(", "), from.web);
    out
}

fn text_part(out: &mut String, part: &Part) {
    let _ = match part {
        Part::Heading { text } => writeln!(out, "\n{text}"),
        Part::Para { text, .. } => writeln!(out, "\n{text}"),
        Part::List { items } => items.iter().try_for_each(|item| match item.lead.is_empty() {
            true => writeln!(out, "- {}", item.text),
            false => writeln!(out, "- {} {}", item.lead, item.text),
        }),
        Part::Table(table) => text_table(out, table),
    };
}

/// A table read out row by row: columns would fall apart in a proportional typeface and in a screen reader.
fn text_table(out: &mut String, table: &Table) -> std::fmt::Result {
    writeln!(out, "\n{}", table.caption)?;
    for row in &table.rows {
        let cells: Vec<_> = table
            .head
            .iter()
            .zip(row)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(column, cell)| format!("{}: {cell}", column.name))
            .collect();
        writeln!(out, "- {}", cells.join("; "))?;
    }
    table.totals.iter().try_for_each(|(label, value)| writeln!(out, "{label}: {value}"))
}
