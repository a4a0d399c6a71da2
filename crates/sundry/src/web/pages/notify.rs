//! GOV.UK Notify: its set-up for administrators, and how letters and e-mails stand with it.

use super::admin::tabs;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;

/// The set-up.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct NotifySettings {
    /// The frame.
    pub frame: Frame,
    /// As kept or as typed; secrets are empty.
    pub form: NotifyForm,
    /// Whether a key is kept, and a token.
    pub kept: (bool, bool),
    /// The service's id; empty before it is set up.
    pub service: String,
    /// The path that its calls go to.
    pub callback_path: String,
    /// What the last check found; nothing where none was asked for.
    pub findings: Vec<String>,
}

/// The set-up as typed.
#[derive(Clone, Debug, Default)]
pub struct NotifyForm {
    /// Where its API is.
    pub base_url: String,
    /// yes or no: it carries e-mail.
    pub carries_email: String,
    /// yes or no: it carries letters by post.
    pub carries_post: String,
    /// Id of the e-mail template.
    pub email_template: String,
    /// Id of the address that answers go to.
    pub reply_to: String,
    /// first, second or economy.
    pub postage: String,
}

impl NotifySettings {
    /// The heading.
    pub fn heading(&self) -> String {
        "GOV.UK Notify".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let form = NotifyForm {
            base_url: "https://api.notifications.service.gov.uk".into(),
            carries_email: "yes".into(),
            carries_post: "no".into(),
            email_template: "9d751e0e-f929-4891-82a1-a3e1c3c18ee3".into(),
            reply_to: String::new(),
            postage: "second".into(),
        };
        let page = |frame, form, findings: Vec<String>| Self {
            frame,
            form,
            kept: (true, true),
            service: "26785a09-ab16-4eb0-8407-a37497a57506".into(),
            callback_path: "/hooks/notify/NCC".into(),
            findings,
        };
        let wrong = Frame::sample("Admin").wrong("api_key", "Enter the API key of your service at GOV.UK Notify");
        let first =
            Self { kept: (false, false), service: String::new(), ..page(wrong, NotifyForm::default(), Vec::new()) };
        let found = vec!["The template Letter by e-mail lacks ((file))".to_owned()];
        vec![
            ("set", page(Frame::sample("Admin"), form.clone(), Vec::new())),
            ("checked", page(Frame::sample("Admin"), form, found)),
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
        let yes_no = [("yes", "Yes"), ("no", "No")];
        let postage = [("second", "Second class"), ("first", "First class"), ("economy", "Economy")];
        let text = |id: &str, label: &str, value: &str, hint: &str| -> Html {
            ui::input(id, label, value).hint(hint).width(30).errors(errors).into()
        };
        let email = ui::radios("carries_email", "Does it carry e-mail?", &form.carries_email, yes_no);
        let post = ui::radios("carries_post", "Does it print and post letters?", &form.carries_post, yes_no);
        let needs = "It has ((subject)), ((message)) and ((file))";
        let fields: Vec<Html> = vec![
            Html::from(email.inline().errors(errors)),
            Html::from(post.inline().errors(errors)),
            self.secret("api_key", "API key", self.kept.0, "A live key; the whole of it."),
            text("email_template", "Id of the e-mail template", &form.email_template, needs),
            text("reply_to", "Id of the reply-to address", &form.reply_to, "Not needed where the service has one"),
            Html::from(ui::select("postage", "Postage", &form.postage, postage).errors(errors)),
            self.secret("callback_token", "Token of its calls", self.kept.1, "20 to 200 signs. Enter the same there."),
            text("base_url", "Address of its API", &form.base_url, "Its own where nothing is entered"),
            Html::from(ui::button("Save")),
        ];
        ui::parts(fields)
    }
}

impl Plain for NotifySettings {
    fn above(&self) -> Html {
        tabs(&self.frame, "/admin/settings")
    }

    fn body(&self) -> Html {
        let form = ui::post_form("/admin/notify", self.frame.tokens("notify"), self.fields()).guarded();
        let left = Html::from(ui::panel("Set-up", form));
        if self.service.is_empty() {
            let words = "Letters and e-mails leave by your own printer and mail server until it is set up.";
            return ui::grid([(7, left), (5, Html::from(ui::para(words)))]).into();
        }
        let found = ui::parts(self.findings.iter().map(|one| ui::para(ui::strong(format!("{one}."), true))));
        let check = Html::from(ui::para("Asks it whether the key and the template are right. Nothing is sent."))
            .and(found)
            .and(ui::button("Check it").secondary());
        let check = ui::post_form("/admin/notify/check", self.frame.tokens("check-notify"), check);
        let calls = ui::summary_list()
            .fact("Service", self.service.as_str())
            .fact("Its calls go to", format!("your own address and {}", self.callback_path));
        let mut right = Html::from(ui::panel("Known of it", calls)).and(ui::panel("Check", check));
        if self.frame.opens("/delivery/notify") {
            right = right.and(ui::para(ui::link("/delivery/notify", "How letters stand with it")));
        }
        ui::grid([(7, left), (5, right)]).into()
    }
}

/// How letters and e-mails stand with it.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct NotifyStands {
    /// The frame.
    pub frame: Frame,
    /// It is set up.
    pub is_set: bool,
    /// Until when something waits, and why; empty for nothing.
    pub held: String,
    /// Messages by kind, state and status: words, count, whether somebody must look.
    pub counts: Vec<(String, i64, bool)>,
    /// Letters it does not carry: number, to, reasons.
    pub left_out: Vec<(String, String, String)>,
    /// The newest messages: letter, by, to, how it stands.
    pub messages: Vec<[String; 4]>,
    /// Addresses that take no mail: address, why, since when.
    pub failed: Vec<(String, String, NaiveDate)>,
    /// Calls in its name without our token.
    pub strangers: i64,
    /// Whether the reader may send.
    pub may_send: bool,
    /// Whether the reader may let an address be used again.
    pub may_trust: bool,
}

