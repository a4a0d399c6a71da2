//! The set-up of ServiceNow, for administrators.

use super::admin::tabs;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// The set-up.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ServiceNowSetUp {
    /// The frame.
    pub frame: Frame,
    /// As kept or as typed; secrets are empty.
    pub form: ServiceNowForm,
    /// Whether a secret is kept, and a password.
    pub kept: (bool, bool),
    /// Whether it is set up.
    pub is_set: bool,
    /// How the last look went.
    pub result: String,
    /// Why nothing is asked any more; empty while it is.
    pub stopped: String,
    /// What the last check found; nothing where none was asked for.
    pub findings: Vec<String>,
}

/// The set-up as typed.
#[derive(Clone, Debug, Default)]
pub struct ServiceNowForm {
    /// Where the instance is.
    pub base_url: String,
    /// client_credentials, password or basic.
    pub way_in: String,
    /// Whom its door of tokens knows us as.
    pub client_id: String,
    /// The technical user.
    pub user_name: String,
    /// The table of cases.
    pub case_table: String,
    /// Which state there means what.
    pub states: String,
    /// Which category there asks for what.
    pub types: String,
    /// Fields: category, invoice, account, amount, close code.
    pub fields: [String; 5],
    /// What stands in the field of the close code.
    pub close_code: String,
    /// The group there whose cases are work for us.
    pub our_group: String,
    /// Who asks for invoices here in its name.
    pub request_user: String,
    /// Service of rows that name none.
    pub request_service: String,
    /// Who looks after the queries.
    pub query_owner: String,
    /// How often it is looked at, in minutes.
    pub every_minutes: String,
    /// yes or no.
    pub in_use: String,
}

impl ServiceNowSetUp {
    /// The heading.
    pub fn heading(&self) -> String {
        "ServiceNow".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use sundry_domain::queries::servicenow::{CASE_STATES, TYPES};
        let form = ServiceNowForm {
            base_url: "https://northmere.service-now.com".into(),
            way_in: "client_credentials".into(),
            client_id: "6f1c2b7a9d0e".into(),
            user_name: "svc.sundry".into(),
            case_table: "sn_customerservice_case".into(),
            states: CASE_STATES.into(),
            types: TYPES.into(),
            fields: ["category", "", "", "", "resolution_code"].map(str::to_owned),
            close_code: "Solved".into(),
            our_group: "287ebd7da9fe198100f92cc8d1d2154e".into(),
            request_user: "svc.requests".into(),
            request_service: String::new(),
            query_owner: "Income team".into(),
            every_minutes: "5".into(),
            in_use: "yes".into(),
        };
        let page = |frame, form, findings: Vec<String>| Self {
            frame,
            form,
            kept: (true, false),
            is_set: true,
            result: "2 new, 1 changed, 3 told, 0 opened there, 0 own, 4 known already".into(),
            stopped: String::new(),
            findings,
        };
        let wrong = Frame::sample("Admin")
            .wrong("base_url", "Enter the address of the instance, beginning with https://")
            .wrong("states", "State 6 stands twice");
        let first = Self {
            kept: (false, false),
            is_set: false,
            result: String::new(),
            ..page(wrong, ServiceNowForm::default(), Vec::new())
        };
        let stopped = "ServiceNow does not let us in (401): access_denied: wrong secret".to_owned();
        vec![
            ("set", page(Frame::sample("Admin"), form.clone(), Vec::new())),
            ("stopped", Self { stopped: stopped.clone(), ..page(Frame::sample("Admin"), form, vec![stopped]) }),
            ("error", first),
        ]
    }

    fn secret(&self, id: &str, label: &str, is_set: bool, hint: &str) -> Html {
        let state = if is_set { "One is kept; leave it empty to keep it." } else { "None is kept." };
        let input = ui::input(id, label, "").kind("password").autocomplete("new-password").width(30);
        input.hint(format!("{state} {hint}")).errors(&self.frame.errors).into()
    }

