//! The letter as it will be read: every figure a text, every table laid out. PDF, HTML and plain text all start here,
//! so they cannot say different things.

use crate::late;
use crate::letter::{Ageing, Block, InvoiceTable, Language, Letter, LetterKind, Panel};
use crate::money::{long_date, pounds, short_date};
use crate::words::Words;
use serde::Serialize;

/// One piece of the letter's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub(crate) enum Part {
    Heading { text: String },
    Para { text: String, strong: bool },
    List { items: Vec<ListItem> },
    Table(Table),
}

/// A list item with an optional bold beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ListItem {
    pub lead: String,
    pub text: String,
}

/// A table: the first column is its row headers, columns marked `number` are set to the right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Table {
    pub caption: String,
    pub head: Vec<Column>,
    pub rows: Vec<Vec<String>>,
    pub totals: Vec<(String, String)>,
}

/// A column's heading and side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Column {
    pub name: String,
    pub number: bool,
    pub wide: bool,
}

/// The whole letter, ready to be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Sheet {
    pub lang: &'static str,
    pub title: String,
    pub large: bool,
    pub copy: String,
    pub from_name: String,
    pub from_address: Vec<String>,
    pub from_web: String,
    pub colour: String,
    pub logo: String,
    pub logo_alt: String,
    pub code: String,
    pub code_alt: String,
    pub code_words: String,
    pub address: Vec<String>,
    pub facts: Vec<(String, String)>,
    pub sum_label: String,
    pub sum: String,
    pub sum_note: String,
    pub greeting: String,
    pub body: Vec<Part>,
    pub second: Vec<Part>,
    pub signed: Vec<String>,
    pub page: &'static str,
    pub of: &'static str,
    pub foot: String,
    pub enclosed: Vec<Enclosed>,
    pub year: i32,
    pub month: u32,
    pub day: u32,
    pub attach: Vec<Attach>,
}

/// Pages printed after the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Enclosed {
    pub title: String,
    pub path: String,
    pub pages: usize,
}

/// A file inside the PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Attach {
    pub name: String,
    pub path: String,
    pub media_type: String,
    pub description: String,
    pub relationship: &'static str,
}

impl Sheet {
    /// Works out everything a letter shows.
    pub(crate) fn of(letter: &Letter) -> Self {
        use chrono::Datelike;
        let words = Words::of(letter.language);
        let from = &letter.organisation;
        let mut address = vec![letter.to.name.clone()];
        address.extend(letter.to.address.iter().filter(|line| !line.trim().is_empty()).cloned());
        let (sum_label, sum_note) = sum_words(letter, &words);
        Self {
            lang: letter.language.tag(),
            title: letter.title.clone(),
            large: letter.large_print,
            copy: if letter.copy { words.copy.to_owned() } else { String::new() },
            from_name: from.name.clone(),
            from_address: from.address.clone(),
            from_web: from.web.clone(),
            colour: from
                .brand_colour
                .clone()
                .filter(|colour| is_colour(colour))
                .unwrap_or_else(|| "#1d1d1b".to_owned()),
            logo: String::new(),
            logo_alt: format!("{} {}", words.logo, from.name),
            code: String::new(),
            code_alt: code_alt(letter, &words),
            code_words: words.scan.to_owned(),
            address,
            facts: facts(letter, &words),
            sum_label,
            sum: sum(letter),
            sum_note,
            greeting: if letter.to.salutation.is_empty() {
                String::new()
            } else {
                format!("{} {}", words.dear, letter.to.salutation)
            },
            body: body(letter, &words),
            second: second_page(letter),
            signed: signed(letter, &words),
            page: words.page,
            of: words.of,
            foot: format!("{}  ·  {}", from.name, letter.number),
            enclosed: Vec::new(),
            year: letter.dated_on.year(),
            month: letter.dated_on.month(),
            day: letter.dated_on.day(),
            attach: Vec::new(),
        }
    }

