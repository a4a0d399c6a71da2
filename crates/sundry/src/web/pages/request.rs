//! One request: what is asked, its files and history, and what may be done; and the form of a new one.

use super::contracts::Typed;
use super::invoice_form::VatChoice;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The fields of a request and what can be chosen in them.
#[derive(Clone, Debug, Default)]
pub struct RequestFields {
    /// What was typed, by field; those of a line carry its place: `description-1`.
    pub typed: Typed,
    /// Lines offered.
    pub lines: usize,
    /// Services of the reader: value and words.
    pub services: Vec<(String, String)>,
    /// Income codes: code and name.
    pub income: Vec<(String, String)>,
    /// VAT codes.
    pub vat: Vec<VatChoice>,
}

impl RequestFields {
    fn value(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    #[cfg(test)]
    fn sample() -> Self {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let vat =
            |code: &str, words: &str| VatChoice { code: code.into(), words: words.into(), rate_basis_points: 2_000 };
        let typed = [("what_for", "Hire of the town hall"), ("description-1", "Hall hire"), ("price-1", "100.00")];
        Self {
            typed: typed.iter().map(|(a, b)| pair(a, b)).collect(),
            lines: 3,
            services: vec![pair("Halls", "Halls"), pair("Licensing|CC1", "Licensing, CC1")],
            income: vec![pair("4100", "Fees and charges")],
            vat: vec![vat("S", "Standard 20%"), vat("O", "Outside the scope")],
        }
    }

    fn line(&self, frame: &Frame, place: usize) -> Html {
        let errors = &frame.errors;
        let at = |field: &str| format!("{field}-{place}");
        let none = |words: &str| ui::choice("", words);
        let vat = std::iter::once(none("Choose")).chain(self.vat.iter().map(|one| ui::choice(&one.code, &one.words)));
        let income = std::iter::once(none("The first"))
            .chain(self.income.iter().map(|(code, name)| ui::choice(code, format!("{code}, {name}"))));
        let input = |field: &str, label: &str, width: u8| {
            Html::from(ui::input(at(field), label, self.value(&at(field))).width(width).errors(errors))
        };
        let label = |words: &str| format!("{words} {place}");
        ui::row_of([
            input("description", &label("Line"), 20),
            input("quantity", &label("Quantity"), 5),
            input("price", &label("Price, £"), 5),
            Html::from(ui::select(at("vat"), label("VAT"), self.value(&at("vat")), vat).errors(errors)),
            Html::from(
                ui::select(at("coding"), label("Income code"), self.value(&at("coding")), income).errors(errors),
            ),
        ])
        .into()
    }

    fn form(&self, frame: &Frame) -> Html {
        let errors = &frame.errors;
        let services = self.services.iter().map(|(value, words)| ui::choice(value, words));
        let head = Html::from(ui::select("service", "Service", self.value("service"), services).errors(errors))
            .and(
                ui::input("cost_centre", "Cost centre, where the service has several", self.value("cost_centre"))
                    .width(10)
                    .errors(errors),
            )
            .and(
                ui::textarea("what_for", "What it is for", self.value("what_for"))
                    .hint("For the desk: what was supplied, and on whose word")
                    .rows(3)
                    .errors(errors),
            )
            .and(
                ui::input("customer", "Customer's account number, if you know it", self.value("customer"))
                    .width(10)
                    .errors(errors),
            )
            .and(
                ui::textarea("customer_words", "Or describe the customer", self.value("customer_words"))
                    .hint("Name, address, e-mail")
                    .rows(3)
                    .errors(errors),
            )
            .and(ui::row_of([
                Html::from(ui::date_input("supply_on", "When supplied", self.value("supply_on")).errors(errors)),
                Html::from(
                    ui::input("po_number", "Purchase order, if there is one", self.value("po_number"))
                        .width(10)
                        .errors(errors),
                ),
            ]));
        let lines =
            (1..=self.lines).fold(head.and(ui::heading("Lines")), |all, place| all.and(self.line(frame, place)));
        lines.and(
            ui::file_field("file", "Evidence, if there is any", ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.eml,.csv,.txt")
                .hint("A booking, a signed form, an e-mail")
                .errors(errors),
        )
    }
}

/// A new request.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct NewRequest {
    /// The frame; errors belong to the fields, those of lines with their place.
    pub frame: Frame,
    /// The fields.
    pub fields: RequestFields,
}

impl NewRequest {
    /// The heading.
    pub fn heading(&self) -> String {
        "Ask for an invoice".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, fields| Self { frame, fields };
        let wrong = Frame::sample("Billing")
            .wrong("what_for", "Enter what it is for, in at most 500 characters")
            .wrong("vat-1", "Choose S, R, Z, E or O");
        let none = RequestFields { services: Vec::new(), ..RequestFields::sample() };
        vec![
            ("full", page(Frame::sample("Billing"), RequestFields::sample())),
            ("error", page(wrong, RequestFields::sample())),
            ("no-service", page(Frame::sample("Billing"), none)),
        ]
    }
}

impl Plain for NewRequest {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing"), ("/billing/requests", "Requests")]).into()
    }

