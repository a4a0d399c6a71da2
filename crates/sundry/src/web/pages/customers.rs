//! The customers, and the form of a new or a changed one.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_desk::customers::Identity;
use sundry_domain::customers::CustomerKind;
use sundry_domain::money::Pence;

/// The list of customers.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Customers {
    /// The frame.
    pub frame: Frame,
    /// What was looked for; empty lists everyone by name.
    pub find: String,
    /// The kind chosen; empty for all.
    pub kind: String,
    /// The rows.
    pub rows: Vec<CustomerRow>,
    /// How many there are, in words.
    pub shown: String,
    /// The address of the next page; empty on the last.
    pub next: String,
    /// The address of this list, ready for one more field.
    pub address: String,
    /// Whether they may open an account.
    pub may_add: bool,
    /// Whether they may import customers.
    pub may_import: bool,
}

/// One customer.
#[derive(Clone, Debug)]
pub struct CustomerRow {
    /// Account.
    pub account: String,
    /// Name.
    pub name: String,
    /// Kind in words.
    pub kind: String,
    /// Town and postcode.
    pub place: String,
    /// Balance.
    pub balance: Pence,
    /// Overdue.
    pub overdue: Pence,
}

/// The kinds of customer: word and words.
pub fn kinds() -> Vec<(String, String)> {
    CustomerKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.name().to_owned())).collect()
}

impl Customers {
    /// The heading.
    pub fn heading(&self) -> String {
        "Customers".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = CustomerRow {
            account: "C103316".into(),
            name: "Pemberton, Joyce".into(),
            kind: "Individual".into(),
            place: "Northmere NM4 7QX".into(),
            balance: Pence(294_564),
            overdue: Pence(273_590),
        };
        let page = |rows: Vec<_>| Self {
            frame: Frame::sample("Customers"),
            find: String::new(),
            kind: String::new(),
            shown: "1,204 customers".into(),
            rows,
            next: "/customers?after=pemberton%2F1".into(),
            address: "/customers?".into(),
            may_add: true,
            may_import: true,
        };
        vec![("full", page(vec![row])), ("empty", page(Vec::new()))]
    }
}

impl Plain for Customers {
    fn actions(&self) -> Html {
        if self.may_add { ui::link_button("New customer", "/customers/new").into() } else { Html::default() }
    }

    fn body(&self) -> Html {
        let all = std::iter::once((String::new(), "All types".to_owned())).chain(kinds());
        let filter = ui::filters("/customers")
            .field(ui::input("find", "Name, reference or number", &self.find).width(20))
            .field(ui::select("kind", "Customer type", &self.kind, all));
        let on = !self.find.is_empty() || !self.kind.is_empty();
        let filter = if on { filter.clear("/customers") } else { filter };
        if self.rows.is_empty() {
            let nothing = ui::empty("No customers here", "Nobody matches, or no customers have been taken on yet.");
            let nothing = match (on, self.may_import) {
                (true, _) => nothing.action(ui::link("/customers", "Clear the filters")),
                (false, true) => nothing.action(ui::link("/imports/customers", "Import customers")),
                (false, false) => nothing,
            };
            return Html::from(filter).and(nothing);
        }
        let rows = self.rows.iter().map(|row| {
            ui::row()
                .cell(ui::link(format!("/customers/{}", row.account), &row.name))
                .cell(&row.account)
                .cell(&row.kind)
                .cell(&row.place)
                .cell(row.balance)
                .cell(row.overdue)
        });
        let links = ui::link(format!("{}format=csv", self.address), "Download CSV")
            .and(ui::link(format!("{}format=xlsx", self.address), "Download XLSX"));
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        Html::from(filter)
            .and(ui::toolbar(&self.shown, links))
            .and(
                ui::table("Customers")
                    .columns([
                        ui::col("Customer"),
                        ui::col("Account"),
                        ui::col("Type"),
                        ui::col("Place"),
                        ui::num("Balance"),
                        ui::num("Overdue"),
                    ])
                    .rows(rows),
            )
            .and(ui::para(next))
    }
}

/// What is typed about a customer. The fields are named as the columns of the import.
#[derive(Clone, Debug, Default)]
pub struct TypedCustomer {
    /// Kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// First line of the address.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// Email.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Days to pay, as typed.
    pub terms_days: String,
    /// `post` or `email`.
    pub channel: String,
    /// `en` or `cy`.
    pub language: String,
    /// `standard`, `large_print`, `easy_read` or `braille`.
    pub letter_format: String,
    /// Who looks after the account.
    pub collector: String,
}

/// The form of a new customer, or of one that is changed.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CustomerForm {
    /// The frame.
    pub frame: Frame,
    /// When one is changed: its number, the name it has, and the version that was read.
    pub change: Option<(String, String, i64)>,
    /// What is typed.
    pub typed: TypedCustomer,
    /// Where a new address comes from.
    pub source: String,
    /// Numbers that tell a new one from others.
    pub identity: Identity,
    /// Others who look like the same: account and words. Sent again, the customer is added all the same.
    pub alike: Vec<(String, String)>,
}