    /// Runs `change` over every text that came from data, for characters the typeface lacks.
    pub(crate) fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        for text in [&mut self.title, &mut self.from_name, &mut self.from_web, &mut self.greeting, &mut self.foot] {
            change(text);
        }
        change(&mut self.logo_alt);
        change(&mut self.code_alt);
        self.from_address.iter_mut().chain(&mut self.address).chain(&mut self.signed).for_each(&mut *change);
        self.facts.iter_mut().for_each(|(_, value)| change(value));
        self.enclosed.iter_mut().for_each(|enclosed| change(&mut enclosed.title));
        self.attach.iter_mut().for_each(|attach| change(&mut attach.description));
        for part in self.body.iter_mut().chain(&mut self.second) {
            match part {
                Part::Heading { text } | Part::Para { text, .. } => change(text),
                Part::List { items } => items.iter_mut().for_each(|item| {
                    change(&mut item.lead);
                    change(&mut item.text);
                }),
                Part::Table(table) => {
                    table.rows.iter_mut().flatten().for_each(&mut *change);
                    table.totals.iter_mut().for_each(|(label, value)| {
                        change(label);
                        change(value);
                    });
                }
            }
        }
    }
}

fn code_alt(letter: &Letter, words: &Words) -> String {
    let link = letter.payment.as_ref().and_then(|payment| payment.link.as_deref()).unwrap_or_default();
    format!("{}: {link}", words.scan)
}

fn is_colour(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text.chars().skip(1).all(|c| c.is_ascii_hexdigit())
}

/// The sum in the panel: of an invoice in instalments the first, which is what its date asks for. A letter that sets a
/// Direct Debit up, an answer after which nothing is left to pay and a plan that was paid name none.
fn sum(letter: &Letter) -> String {
    let may_ask_nothing = matches!(letter.kind, LetterKind::DirectDebit | LetterKind::Plan | LetterKind::Other);
    if may_ask_nothing && letter.sum_pence == 0 {
        String::new()
    } else {
        pounds(first_part(letter).unwrap_or(letter.sum_pence))
    }
}

/// What the first instalment comes to.
fn first_part(letter: &Letter) -> Option<i64> {
    let parts = &letter.invoice.as_ref().filter(|_| letter.kind == LetterKind::Invoice)?.instalments;
    parts.first().map(|part| part.amount_pence)
}

fn sum_words(letter: &Letter, words: &Words) -> (String, String) {
    let by = |label: &str| {
        letter.due_on.map(|due| format!("{label} {}", long_date(due, letter.language))).unwrap_or_default()
    };
    let (label, note) = match letter.kind {
        LetterKind::CreditNote => (words.credit, String::new()),
        LetterKind::Statement => (words.balance, String::new()),
        LetterKind::Receipt => (words.received, String::new()),
        LetterKind::DirectDebit => (words.to_collect, by(words.on)),
        LetterKind::PayingIn => ("Total paid in", String::new()),
        LetterKind::LetterOfClaim | LetterKind::LetterBeforeAction => (words.to_pay, by(words.reply_by)),
        _ if first_part(letter).is_some() => (words.first_to_pay, by(words.pay_by)),
        _ => (words.to_pay, by(words.pay_by)),
    };
    (label.to_owned(), note)
}

fn facts(letter: &Letter, words: &Words) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut add = |label: &str, value: String| facts.push((label.to_owned(), value));
    add(words.date, long_date(letter.dated_on, letter.language));
    let number = match letter.kind {
        LetterKind::Invoice => words.invoice_number,
        LetterKind::CreditNote => words.credit_number,
        LetterKind::PayingIn => "Batch",
        _ => words.letter_number,
    };
    if !letter.number.is_empty() {
        add(number, letter.number.clone());
    }
    if !letter.to.customer_number.is_empty() {
        add(words.customer_number, letter.to.customer_number.clone());
    }
    if let Some(invoice) = &letter.invoice {
        if let Some(reference) = &invoice.your_reference {
            add(words.your_reference, reference.clone());
        }
        if let Some(tax_point) = invoice.tax_point_on.filter(|_| is_vat_invoice(invoice)) {
            add(words.tax_point, long_date(tax_point, letter.language));
        }
        if let Some(number) = letter.organisation.vat_number.as_ref().filter(|_| is_vat_invoice(invoice)) {
            add(words.vat_number, number.clone());
        }
    }
    facts
}

