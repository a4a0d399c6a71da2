//! Requests from services: the list, a workbook of them, and who asks for which service.

use super::admin::tabs;
use super::contracts::{Typed, places};
use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The requests, newest first.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Requests {
    /// The frame; errors belong to `file` and `service`.
    pub frame: Frame,
    /// State, service and `yes` for those taken on by the reader, as chosen.
    pub filter: [String; 3],
    /// The rows.
    pub rows: Vec<RequestLine>,
    /// The address of the next page; empty on the last.
    pub next: String,
    /// The address of the list, ready for one more field.
    pub address: String,
    /// What is wrong with a workbook: row, field, what to do, what it says.
    pub faults: Vec<(String, String, String, String)>,
    /// Services of the reader: value and words; none for who does not ask.
    pub services: Vec<(String, String)>,
    /// Whether the reader asks for invoices.
    pub may_ask: bool,
    /// Whether the reader answers requests.
    pub may_answer: bool,
}

/// One line of the list.
#[derive(Clone, Debug)]
pub struct RequestLine {
    /// Number.
    pub number: String,
    /// What it is for, and the service.
    pub what: (String, String),
    /// Account, or empty where the customer is only described.
    pub customer: String,
    /// Who asks, and when.
    pub asked: (String, NaiveDate),
    /// With VAT.
    pub gross: Pence,
    /// Its age in days, while it waits; whether its day has passed.
    pub age: (String, bool),
    /// Who has it.
    pub owner: String,
    /// The invoice.
    pub invoice: String,
    /// Where it stands.
    pub state: ui::Tag,
}

impl Requests {
    /// The heading.
    pub fn heading(&self) -> String {
        "Requests for invoices".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let line = RequestLine {
            number: "REQ-000007".into(),
            what: (text("Hire of the town hall on 30 April"), text("Halls, CC7")),
            customer: "C103933".into(),
            asked: (text("Ann Bell"), super::sampled::on(2026, 11, 12)),
            gross: Pence(12_000),
            age: (text("7 days"), true),
            owner: "Tom Ellis".into(),
            invoice: String::new(),
            state: ui::tag("Waits for the desk", ui::TagColour::Yellow),
        };
        let page = |frame, rows, faults| Self {
            frame,
            filter: [text("open"), String::new(), String::new()],
            rows,
            next: "/billing/requests?before=7".into(),
            address: "/billing/requests?".into(),
            faults,
            services: vec![(text("Halls"), text("Halls"))],
            may_ask: true,
            may_answer: true,
        };
        let fault = (text("3"), text("unit_price"), text("Enter an amount in pounds"), text("2O"));
        let wrong = Frame::sample("Billing").wrong("file", "Nothing was taken: put right what is listed");
        vec![
            ("full", page(Frame::sample("Billing"), vec![line], Vec::new())),
            ("empty", page(Frame::sample("Billing"), Vec::new(), Vec::new())),
            ("error", page(wrong, Vec::new(), vec![fault])),
        ]
    }

    fn bring(&self) -> Html {
        if !self.may_ask || self.services.is_empty() {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let services = self.services.iter().map(|(value, words)| ui::choice(value, words));
        let hint = "Columns: request, description, unit_price, vat_code; and if needed customer_id, customer, quantity, income_code, supplied_on, po_number, what_for, service, cost_centre. Rows with the same request make one";
        let body = Html::from(ui::file_field("file", "Workbook or CSV", ".csv,.xlsx").hint(hint).errors(errors))
            .and(ui::select("service", "Service, where a row names none", "", services).errors(errors))
            .and(ui::button("Send the workbook").secondary());
        let form = ui::post_form("/billing/requests/bring", self.frame.tokens("bring"), body).with_file();
        ui::boxed("Send many in a workbook", form).into()
    }

    fn wrong(&self) -> Html {
        if self.faults.is_empty() {
            return Html::default();
        }
        let rows = self.faults.iter().map(|(row, field, message, typed)| {
            ui::row().cell(ui::or_dash(row)).cell(field).cell(message).cell(ui::or_dash(typed)).wrong(true)
        });
        ui::table("What is wrong with the file")
            .show_caption()
            .columns([ui::num("Row"), ui::col("Column"), ui::col("What to do"), ui::col("It says")])
            .rows(rows)
            .into()
    }
}

impl Plain for Requests {
    fn actions(&self) -> Html {
        let new = ui::link_button("Ask for an invoice", "/billing/requests/new");
        let new = if self.may_ask { Html::from(new) } else { Html::default() };
        new.and(ui::downloads(|kind| format!("{}format={kind}", self.address)))
    }