    fn body(&self) -> Html {
        if self.fields.services.is_empty() {
            let text = "Ask an administrator to say which services you ask for.";
            return ui::empty("No service has been given to you", text).into();
        }
        let body = self
            .fields
            .form(&self.frame)
            .and(ui::button("Send the request"))
            .and(ui::button("More lines").secondary().named("do", "more"));
        ui::post_form("/billing/requests/new", self.frame.tokens("ask"), body).with_file().into()
    }
}

/// One request.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneRequest {
    /// The frame; errors belong to `reason`, `customer_number` and the fields of the form.
    pub frame: Frame,
    /// Number.
    pub number: String,
    /// The version that is shown.
    pub version: i64,
    /// Where it stands.
    pub state: (String, ui::Tag),
    /// Facts: key and value.
    pub facts: Vec<(String, Html)>,
    /// Why it was sent back; empty otherwise.
    pub sent_back: String,
    /// Lines: what, quantity, price, VAT, income code.
    pub lines: Vec<[String; 5]>,
    /// With VAT.
    pub gross: Pence,
    /// Files: address, name, about it.
    pub files: Vec<(String, String, String)>,
    /// What happened: day, what, words, who.
    pub history: Vec<(NaiveDate, String, String, String)>,
    /// Whether the customer is only described.
    pub described: bool,
    /// Reason and customer number, as typed.
    pub typed: (String, String),
    /// The fields, where the reader may put it right.
    pub fields: Option<RequestFields>,
    /// Whether the reader may take it back.
    pub may_withdraw: bool,
    /// Whether the reader may take it on.
    pub may_take: bool,
    /// Whether the reader may approve it or send it back.
    pub may_answer: bool,
}

impl OneRequest {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Request {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let on = super::sampled::on;
        let page = |word: &str, tag: ui::Tag, frame| Self {
            frame,
            number: "REQ-000007".into(),
            version: 2,
            state: (word.into(), tag),
            facts: vec![
                (text("What it is for"), Html::from("Hire of the town hall on 30 April")),
                (text("Customer"), Html::from("Oak Scouts, 2 Low Road, Oakham")),
            ],
            sent_back: String::new(),
            lines: vec![["Hall hire", "1", "100.00", "S", "4100"].map(text)],
            gross: Pence(12_000),
            files: vec![(text("/billing/requests/REQ-000007/kept/ab"), text("booking.pdf"), text("From Ann Bell"))],
            history: vec![(on(2026, 11, 12), text("Asked"), text("Hire of the town hall"), text("Ann Bell"))],
            described: true,
            typed: (String::new(), String::new()),
            fields: None,
            may_withdraw: false,
            may_take: true,
            may_answer: true,
        };
        let asked = || ui::tag("Waits for the desk", ui::TagColour::Yellow);
        let back = ui::tag("Sent back", ui::TagColour::Orange);
        let wrong = Frame::sample("Billing").wrong("reason", "Enter what is to be put right");
        vec![
            ("asked", page("asked", asked(), Frame::sample("Billing"))),
            ("error", page("asked", asked(), wrong)),
            (
                "sent-back",
                Self {
                    sent_back: text("Which hall was it?"),
                    fields: Some(RequestFields::sample()),
                    may_withdraw: true,
                    may_take: false,
                    may_answer: false,
                    ..page("sent_back", back, Frame::sample("Billing"))
                },
            ),
            (
                "invoiced",
                Self {
                    may_take: false,
                    may_answer: false,
                    ..page("invoiced", ui::tag("Invoiced", ui::TagColour::Green), Frame::sample("Billing"))
                },
            ),
        ]
    }

