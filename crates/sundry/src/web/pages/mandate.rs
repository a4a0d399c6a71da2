//! One mandate with its story, and setting one up.

use super::account::Happening;
use super::direct_debit::{Cells, places, state_tag};
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// A mandate.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Mandate {
    /// The frame.
    pub frame: Frame,
    /// Its reference.
    pub reference: String,
    /// Its address.
    pub address: String,
    /// Where it stands.
    pub state: String,
    /// Its facts: name and words.
    pub facts: Vec<(String, Html)>,
    /// Number, day, amount, code, state, why.
    pub collections: Vec<Cells>,
    /// Code, account, state.
    pub instructions: Vec<Cells>,
    /// What happened, newest first.
    pub story: Vec<Happening>,
    /// What the reader may do: word that is sent and verb.
    pub acts: Vec<(String, String)>,
    /// Whether the reader may ask for new bank details.
    pub may_change_bank: bool,
    /// What was typed: words, the day signed, sort code, evidence.
    pub typed: [String; 4],
}

impl Mandate {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Mandate {}", self.reference)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, state: &str| Self {
            frame,
            reference: "DD10000001".into(),
            address: "/direct-debits/mandates/DD10000001".into(),
            state: state.into(),
            facts: vec![
                ("Payer".into(), "Mr A Pemberton".into()),
                ("Bank account".into(), "ending 7491, checked with 7.70".into()),
            ],
            collections: vec![vec![
                "COL-000041".into(),
                ui::date(super::sampled::on(2026, 12, 1)),
                sundry_domain::money::Pence(15_000).into(),
                "01".into(),
                state_tag("taken").into(),
                "–".into(),
            ]],
            instructions: vec![vec!["0N".into(), "ending 7491".into(), state_tag("accepted").into()]],
            story: Vec::new(),
            acts: vec![("suspend".into(), "Stop collections".into()), ("cancel".into(), "Cancel the mandate".into())],
            may_change_bank: true,
            typed: Default::default(),
        };
        let wrong = Frame::sample("Cash").wrong("words", "Enter why; for a signature, where the form is kept");
        vec![("active", page(Frame::sample("Cash"), "active")), ("error", page(wrong, "draft"))]
    }
}

impl Plain for Mandate {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/direct-debits", "Direct Debits")]).into()
    }

    fn caption(&self) -> Html {
        state_tag(&self.state).into()
    }

    fn body(&self) -> Html {
        let facts = self.facts.iter().fold(ui::summary_list(), |list, (name, words)| list.fact(name, words.clone()));
        let rows = |all: &[Cells]| -> Vec<ui::Row> {
            all.iter().map(|cells| cells.iter().fold(ui::row(), |row, cell| row.cell(cell.clone()))).collect()
        };
        let collections = if self.collections.is_empty() {
            Html::from(ui::empty("No collections yet", "Nothing has been notified under this mandate."))
        } else {
            let columns = [
                ui::col("Collection"),
                ui::col("Day").nowrap(),
                ui::num("Amount"),
                ui::col("Code"),
                ui::col("State"),
                ui::col("Why it came back"),
            ];
            ui::table("Collections, newest first").columns(columns).rows(rows(&self.collections)).into()
        };
        let instructions = if self.instructions.is_empty() {
            Html::default()
        } else {
            let columns = [ui::col("Instruction"), ui::col("Account"), ui::col("State")];
            ui::table("Instructions to the bank").columns(columns).rows(rows(&self.instructions)).show_caption().into()
        };
        let left = Html::from(facts).and(collections).and(instructions);
        let right = ui::panel("What happened", super::account::timeline(&self.story));
        let right = self.act_form().and(self.bank_form()).and(right);
        places("").and(ui::grid([(7, left), (5, right)]))
    }
}