    fn body(&self) -> Html {
        let [state, service, mine] = &self.filter;
        let states = [
            ("open", "Not over"),
            ("asked", "Wait for the desk"),
            ("sent_back", "Sent back"),
            ("invoiced", "Invoiced"),
            ("withdrawn", "Withdrawn"),
            ("all", "All"),
        ];
        let filter = ui::filters("/billing/requests")
            .field(ui::select("state", "State", state, states))
            .field(ui::input("of", "Service", service).width(10));
        let filter = if self.may_answer {
            filter.field(ui::select("mine", "Taken on by", mine, [("", "Anyone"), ("yes", "Me")]))
        } else {
            filter
        };
        let top = places("Requests").and(self.wrong()).and(filter);
        if self.rows.is_empty() {
            let text = if self.may_ask {
                "What you ask for will be listed here until it is invoiced."
            } else {
                "What services ask to have invoiced will be listed here."
            };
            return top.and(ui::empty("No requests", text)).and(self.bring());
        }
        let rows = self.rows.iter().map(|one| {
            let customer = if one.customer.is_empty() {
                Html::from("Described")
            } else {
                ui::link(format!("/customers/{}", one.customer), &one.customer)
            };
            let invoice = if one.invoice.is_empty() {
                Html::from(&one.state)
            } else {
                Html::from(&one.state).and(ui::sub_line(ui::link(invoice_at(&one.invoice), &one.invoice)))
            };
            ui::row()
                .cell(ui::link(format!("/billing/requests/{}", one.number), &one.number))
                .cell(Html::from(&one.what.0).and(ui::sub_line(one.what.1.as_str())))
                .cell(customer)
                .cell(one.gross)
                .cell(ui::date(one.asked.1).and(ui::sub_line(one.asked.0.as_str())))
                .cell(ui::strong(ui::or_dash(&one.age.0), one.age.1))
                .cell(ui::or_dash(&one.owner))
                .cell(invoice)
        });
        let table = ui::table("Requests, newest first").columns([
            ui::col("Request").nowrap(),
            ui::col("What for"),
            ui::col("Customer").nowrap(),
            ui::num("With VAT"),
            ui::col("Asked"),
            ui::col("Age"),
            ui::col("With"),
            ui::col("State"),
        ]);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        top.and(table.rows(rows)).and(ui::para(next)).and(self.bring())
    }
}

/// Who asks for invoices of which service.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PeopleServices {
    /// The frame; errors belong to `sign_in_name` and `services`.
    pub frame: Frame,
    /// Name, sign-in name, service, cost centre, who said so.
    pub rows: Vec<(String, String, String, String, String)>,
    /// What was typed, by field.
    pub typed: Typed,
}

impl PeopleServices {
    /// The heading.
    pub fn heading(&self) -> String {
        "Who asks for which service".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let row = (text("Ann Bell"), text("ann"), text("Halls"), text("CC7"), text("Ada Moss"));
        let page = |frame, rows| Self { frame, rows, typed: Typed::default() };
        let wrong = Frame::sample("Billing").wrong("sign_in_name", "Enter the sign-in name of a user");
        vec![
            ("full", page(Frame::sample("Billing"), vec![row])),
            ("empty", page(Frame::sample("Billing"), Vec::new())),
            ("error", page(wrong, Vec::new())),
        ]
    }
}

impl Plain for PeopleServices {
    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let value = |field: &str| self.typed.get(field).map_or("", String::as_str);
        let says =
            "A service manager asks for invoices of the services named here, and sees the requests of those only.";
        let body =
            Html::from(ui::input("sign_in_name", "Sign-in name", value("sign_in_name")).width(20).errors(errors))
                .and(
                    ui::textarea("services", "Services, one on a line", value("services"))
                        .hint("Halls, or with a cost centre: Halls, CC7. They take the place of those the person had")
                        .rows(4)
                        .errors(errors),
                )
                .and(ui::button("Save"));
        let form =
            ui::boxed("Set a person's services", ui::post_form("/admin/services", self.frame.tokens("services"), body));
        let top = tabs(&self.frame, "/admin/services").and(ui::para(says));
        if self.rows.is_empty() {
            return top
                .and(ui::empty("No services yet", "Until one is named, a service manager cannot ask."))
                .and(form);
        }
        let rows = self.rows.iter().map(|(name, sign_in, service, centre, who)| {
            let all = if centre.is_empty() { "All" } else { centre.as_str() };
            ui::row().cell(Html::from(name).and(ui::sub_line(sign_in.as_str()))).cell(service).cell(all).cell(who)
        });
        let table = ui::table("Services").columns([
            ui::col("Person"),
            ui::col("Service"),
            ui::col("Cost centre"),
            ui::col("Said by"),
        ]);
        top.and(table.rows(rows)).and(form)
    }
}