impl NotifyStands {
    /// The heading.
    pub fn heading(&self) -> String {
        "Letters by GOV.UK Notify".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |is_set| Self {
            frame: Frame::sample("Recovery"),
            is_set,
            held: String::new(),
            counts: Vec::new(),
            left_out: Vec::new(),
            messages: Vec::new(),
            failed: Vec::new(),
            strangers: 0,
            may_send: true,
            may_trust: true,
        };
        let full = Self {
            held: "E-mail waits until 21 November 2026, 00:00 UTC: Exceeded send limits (250,000) for today".into(),
            counts: vec![
                ("E-mail: Delivered".into(), 311, false),
                ("Letter: The address does not take it".into(), 1, true),
            ],
            left_out: vec![(
                "LTR-000431".into(),
                "Joyce Pemberton, (Flat 2) Mill Road, Northmere, NM1 1AA".into(),
                "A line begins with a sign that may not stand there: (Flat 2) Mill Road".into(),
            )],
            messages: vec![[
                "LTR-000430".into(),
                "E-mail".into(),
                "joyce.pemberton.of.the.long.address@example.org".into(),
                "Delivered".into(),
            ]],
            failed: vec![(
                "joyce.pemberton.of.the.long.address@example.org".into(),
                "LTR-000429: GOV.UK Notify: The address does not take it (permanent-failure)".into(),
                super::sampled::on(2026, 11, 18),
            )],
            strangers: 2,
            ..page(true)
        };
        vec![("full", full), ("empty", page(true)), ("not_set", page(false))]
    }

    fn left_out(&self) -> Html {
        if self.left_out.is_empty() {
            return ui::para("Every letter that waits can go this way.").into();
        }
        let rows = self.left_out.iter().map(|(letter, to, why)| {
            ui::row().cell(ui::link(format!("/letters/{letter}.pdf"), letter)).cell(to).cell(Html::from(why))
        });
        ui::table("Printed or mailed here instead")
            .columns([ui::col("Letter").nowrap(), ui::col("To"), ui::col("Why")])
            .rows(rows)
            .into()
    }

    fn failed(&self) -> Html {
        if self.failed.is_empty() {
            return ui::para("No address is known to take no mail.").into();
        }
        let rows = self.failed.iter().map(|(address, why, since)| {
            let act = if self.may_trust {
                let body = ui::hidden("address", address).and(ui::button("Use again").about(address).secondary());
                let form =
                    ui::post_form("/delivery/notify/trust", self.frame.tokens(&format!("trust-{address}")), body);
                Html::from(form)
            } else {
                Html::default()
            };
            ui::row().cell(Html::from(address).and(ui::sub_line(why))).cell(*since).cell(act)
        });
        ui::table("E-mail addresses that take no mail")
            .columns([ui::col("Address"), ui::col("Since").nowrap(), ui::col("Change")])
            .rows(rows)
            .into()
    }

    fn messages(&self) -> Html {
        if self.messages.is_empty() {
            return ui::para("No message was given to it yet.").into();
        }
        let rows = self.messages.iter().map(|[letter, by, to, stands]| {
            ui::row().cell(ui::link(format!("/letters/{letter}.pdf"), letter)).cell(by).cell(to).cell(stands)
        });
        ui::table("Messages, newest first")
            .columns([ui::col("Letter").nowrap(), ui::col("By"), ui::col("To"), ui::col("State")])
            .rows(rows)
            .into()
    }
}

impl Plain for NotifyStands {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery", "Recovery"), ("/delivery", "Letters")]).into()
    }

    fn body(&self) -> Html {
        if !self.is_set {
            return ui::empty("Not set up", "An administrator sets GOV.UK Notify up, in the settings.").into();
        }
        let mut side = Html::default();
        if !self.held.is_empty() {
            side = side.and(ui::para(ui::strong(format!("{}.", self.held), true)));
        }
        if self.may_send {
            let form =
                ui::post_form("/delivery/notify/send", self.frame.tokens("send-notify"), ui::button("Send what waits"));
            side = side.and(form);
        }
        if self.strangers > 0 {
            let calls = ui::count_of(self.strangers, "call", "calls");
            side = side.and(ui::para(format!("{calls} in its name did not carry our token. Nothing was done.")));
        }
        let counts = self.counts.iter().map(|(words, count, look)| ui::row().cell(words).cell(*count).wrong(*look));
        let counts = ui::table("Messages by state").columns([ui::col("State"), ui::num("Count")]).rows(counts).narrow();
        let left = Html::from(ui::panel("Not carried", self.left_out()))
            .and(ui::panel("Messages", self.messages()))
            .and(ui::panel("Addresses", self.failed()));
        ui::grid([(8, left), (4, Html::from(ui::panel("Now", side)).and(ui::panel("By state", counts)))]).into()
    }
}