    fn fields(&self) -> Html {
        let (form, errors) = (&self.form, &self.frame.errors);
        let ways = [
            ("client_credentials", "Client id and secret (OAuth 2.0)"),
            ("password", "Client id, secret, and the user's password (OAuth 2.0)"),
            ("basic", "The user's password alone, where the instance takes nothing else"),
        ];
        let text = |id: &str, label: &str, value: &str, hint: &str| -> Html {
            ui::input(id, label, value).hint(hint).width(30).errors(errors).into()
        };
        let [category, invoice, account, amount, close_field] = &form.fields;
        let in_words = "It is looked for in the words where nothing is entered";
        let fields: Vec<Html> = vec![
            ui::radios("in_use", "Is it looked at?", &form.in_use, [("yes", "Yes"), ("no", "No")]).inline().errors(errors).into(),
            text("base_url", "Address of the instance", &form.base_url, "As https://example.service-now.com"),
            ui::select("way_in", "How does it let us in?", &form.way_in, ways).errors(errors).into(),
            text("client_id", "Client id", &form.client_id, ""),
            self.secret("client_secret", "Client secret", self.kept.0, ""),
            text("user_name", "Technical user", &form.user_name, "Changes there by this name are our own"),
            self.secret("password", "Their password", self.kept.1, "Only where the way in needs one."),
            text("case_table", "Table of cases", &form.case_table, "incident, or sn_customerservice_case"),
            text("our_group", "Id of our group there", &form.our_group, "Every case of the table is taken where nothing is entered"),
            ui::textarea("states", "What its states mean", &form.states)
                .hint("A state and its meaning a line: new, in_progress, on_hold, resolved, closed or cancelled. Those of the table where nothing is entered")
                .rows(6)
                .errors(errors)
                .into(),
            ui::textarea("types", "What its categories ask for", &form.types)
                .hint("A category there, a type, and a category of queries here, a line")
                .rows(8)
                .errors(errors)
                .into(),
            text("category_field", "Field of the category", category, "category where nothing is entered"),
            text("invoice_field", "Field of an invoice's number", invoice, in_words),
            text("account_field", "Field of an account's number", account, in_words),
            text("amount_field", "Field of the disputed amount", amount, "All that is open is in query where nothing is entered"),
            text("close_code_field", "Field that is needed to resolve a case", close_field, ""),
            text("close_code", "What stands in it", &form.close_code, ""),
            text("request_user", "Who asks for invoices here in its name", &form.request_user, "A sign-in name; their services bound what can be asked for"),
            text("request_service", "Service of rows of a sheet that name none", &form.request_service, ""),
            text("query_owner", "Who looks after its queries", &form.query_owner, ""),
            ui::input("every_minutes", "How often, in minutes", &form.every_minutes).input_mode("numeric").width(4).errors(errors).into(),
            Html::from(ui::button("Save")),
        ];
        ui::parts(fields)
    }
}

impl Plain for ServiceNowSetUp {
    fn above(&self) -> Html {
        tabs(&self.frame, "/admin/settings")
    }

    fn body(&self) -> Html {
        let form = ui::post_form("/admin/servicenow", self.frame.tokens("servicenow"), self.fields()).guarded();
        let left = Html::from(ui::panel("Set-up", form));
        if !self.is_set {
            let words = "Cases of the service desk come by hand until it is set up.";
            return ui::grid([(7, left), (5, Html::from(ui::para(words)))]).into();
        }
        let mut now = Html::default();
        if !self.stopped.is_empty() {
            let words = format!("Nothing is asked any more. {}.", self.stopped.trim_end_matches('.'));
            now = now.and(ui::para(ui::strong(words, true)));
        }
        let result = if self.result.is_empty() { "It was not looked at yet" } else { self.result.as_str() };
        now = now.and(ui::para(format!("The last look: {}.", result.trim_end_matches('.'))));
        let found = ui::parts(
            self.findings.iter().map(|one| ui::para(ui::strong(format!("{}.", one.trim_end_matches('.')), true))),
        );
        let check = Html::from(ui::para(
            "Asks it for one case. Nothing is changed there. What stopped it is over when it lets us in.",
        ))
        .and(found)
        .and(ui::button("Check it").secondary());
        let check = ui::post_form("/admin/servicenow/check", self.frame.tokens("check-servicenow"), check);
        let mut right = Html::from(ui::panel("Now", now)).and(ui::panel("Check", check));
        if self.frame.opens("/service-desk-cases") {
            right = right.and(ui::para(ui::link("/service-desk-cases", "Its cases")));
        }
        ui::grid([(7, left), (5, right)]).into()
    }
}