fn is_vat_invoice(invoice: &InvoiceTable) -> bool {
    invoice.lines.iter().any(|line| line.taxable)
}

fn signed(letter: &Letter, words: &Words) -> Vec<String> {
    if matches!(
        letter.kind,
        LetterKind::Invoice | LetterKind::CreditNote | LetterKind::Statement | LetterKind::PayingIn
    ) {
        return Vec::new();
    }
    let team = &letter.organisation.team_name;
    let by = letter.signed_by.as_ref().map_or_else(|| capital(team), |name| format!("{name}, {team}"));
    vec![words.yours.to_owned(), by]
}

/// The words with a capital, as a line of their own begins: `The team for bills and invoices`.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Six digits in pairs, as banks print a sort code; anything else as it stands.
fn sort_code(code: &str) -> String {
    match code.as_bytes() {
        six @ [_, _, _, _, _, _] if six.iter().all(u8::is_ascii_digit) => {
            let (first, rest) = code.split_at(2);
            let (second, third) = rest.split_at(2);
            format!("{first}-{second}-{third}")
        }
        _ => code.to_owned(),
    }
}

fn body(letter: &Letter, words: &Words) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut blocks = letter.blocks.iter();
    if letter.invoice.is_some() || letter.kind == LetterKind::Statement {
        if let Some(opening) = blocks.next() {
            block(&mut parts, letter, opening, words);
        }
        if let Some(invoice) = &letter.invoice {
            parts.extend(invoice_parts(invoice, letter.language, words));
        }
        if letter.kind == LetterKind::Statement && !letter.items.is_empty() {
            parts.push(Part::Table(items_table(letter, words)));
        }
        if let Some(ageing) = letter.ageing.as_ref().filter(|_| letter.kind == LetterKind::Statement) {
            parts.push(Part::Table(ageing_table(letter, ageing, words)));
        }
    }
    if letter.kind == LetterKind::PayingIn {
        parts.push(Part::Table(slip_table(letter)));
    }
    for one in blocks {
        block(&mut parts, letter, one, words);
    }
    parts
}

/// What is open by age; credits stand apart, so that no band hides what is late.
fn ageing_table(letter: &Letter, ageing: &Ageing, words: &Words) -> Table {
    // Bands with nothing in them would push how to pay off the page.
    let held = ageing.bands.iter().filter(|(_, pence)| *pence != 0);
    let mut rows: Vec<Vec<String>> = held.map(|(name, pence)| vec![name.clone(), pounds(*pence)]).collect();
    if ageing.unallocated_pence != 0 {
        rows.push(vec![words.unallocated.to_owned(), pounds(ageing.unallocated_pence)]);
    }
    Table {
        caption: format!("{} {}", words.ageing_caption, long_date(ageing.as_at, letter.language)),
        head: vec![wide(words.overdue_by), column(words.amount, true)],
        rows,
        totals: vec![(words.balance.to_owned(), pounds(letter.sum_pence))],
    }
}

/// A slip's rows; our own paper, so in English.
fn slip_table(letter: &Letter) -> Table {
    let head = vec![column("Cheque or cash", false), wide("Drawer and bank"), column("Amount", true)];
    let row =
        |item: &crate::letter::LetterItem| vec![item.number.clone(), item.description.clone(), pounds(item.owed_pence)];
    let sum = letter.items.iter().fold(0i64, |sum, item| sum.saturating_add(item.owed_pence));
    let count = letter.items.len();
    Table {
        caption: format!("{count} {}", if count == 1 { "item" } else { "items" }),
        head,
        rows: letter.items.iter().map(row).collect(),
        totals: vec![("Total".to_owned(), pounds(sum))],
    }
}

/// The table that begins page two, for letters that put their items there.
fn second_page(letter: &Letter) -> Vec<Part> {
    if letter.items.is_empty() || matches!(letter.kind, LetterKind::Statement | LetterKind::PayingIn) {
        return Vec::new();
    }
    let words = Words::of(letter.language);
    let mut parts = vec![Part::Table(items_table(letter, &words))];
    parts.extend(late::parts(letter, &words));
    parts
}