impl Mandate {
    fn act_form(&self) -> Html {
        if self.acts.is_empty() {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let mut fields = Html::default();
        if self.acts.iter().any(|(act, _)| act == "sign") {
            fields = fields.and(ui::date_input("signed_on", "Day the form was signed", &self.typed[1]).errors(errors));
        }
        let words = ui::textarea("words", "Why", &self.typed[0])
            .hint("For a signature: where the form is kept.")
            .rows(2)
            .errors(errors);
        let buttons = self.acts.iter().map(|(act, verb)| ui::button(verb).secondary().named("act", act));
        let fields = fields.and(words).and(ui::parts(buttons));
        let form = ui::post_form(format!("{}/acts", self.address), self.frame.tokens("act"), fields).guarded();
        ui::panel("Change the mandate", form).into()
    }

    fn bank_form(&self) -> Html {
        if !self.may_change_bank {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let fields = Html::from(ui::input("sort_code", "New sort code", &self.typed[2]).width(10).errors(errors))
            .and(ui::input("account", "New account number", "").width(10).input_mode("numeric").errors(errors))
            .and(
                ui::textarea("evidence", "How do you know?", &self.typed[3])
                    .hint("Whom you called back, on which number. A second person confirms the change.")
                    .rows(2)
                    .errors(errors),
            )
            .and(ui::button("Ask for the change").secondary());
        let form = ui::post_form(format!("{}/bank", self.address), self.frame.tokens("bank"), fields).guarded();
        ui::panel("Change the bank account", form).into()
    }
}

/// Setting a mandate up.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct MandateForm {
    /// The frame.
    pub frame: Frame,
    /// Name of each field to what was typed; the account number is not given back.
    pub typed: std::collections::BTreeMap<&'static str, String>,
    /// Whether the payer said that they alone can authorise payments.
    pub sole: bool,
}

impl MandateForm {
    /// The heading.
    pub fn heading(&self) -> String {
        "Set up a Direct Debit".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, route: &str| Self {
            frame,
            typed: std::collections::BTreeMap::from([("customer", "C103316".to_owned()), ("route", route.to_owned())]),
            sole: false,
        };
        let wrong = Frame::sample("Cash").wrong("sort_code", "Enter a sort code of 6 digits, like 30-94-30");
        vec![("blank", page(Frame::sample("Cash"), "")), ("error", page(wrong, "telephone"))]
    }

    fn typed(&self, name: &str) -> &str {
        self.typed.get(name).map_or("", String::as_str)
    }
}

impl Plain for MandateForm {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/direct-debits", "Direct Debits")]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let input = |name: &'static str, label: &str| ui::input(name, label, self.typed(name)).errors(errors);
        let routes = [
            ("telephone", "By telephone, with the approved script"),
            ("face_to_face", "Face to face"),
            ("web", "Online"),
            ("paper", "A signed form"),
        ];
        let sole = [ui::choice("yes", "The payer alone can authorise payments from this account").chosen(self.sole)];
        let bank = Html::from(input("sort_code", "Sort code").width(10))
            .and(input("account", "Account number").width(10).input_mode("numeric"))
            .and(ui::checkboxes("sole_authority", "Who can sign?", sole).errors(errors));
        let payer =
            Html::from(input("payer_name", "Name on the account").hint("Leave it empty when it is the customer’s."))
                .and(input("payer_address1", "Address of the payer, if it is somebody else"))
                .and(input("payer_town", "Town"))
                .and(input("payer_postcode", "Postcode").width(10))
                .and(input("payer_email", "E-mail"));
        let authority =
            Html::from(ui::radios("route", "How was the authority given?", self.typed("route"), routes).errors(errors))
                .and(
                    ui::date_input("signed_on", "Day of the authority", self.typed("signed_on"))
                        .hint("Leave it empty while a paper form is out for signature.")
                        .errors(errors),
                )
                .and(input("evidence", "Where the form or the record of the call is kept"))
                .and(
                    input("reference", "Reference")
                        .hint("6 to 18 letters and digits; one is made when it is empty.")
                        .width(20),
                )
                .and(input("replaces", "Stands in for a cancelled mandate").width(20));
        let left = Html::from(input("customer", "Customer number").width(10))
            .and(ui::panel("Bank account", bank))
            .and(ui::panel("Authority", authority))
            .and(ui::button("Set up"));
        let form = ui::post_form(
            "/direct-debits/new",
            self.frame.tokens("new"),
            ui::grid([(7, left), (5, Html::from(ui::panel("Payer", payer)))]),
        );
        Html::from(form.guarded())
    }
}