impl CustomerForm {
    /// The heading.
    pub fn heading(&self) -> String {
        self.change.as_ref().map_or("New customer".to_owned(), |(_, name, _)| format!("Change details: {name}"))
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, change, alike| Self {
            frame,
            change,
            typed: TypedCustomer { kind: "individual".into(), terms_days: "30".into(), ..TypedCustomer::default() },
            source: String::new(),
            identity: Identity::default(),
            alike,
        };
        let wrong = Frame::sample("Customers")
            .wrong("name", "Enter the customer's name")
            .wrong("postcode", "Enter a full UK postcode, like SW1A 1AA");
        let alike = vec![("C103316".to_owned(), "Joyce Pemberton, NM4 7QX: same name, address".to_owned())];
        let change = Some(("C103316".to_owned(), "Joyce Pemberton".to_owned(), 3));
        vec![
            ("empty", page(Frame::sample("Customers"), None, Vec::new())),
            ("alike", page(Frame::sample("Customers"), None, alike)),
            ("error", page(wrong, None, Vec::new())),
            ("change", page(Frame::sample("Customers"), change, Vec::new())),
        ]
    }

    fn who(&self) -> Html {
        let (typed, errors) = (&self.typed, &self.frame.errors);
        let formats = [
            ("standard", "Standard"),
            ("large_print", "Large print"),
            ("audio", "Audio"),
            ("easy_read", "Easy read"),
            ("braille", "Braille"),
        ];
        Html::from(ui::radios("kind", "Type", &typed.kind, kinds()).errors(errors))
            .and(ui::input("name", "Name", &typed.name).width(30).errors(errors))
            .and(
                ui::radios("language", "Language of letters", &typed.language, [("en", "English"), ("cy", "Cymraeg")])
                    .errors(errors),
            )
            .and(
                ui::radios("channel", "How letters go", &typed.channel, [("post", "By post"), ("email", "By email")])
                    .errors(errors),
            )
            .and(ui::select("letter_format", "Format of letters", &typed.letter_format, formats).errors(errors))
            .and(self.numbers())
    }

    /// Numbers that are kept as references; those of an account that is open are on its page.
    fn numbers(&self) -> Html {
        if self.change.is_some() {
            return Html::default();
        }
        let (known, errors) = (&self.identity, &self.frame.errors);
        Html::from(ui::input("company_number", "Company number", &known.company_number).width(20).errors(errors))
            .and(ui::input("nhs_number", "NHS number", &known.nhs_number).width(20).errors(errors))
            .and(ui::input("vat_number", "VAT number", &known.vat_number).width(20).errors(errors))
    }

    fn whereabouts(&self) -> Html {
        let (typed, errors) = (&self.typed, &self.frame.errors);
        let line = |id: &str, label: &str, value: &str, width| {
            Html::from(ui::input(id, label, value).width(width).errors(errors))
        };
        let days =
            ui::input("terms_days", "Days to pay", &typed.terms_days).width(3).input_mode("numeric").errors(errors);
        let email = ui::input("email", "Email", &typed.email).kind("email").width(30).errors(errors);
        let source = if self.change.is_some() {
            line("source", "Where a new address comes from", &self.source, 30)
        } else {
            Html::default()
        };
        line("address1", "Address", &typed.address1, 30)
            .and(line("address2", "Second line of the address", &typed.address2, 30))
            .and(line("town", "Town", &typed.town, 20))
            .and(line("postcode", "Postcode", &typed.postcode, 10))
            .and(source)
            .and(email)
            .and(ui::input("phone", "Telephone", &typed.phone).kind("tel").width(20).errors(errors))
            .and(days)
            .and(line("collector", "Who looks after the account", &typed.collector, 20))
    }
}

impl Plain for CustomerForm {
    fn above(&self) -> Html {
        let mut places = vec![("/customers".to_owned(), "Customers".to_owned())];
        places.extend(self.change.as_ref().map(|(number, name, _)| (format!("/customers/{number}"), name.clone())));
        ui::breadcrumbs(places).into()
    }

    fn body(&self) -> Html {
        let links = self
            .alike
            .iter()
            .map(|(account, words)| Html::from(ui::para(ui::link(format!("/customers/{account}"), words))));
        let alike = if self.alike.is_empty() {
            Html::default()
        } else {
            let say = ui::para("If it is someone else, add the customer again.");
            Html::from(ui::boxed("These accounts look the same. Is it one of these?", ui::parts(links).and(say)))
                .and(ui::hidden("sure", "yes"))
        };
        let (action, hidden, verb) = match &self.change {
            Some((number, _, version)) => {
                (format!("/customers/{number}/change"), ui::hidden("version", version.to_string()), "Save changes")
            }
            None => ("/customers/new".to_owned(), Html::default(), "Add customer"),
        };
        let body = alike.and(hidden).and(ui::grid([(6, self.who()), (6, self.whereabouts().and(ui::button(verb)))]));
        ui::post_form(action, self.frame.tokens("customer"), body).guarded().into()
    }
}