fn block(parts: &mut Vec<Part>, letter: &Letter, block: &Block, words: &Words) {
    let panel = match block.panel {
        Panel::None => Vec::new(),
        Panel::HowToPay => ways_to_pay(letter, words),
        Panel::Contact => contact(letter, words),
        Panel::Enclosures => {
            letter.enclosures.iter().map(|one| ListItem { lead: String::new(), text: one.title.clone() }).collect()
        }
    };
    let text = paragraphs(&block.text);
    if text.is_empty() && panel.is_empty() {
        return;
    }
    if let Some(heading) = &block.heading {
        parts.push(Part::Heading { text: heading.clone() });
    }
    parts.extend(text);
    if !panel.is_empty() {
        parts.push(Part::List { items: panel });
    }
}

fn paragraphs(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            open = false;
        } else if let Some(item) = line.strip_prefix("- ") {
            let item = ListItem { lead: String::new(), text: item.to_owned() };
            match parts.last_mut() {
                Some(Part::List { items }) => items.push(item),
                _ => parts.push(Part::List { items: vec![item] }),
            }
            open = false;
        } else if let (true, Some(Part::Para { text, .. })) = (open, parts.last_mut()) {
            text.push(' ');
            text.push_str(line);
        } else {
            parts.push(Part::Para { text: line.to_owned(), strong: false });
            open = true;
        }
    }
    parts
}

fn ways_to_pay(letter: &Letter, words: &Words) -> Vec<ListItem> {
    let Some(payment) = &letter.payment else {
        return Vec::new();
    };
    let mut ways = Vec::new();
    if let Some(online) = &payment.online {
        let code =
            payment.online_code.as_ref().map(|code| format!(", {} {code}", words.online_code)).unwrap_or_default();
        ways.push(ListItem { lead: words.online.to_owned(), text: format!("{online}{code}") });
    }
    if let Some(phone) = &payment.phone {
        ways.push(ListItem { lead: words.by_phone.to_owned(), text: phone.clone() });
    }
    let bank = &letter.organisation.bank;
    if !bank.account.is_empty() {
        let text = format!(
            "{} {}, {} {}, {} {}, {} {}",
            words.sort_code,
            sort_code(&bank.sort_code),
            words.account,
            bank.account,
            words.account_name,
            bank.account_name,
            words.reference,
            payment.reference
        );
        ways.push(ListItem { lead: words.by_transfer.to_owned(), text });
    }
    ways
}

fn contact(letter: &Letter, words: &Words) -> Vec<ListItem> {
    let from = &letter.organisation;
    let hours = if from.phone_hours.is_empty() { String::new() } else { format!(" ({})", from.phone_hours) };
    [(words.phone, &from.phone, format!("{}{hours}", from.phone)), (words.email, &from.email, from.email.clone())]
        .into_iter()
        .filter(|(_, present, _)| !present.is_empty())
        .map(|(lead, _, text)| ListItem { lead: lead.to_owned(), text })
        .collect()
}

pub(crate) fn column(name: &str, number: bool) -> Column {
    Column { name: name.to_owned(), number, wide: false }
}

pub(crate) fn wide(name: &str) -> Column {
    Column { name: name.to_owned(), number: false, wide: true }
}

fn invoice_parts(invoice: &InvoiceTable, language: Language, words: &Words) -> Vec<Part> {
    let vat = is_vat_invoice(invoice);
    let mut head = vec![wide(words.description), column(words.quantity, true), column(words.unit_price, true)];
    if vat {
        head.push(column(words.vat_rate, true));
    }
    head.push(column(if vat { words.without_vat } else { words.amount }, true));
    let rows = invoice.lines.iter().map(|line| {
        let mut row = vec![line.description.clone(), line.quantity.clone(), line.unit_price.clone()];
        if vat {
            row.push(line.vat_rate.clone());
        }
        row.push(pounds(line.net_pence));
        row
    });
    let mut totals = Vec::new();
    if vat {
        totals.push((words.total_net.to_owned(), pounds(invoice.net_pence)));
        totals.push((words.total_vat.to_owned(), pounds(invoice.vat_pence)));
    }
    totals.push((words.total.to_owned(), pounds(invoice.gross_pence)));
    let table = Table { caption: words.lines_caption.to_owned(), head, rows: rows.collect(), totals };
    let mut parts = vec![Part::Table(table)];
    parts.extend(vat_parts(invoice, vat, language, words));
    parts.extend(instalments(invoice, language, words));
    parts
}