    fn at(&self, verb: &str) -> String {
        format!("/billing/requests/{}/{verb}", self.number)
    }

    fn answer(&self) -> Html {
        let errors = &self.frame.errors;
        let mut all = Html::default();
        if self.may_take {
            let body = ui::button("Take it on").secondary().named("do", "take");
            all = all.and(ui::post_form(self.at("answer"), self.frame.tokens("take"), Html::from(body)));
        }
        if !self.may_answer {
            return all;
        }
        let seen = || ui::hidden("seen_version", self.version.to_string());
        let customer = if self.described {
            Html::from(
                ui::input("customer_number", "The customer's account number", &self.typed.1)
                    .hint("Find them, or open an account for them first")
                    .width(10)
                    .errors(errors),
            )
        } else {
            Html::default()
        };
        let yes = seen().and(customer).and(ui::button("Raise the invoice").named("do", "approve"));
        let no = seen()
            .and(ui::textarea("reason", "What is to be put right?", &self.typed.0).rows(3).errors(errors))
            .and(ui::button("Send it back").secondary().named("do", "back"));
        let yes = ui::post_form(self.at("answer"), self.frame.tokens("approve"), yes);
        let no = ui::post_form(self.at("answer"), self.frame.tokens("back"), no);
        let says = "The invoice is raised and posted as any other. Who asked cannot approve.";
        all.and(ui::boxed("Approve", Html::from(ui::para(says)).and(yes)).to_do()).and(ui::boxed("Or send it back", no))
    }

    fn own(&self) -> Html {
        let mut all = Html::default();
        if let Some(fields) = &self.fields {
            let body = ui::hidden("seen_version", self.version.to_string())
                .and(fields.form(&self.frame))
                .and(ui::button("Send it again"))
                .and(ui::button("More lines").secondary().named("do", "more"));
            let form = ui::post_form(self.at("correct"), self.frame.tokens("correct"), body).with_file();
            all = all.and(ui::heading("Put it right")).and(form);
        }
        if self.may_withdraw {
            let body =
                Html::from(ui::input("why", "Why, if you like", &self.typed.0).width(20).errors(&self.frame.errors))
                    .and(ui::button("Take it back").warning());
            let form = ui::post_form(self.at("withdraw"), self.frame.tokens("withdraw"), body);
            all = all.and(ui::boxed("No longer wanted", form));
        }
        all
    }

    /// What is asked, and the evidence: read before it is answered.
    fn tables(&self) -> Html {
        let rows = self.lines.iter().map(|line| line.iter().fold(ui::row(), |row, cell| row.cell(ui::or_dash(cell))));
        let table = ui::table("Lines").show_caption().columns([
            ui::col("What"),
            ui::num("Quantity"),
            ui::num("Price, £"),
            ui::col("VAT"),
            ui::col("Income code"),
        ]);
        let sum = ui::details_list().fact("With VAT", self.gross);
        let files = self
            .files
            .iter()
            .map(|(href, name, about)| ui::para(ui::link(href, name).and(ui::sub_line(about.as_str()))));
        let kept = if self.files.is_empty() { ui::muted("No file is kept with it.").into() } else { ui::parts(files) };
        Html::from(table.rows(rows)).and(sum).and(ui::panel("Evidence", kept))
    }

    fn past(&self) -> Html {
        let columns = [ui::col("Day").nowrap(), ui::col("What"), ui::col("Who")];
        ui::table("History").show_caption().columns(columns).rows(past_rows(&self.history)).into()
    }
}

fn past_rows(history: &[(NaiveDate, String, String, String)]) -> impl Iterator<Item = ui::Row> + '_ {
    history.iter().map(|(day, what, words, who)| {
        ui::row().cell(ui::date(*day)).cell(Html::from(what).and(ui::sub_line(words.as_str()))).cell(who)
    })
}

impl Plain for OneRequest {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing"), ("/billing/requests", "Requests")]).into()
    }

    fn body(&self) -> Html {
        let facts = ui::summary_list().fact("State", &self.state.1);
        let facts = self.facts.iter().fold(facts, |facts, (key, value)| facts.fact(key, value.clone()));
        let why = if self.sent_back.is_empty() {
            Html::default()
        } else {
            ui::boxed("Sent back: what is to be put right", ui::para(&self.sent_back)).to_do().into()
        };
        why.and(facts).and(self.tables()).and(self.answer()).and(self.past()).and(self.own())
    }
}
