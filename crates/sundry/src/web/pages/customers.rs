//! The customers, and the form of a new one.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::money::Pence;

/// The list of customers.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Customers {
    /// The frame.
    pub frame: Frame,
    /// What was searched for.
    pub find: String,
    /// The kind chosen; empty for all.
    pub kind: String,
    /// The rows.
    pub rows: Vec<CustomerRow>,
    /// How many match.
    pub matching: i64,
    /// This page and how many there are.
    pub page: (u32, u32),
}

/// The kinds of customer: word in the address and words.
pub const KINDS: [(&str, &str); 7] = [
    ("individual", "Individual"),
    ("company", "Company"),
    ("council", "Council"),
    ("nhs", "NHS body"),
    ("government", "Other public body"),
    ("charity", "Charity"),
    ("estate", "Estate"),
];

/// One customer.
#[derive(Clone, Debug)]
pub struct CustomerRow {
    /// Account.
    pub account: String,
    /// Name.
    pub name: String,
    /// Flags.
    pub tags: Vec<ui::Tag>,
    /// Kind in words.
    pub kind: String,
    /// Town and postcode.
    pub place: String,
    /// Balance.
    pub balance: Pence,
    /// Overdue.
    pub overdue: Pence,
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
            tags: vec![ui::tag("Cymraeg", ui::TagColour::Teal).welsh()],
            kind: "Individual".into(),
            place: "Northmere NM4 7QX".into(),
            balance: Pence(294_564),
            overdue: Pence(273_590),
        };
        let page = |rows: Vec<_>| Self {
            frame: Frame::sample("Customers"),
            find: String::new(),
            kind: String::new(),
            matching: 1,
            rows,
            page: (1, 12),
        };
        vec![("full", page(vec![row])), ("empty", page(Vec::new()))]
    }
}

impl Plain for Customers {
    fn actions(&self) -> Html {
        Html::from(ui::link_button("New customer", "/customers/new")).and(ui::link("/customers.csv", "Download CSV"))
    }

    fn body(&self) -> Html {
        let kinds = std::iter::once(("", "All types")).chain(KINDS);
        let filter = ui::filters("/customers")
            .field(ui::input("find", "Name, reference or postcode", &self.find).width(20))
            .field(ui::select("kind", "Customer type", &self.kind, kinds))
            .clear("/customers");
        if self.rows.is_empty() {
            let nothing = ui::empty(
                "No customers here",
                "Nobody matches, or no customers have been taken on yet.",
            );
            return Html::from(filter).and(nothing.action(ui::link("/imports/customers", "Import customers")));
        }
        let rows = self.rows.iter().map(|row| {
            ui::row()
                .cell(ui::link(format!("/customers/{}", row.account), &row.name).and(ui::parts(&row.tags)))
                .cell(&row.account)
                .cell(&row.kind)
                .cell(&row.place)
                .cell(row.balance)
                .cell(row.overdue)
        });
        let (page, pages) = self.page;
        Html::from(filter)
            .and(ui::toolbar(ui::count_of(self.matching, "customer", "customers"), ""))
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
            .and(ui::pagination(
                page,
                pages,
                format!("/customers?find={}&kind={}&page=", self.find, self.kind),
            ))
    }
}

/// The form of a new customer. The fields are named as the columns of the import.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct NewCustomer {
    /// The frame.
    pub frame: Frame,
    /// Kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// First line of the address.
    pub address1: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// Email.
    pub email: String,
    /// Days to pay, as typed.
    pub terms_days: String,
    /// Language: `en`, `cy`, `both`, `unknown`.
    pub language: String,
    /// Others who look like the same: account and words.
    pub alike: Vec<(String, String)>,
}

impl NewCustomer {
    /// The heading.
    pub fn heading(&self) -> String {
        "New customer".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, alike| Self {
            frame,
            kind: "individual".into(),
            name: String::new(),
            address1: String::new(),
            town: String::new(),
            postcode: String::new(),
            email: String::new(),
            terms_days: "28".into(),
            language: "unknown".into(),
            alike,
        };
        let wrong = Frame::sample("Customers")
            .wrong("name", "Enter a name")
            .wrong("postcode", "Enter a postcode such as NM4 7QX");
        let alike = vec![("C103316".to_owned(), "Joyce Pemberton, NM4 7QX".to_owned())];
        vec![
            ("empty", page(Frame::sample("Customers"), Vec::new())),
            ("error", page(wrong, alike)),
        ]
    }
}

impl Plain for NewCustomer {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/customers", "Customers")]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let languages = [
            ("en", "English"),
            ("cy", "Cymraeg"),
            ("both", "Both"),
            ("unknown", "Not asked yet: both are sent"),
        ];
        let left = Html::from(ui::radios("kind", "Type", &self.kind, KINDS).errors(errors))
            .and(ui::input("name", "Name", &self.name).width(30).errors(errors))
            .and(ui::radios("language", "Language of letters", &self.language, languages).errors(errors));
        let right = Html::from(
            ui::input("address1", "Address", &self.address1)
                .width(30)
                .errors(errors),
        )
        .and(ui::input("town", "Town", &self.town).width(20).errors(errors))
        .and(
            ui::input("postcode", "Postcode", &self.postcode)
                .width(10)
                .errors(errors),
        )
        .and(
            ui::input("email", "Email", &self.email)
                .kind("email")
                .width(30)
                .errors(errors),
        )
        .and(
            ui::input("terms_days", "Days to pay", &self.terms_days)
                .width(3)
                .input_mode("numeric")
                .errors(errors),
        )
        .and(ui::button("Add customer"));
        let links = ui::parts(
            self.alike
                .iter()
                .map(|(account, words)| ui::link(format!("/customers/{account}"), words)),
        );
        let alike = if links.is_empty() {
            links
        } else {
            ui::boxed("Is it one of these?", links).into()
        };
        ui::post_form(
            "/customers/new",
            self.frame.tokens("customer"),
            alike.and(ui::grid([(6, left), (6, right)])),
        )
        .guarded()
        .into()
    }
}