fn instalments(invoice: &InvoiceTable, language: Language, words: &Words) -> Option<Part> {
    let row = |one: &crate::letter::InstalmentLine| {
        vec![one.number.clone(), short_date(one.due_on, language), pounds(one.amount_pence)]
    };
    (!invoice.instalments.is_empty()).then(|| {
        Part::Table(Table {
            caption: words.instalments.to_owned(),
            head: vec![wide(words.number), column(words.due, true), column(words.amount, true)],
            rows: invoice.instalments.iter().map(row).collect(),
            totals: Vec::new(),
        })
    })
}

fn vat_parts(invoice: &InvoiceTable, vat: bool, language: Language, words: &Words) -> Vec<Part> {
    let mut parts = Vec::new();
    let say = |text: String| Part::Para { text, strong: false };
    if vat {
        let head = vec![wide(words.rate), column(words.without_vat, true), column(words.vat, true)];
        let row =
            |line: &crate::letter::VatLine| vec![line.rate.clone(), pounds(line.net_pence), pounds(line.vat_pence)];
        let rows = invoice.vat.iter().map(row).collect();
        parts.push(Part::Table(Table { caption: words.vat_summary.to_owned(), head, rows, totals: Vec::new() }));
    } else {
        parts.push(say(words.not_vat.to_owned()));
    }
    if let Some(corrects) = &invoice.corrects {
        let text = format!(
            "{} {} ({}). {}: {}.",
            words.corrects,
            corrects.number,
            long_date(corrects.dated_on, language),
            words.reason,
            corrects.reason.trim_end_matches('.')
        );
        parts.push(say(text));
    }
    if let Some(discount) = &invoice.discount {
        parts.push(say(format!("{}: {discount}", words.discount)));
    }
    parts.extend(invoice.vat_wording.clone().map(say));
    parts
}

fn items_table(letter: &Letter, words: &Words) -> Table {
    let claim = matches!(letter.kind, LetterKind::LetterOfClaim | LetterKind::LetterBeforeAction);
    let charges = claim || letter.items.iter().any(|item| item.charges_pence != 0);
    let mut head = vec![column(words.number, false), wide(words.description)];
    // Seven columns would leave the description too narrow, so the due date joins it.
    if !charges {
        head.push(column(words.due, true));
    }
    head.push(column(words.amount, true));
    if charges {
        head.push(column(words.charges, true));
    }
    head.extend([column(words.paid, true), column(words.owed, true)]);
    let rows = letter.items.iter().map(|item| {
        let due = item.due_on.map(|day| short_date(day, letter.language)).unwrap_or_default();
        let mut row = vec![item.number.clone()];
        let mut said = item.description.clone();
        if charges && !due.is_empty() {
            said = format!("{said}. {}: {due}", words.due);
        }
        if item.in_query_pence != 0 {
            said = format!("{said}. {}: {}", words.in_query, pounds(item.in_query_pence));
        }
        row.push(said);
        if !charges {
            row.push(due);
        }
        row.push(pounds(item.amount_pence));
        if charges {
            row.push(pounds(item.charges_pence));
        }
        row.extend([pounds(item.paid_pence), pounds(item.owed_pence)]);
        row
    });
    Table {
        caption: match letter.kind {
            LetterKind::Plan => words.plan_caption,
            _ if claim => words.claim_caption,
            _ => words.items_caption,
        }
        .to_owned(),
        head,
        rows: rows.collect(),
        totals: vec![(
            words.total.to_owned(),
            pounds(letter.items.iter().fold(0i64, |sum, item| sum.saturating_add(item.owed_pence))),
        )],
    }
}
