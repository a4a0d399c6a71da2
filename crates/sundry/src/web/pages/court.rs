//! Court: the cases, one with what can be done now, referring debts, the claim, the diary, limitation.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour, tag};
use askama::Template;
use chrono::NaiveDate;
use sundry_desk::court::{CaseShown, Choice, DebtLimit, Prepared};
use sundry_domain::court::DefendantStatus;
use sundry_domain::law::{ClaimResponse, Work};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Refusal;
use sundry_store::court::{CaseLine, DiaryLine, FileRow};

const HOME: &str = "/court";

/// Where a case stands, for people.
pub fn state(code: &str) -> ui::Tag {
    let (words, colour) = match code {
        "referred" => ("Referred", TagColour::Yellow),
        "sent_back" => ("Sent back", TagColour::Grey),
        "accepted" => ("Accepted", TagColour::Blue),
        "prepared" => ("Claim prepared", TagColour::Blue),
        "signed" => ("Claim signed", TagColour::Blue),
        "filed" => ("Sent to the court", TagColour::Blue),
        "issued" => ("Issued", TagColour::Orange),
        "judgment" => ("Judgment", TagColour::Orange),
        "satisfied" => ("Satisfied", TagColour::Green),
        _ => ("Closed", TagColour::Grey),
    };
    tag(words, colour)
}

pub(super) fn up() -> Html {
    ui::breadcrumbs([("/recovery", "Recovery"), (HOME, "Court")]).into()
}

pub(super) fn tabs(at: &str) -> Html {
    let places = [
        ("Cases", HOME),
        ("Diary", "/court/diary"),
        ("Limitation", "/court/limitation"),
        ("Files for the court", "/court/files"),
        ("Answers", "/court-answers"),
        ("Insolvencies", "/insolvencies"),
        ("Estates", "/estates"),
        ("Charges", "/charges"),
    ];
    let nav =
        places.into_iter().fold(ui::sub_navigation("Court"), |nav, (words, href)| nav.place(words, href, href == at));
    nav.into()
}

fn maybe_day(day: Option<NaiveDate>) -> Html {
    day.map_or_else(|| Html::from("–"), ui::date)
}

/// The cases.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Cases {
    /// The frame.
    pub frame: Frame,
    /// The state that is shown; empty for those that run.
    pub state: String,
    /// The rows.
    pub rows: Vec<CaseLine>,
    /// Address of the next page; empty on the last.
    pub next: String,
    /// Whether the reader writes files for the court.
    pub may_file: bool,
}

impl Cases {
    /// The heading.
    pub fn heading(&self) -> String {
        "Court cases".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let line = |number: &str, state: &str| CaseLine {
            id: 1,
            number: number.into(),
            customer_number: "C103316".into(),
            customer_name: "Joyce Pemberton".into(),
            state: state.into(),
            open_pence: 123_692,
            claim_number: if state == "issued" { "K1QZ7788".into() } else { String::new() },
            referred_on: on(2026, 5, 5),
            safe_on: Some(on(2031, 12, 1)),
            next_due_on: Some(on(2026, 6, 12)),
            solicitor: String::new(),
        };
        let page = |state: &str, rows| Self {
            frame: Frame::sample("Recovery"),
            state: state.into(),
            rows,
            next: String::new(),
            may_file: true,
        };
        vec![
            ("running", page("", vec![line("CRT-000004", "issued"), line("CRT-000005", "referred")])),
            ("signed", page("signed", vec![line("CRT-000006", "signed")])),
            ("empty", page("", Vec::new())),
            ("none", page("filed", Vec::new())),
        ]
    }
}

impl Plain for Cases {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery", "Recovery")]).into()
    }

    fn body(&self) -> Html {
        let states = [
            ("", "Running"),
            ("referred", "Referred"),
            ("sent_back", "Sent back"),
            ("accepted", "Accepted"),
            ("prepared", "Prepared"),
            ("signed", "Signed"),
            ("filed", "Sent to the court"),
            ("issued", "Issued"),
            ("judgment", "Judgment"),
            ("satisfied", "Satisfied"),
            ("closed", "Closed"),
        ];
        let filter = ui::filters(HOME).field(ui::select("state", "State", &self.state, states));
        let top = tabs(HOME).and(filter);
        if self.rows.is_empty() {
            let none = match self.state.is_empty() {
                true => ui::empty(
                    "No case runs",
                    "A case begins when debts are referred to court from their customer's account.",
                )
                .action(ui::link("/customers", "Find a customer")),
                false => ui::empty("No case stands so", "Choose another state above, or all that run.")
                    .action(ui::link(HOME, "Show the cases that run")),
            };
            return top.and(none);
        }
        let picks = self.may_file && self.state == "signed";
        let rows = self.rows.iter().map(|line| {
            let first = match picks {
                true => ui::hidden("case", &line.number).and(ui::link(format!("{HOME}/{}", line.number), &line.number)),
                false => ui::link(format!("{HOME}/{}", line.number), &line.number),
            };
            let who = ui::link(format!("/customers/{}", line.customer_number), &line.customer_name);
            let with =
                if line.solicitor.is_empty() { who } else { who.and(ui::sub_line(format!("with {}", line.solicitor))) };
            ui::row()
                .cell(first)
                .cell(with)
                .cell(state(&line.state))
                .cell(Pence(line.open_pence))
                .cell(ui::or_dash(&line.claim_number))
                .cell(maybe_day(line.next_due_on))
                .cell(maybe_day(line.safe_on))
        });
        let table = ui::table("Cases, newest first")
            .columns([
                ui::col("Case").nowrap(),
                ui::col("Customer"),
                ui::col("State"),
                ui::num("Open"),
                ui::col("Claim"),
                ui::col("Next day").nowrap(),
                ui::col("Safe until").nowrap(),
            ])
            .rows(rows);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        if !picks {
            return top.and(table).and(ui::para(next));
        }
        let words = format!("Write the file of {}", ui::count_of(self.rows.len() as i64, "claim", "claims"));
        let body = Html::from(table)
            .and(ui::para("Each claim is weighed again. What may not go is left behind and named."))
            .and(ui::button(words));
        top.and(ui::post_form("/court/files", self.frame.tokens("file"), body).guarded()).and(ui::para(next))
    }
}

/// One case.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneCase {
    /// The frame.
    pub frame: Frame,
    /// The case.
    pub shown: CaseShown,
    /// Ways to enforce, where there is a judgment.
    pub ways: Vec<Choice>,
    /// Why judgment may not be asked for today, of a claim that was issued.
    pub not_yet: Option<Refusal>,
    /// Whether the reader works on cases, and decides on them.
    pub may: [bool; 2],
    /// Who reads it: nobody decides on their own referral or signs what they prepared.
    pub reader: i64,
    /// Field and what was typed.
    pub typed: Vec<(String, String)>,
}

impl OneCase {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Court case {}", self.shown.case.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame: Frame, code: &str| {
            let mut shown = sample_case(code);
            shown.case.state = code.into();
            let ways = match code {
                "judgment" => vec![
                    Choice {
                        method: "warrant".into(),
                        name: "Warrant of control".into(),
                        fee_pence: Some(9_400),
                        refusal: None,
                    },
                    Choice {
                        method: "attachment_of_earnings".into(),
                        name: "Attachment of earnings".into(),
                        fee_pence: None,
                        refusal: Some(
                            sundry_domain::law::refusals::ATTACHMENT_WORK.because("The debtor's work: not known"),
                        ),
                    },
                ],
                _ => Vec::new(),
            };
            let typed = vec![("on".into(), "5 May 2026".into())];
            Self { frame, shown, ways, not_yet: None, may: [true; 2], reader: 9, typed }
        };
        let wrong = Frame::sample("Recovery").wrong("kind", "Choose what the reply form says");
        let mut early = page(Frame::sample("Recovery"), "issued");
        early.not_yet = Some(Refusal {
            code: "CT-05-TOO-EARLY".into(),
            sentence: "The defendant can answer until 8 June 2026".into(),
            way_out: "Wait until the time to answer is over".into(),
            rule: "CT-05".into(),
            allowed_from: Some(super::sampled::on(2026, 6, 9)),
        });
        let mut unsent = page(Frame::sample("Recovery"), "accepted");
        let why = "The letter of claim LTR-000311 waits to be sent: no time runs from it";
        (unsent.shown.earliest_on, unsent.shown.first) =
            (None, Some(sundry_domain::law::refusals::NO_LETTER.because(why)));
        let unsaid = Frame::sample("Recovery").wrong("instalments_kept", "Say whether the instalments are kept");
        let mut instalments = page(unsaid, "judgment");
        instalments.shown.case.terms =
            Some(serde_json::json!({ "amount_pence": 5_000, "every": "monthly", "first_on": "2026-08-01" }));
        instalments.typed.push(("facts".into(), "one_instalment permission".into()));
        vec![
            ("referred", page(Frame::sample("Recovery"), "referred")),
            ("accepted", page(Frame::sample("Recovery"), "accepted")),
            ("unsent", unsent),
            ("error", page(wrong, "accepted")),
            ("prepared", page(Frame::sample("Recovery"), "prepared")),
            ("issued", page(Frame::sample("Recovery"), "issued")),
            ("early", early),
            ("judgment", page(Frame::sample("Recovery"), "judgment")),
            ("instalments", instalments),
            ("satisfied", page(Frame::sample("Recovery"), "satisfied")),
        ]
    }

    fn of(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value)
    }

    fn form(&self, act: &str, title: &str, fields: Html) -> Html {
        let body = ui::hidden("act", act).and(fields);
        let at = format!("{HOME}/{}", self.shown.case.number);
        ui::panel(title, ui::post_form(at, self.frame.tokens(act), body).guarded()).into()
    }

    fn day(&self, field: &str, label: &str) -> Html {
        ui::date_input(field, label, self.of(field)).errors(&self.frame.errors).into()
    }

    fn words(&self, field: &str, label: &str) -> Html {
        ui::textarea(field, label, self.of(field)).errors(&self.frame.errors).into()
    }

    fn ticks(&self, field: &str, label: &str, all: impl IntoIterator<Item = (&'static str, &'static str)>) -> Html {
        let ticked: Vec<&str> = self.of(field).split(' ').collect();
        let boxes = all.into_iter().map(|(value, words)| ui::choice(value, words).chosen(ticked.contains(&value)));
        ui::checkboxes(field, label, boxes).errors(&self.frame.errors).into()
    }

    /// Asked only where the court ordered instalments.
    fn kept(&self) -> Html {
        if self.shown.case.terms.is_none() {
            return Html::default();
        }
        let answers = [("yes", "Yes"), ("no", "No")];
        let value = self.of("instalments_kept");
        ui::radios("instalments_kept", "Are the instalments that the court ordered kept?", value, answers)
            .inline()
            .errors(&self.frame.errors)
            .into()
    }

    fn clock(&self) -> Html {
        let errors = &self.frame.errors;
        let replies = [
            ("admits", "Admits the debt"),
            ("time_to_pay", "Asks for time to pay"),
            ("advice", "Is getting advice"),
            ("documents", "Asks for documents"),
            ("disputes", "Disputes the debt"),
            ("partly", "Only partly completed"),
            ("other", "Something else"),
        ];
        let fields = self
            .day("on", "When it came")
            .and(ui::radios("kind", "What does it say?", self.of("kind"), replies).errors(errors))
            .and(self.ticks(
                "asks",
                "What else does it hold?",
                [("documents", "It asks for documents"), ("offer", "It makes an offer to pay")],
            ))
            .and(self.words("words", "In words"))
            .and(ui::button("Record the reply form"));
        let steps = [
            ("documents_sent", "Documents sent, or explained why not"),
            ("write_notice", "Write fourteen days' notice today"),
            ("notice_given", "Fourteen days' notice given in another way"),
            ("offer_answered", "Offer answered, with reasons"),
            ("reply_cleared", "Reply form cleared up with the customer"),
        ];
        let steps: Vec<(&str, &str)> = match self.may[1] {
            true => steps.into_iter().chain([("hurry", "Time runs out: issue early")]).collect(),
            false => steps.into_iter().collect(),
        };
        let done = self
            .day("step_on", "When")
            .and(ui::radios("step", "What was done?", self.of("step"), steps).errors(errors))
            .and(self.words("step_words", "In words"))
            .and(ui::button("Record it").secondary());
        self.form("reply", "A reply form came", fields).and(self.form("step", "Something was done", done))
    }

    fn issue(&self) -> Html {
        let errors = &self.frame.errors;
        let ways = [("online", "Money Claim Online"), ("posted", "By post")];
        let fields = Html::from(
            ui::input("claim_number", "The court's number", self.of("claim_number")).width(12).errors(errors),
        )
        .and(self.day("issued_on", "Issued on"))
        .and(ui::amount_input("fee", "Fee the court took", self.of("fee")).errors(errors))
        .and(ui::radios("served", "How is it served?", self.of("served"), ways).inline().errors(errors))
        .and(ui::button("Record the issue"));
        self.form("issue", "The court issued it", fields)
    }

    /// What the law asks about before a judgment by default.
    fn learned(&self) -> Html {
        let learned = [
            ("stay_lifted", "A judge lifted the stay"),
            ("forces_overseas", "The defendant serves overseas in the armed forces"),
            ("forces_home", "They are home again"),
        ];
        let errors = &self.frame.errors;
        let fields = self
            .day("step_on", "When")
            .and(ui::radios("step", "What did we learn?", self.of("step"), learned).errors(errors))
            .and(self.words("step_words", "How do we know?"))
            .and(ui::button("Record it").secondary());
        self.form("step", "Something that bears on a judgment", fields)
    }

    fn answers(&self) -> Html {
        let errors = &self.frame.errors;
        let kinds = ClaimResponse::ALL.iter().map(|one| (one.as_str(), one.name()));
        let fields = ui::radios("kind", "What did the defendant answer?", self.of("kind"), kinds);
        let fields = Html::from(fields.errors(errors))
            .and(self.day("on", "When"))
            .and(self.words("words", "In words"))
            .and(ui::button("Record the answer"));
        let mut all = match self.may[0] {
            true => self.form("response", "The defendant answered", fields).and(self.learned()),
            false => Html::default(),
        };
        if self.may[1] {
            all = all.and(match &self.not_yet {
                Some(no) => {
                    let (why, next, code) = (&no.sentence, &no.way_out, &no.code);
                    let words = format!("Judgment cannot be asked for today: {why}. {next} ({code}).");
                    Html::from(ui::panel("Nothing came", ui::para(words)))
                }
                None => {
                    let ask = Html::from(ui::para("The time to answer is over, and the law allows it today."))
                        .and(ui::button("Ask for judgment"));
                    self.form("request", "Nothing came", ask)
                }
            });
            let kinds = [
                ("default", "By default"),
                ("admission", "On an admission"),
                ("determination", "By determination"),
                ("hearing", "After a hearing"),
            ];
            let every = [
                ("", "At once, or in full by a day"),
                ("weekly", "Weekly"),
                ("fortnightly", "Fortnightly"),
                ("monthly", "Monthly"),
            ];
            let fields = self
                .day("judgment_on", "Entered on")
                .and(ui::radios("judgment_kind", "How?", self.of("judgment_kind"), kinds).errors(errors))
                .and(ui::amount_input("instalment", "Instalment, if any", self.of("instalment")).errors(errors))
                .and(ui::select("every", "How often", self.of("every"), every).errors(errors))
                .and(self.day("first_on", "First instalment"))
                .and(ui::button("Record the judgment"));
            all = all.and(self.form("judgment", "Judgment was entered", fields));
        }
        all
    }

    fn enforcement(&self) -> Html {
        if !self.may[1] {
            return Html::default();
        }
        let errors = &self.frame.errors;
        // A way that is closed today may open by what is answered below: the law is asked again when it is sent.
        let ways = self.ways.iter().map(|way| {
            let one = ui::choice(&way.method, &way.name);
            match &way.refusal {
                None => one,
                Some(no) => one.hint(&no.sentence),
            }
        });
        let work = Work::ALL.iter().map(|one| (one.as_str(), one.name()));
        let fields = Html::from(ui::radios("method", "How?", self.of("method"), ways).errors(errors))
            .and(ui::select("work", "How do they earn?", self.of("work"), work).errors(errors))
            .and(
                ui::amount_input("amount", "For how much", self.of("amount"))
                    .hint("Leave empty for all of it")
                    .errors(errors),
            )
            .and(self.kept())
            .and(self.ticks(
                "facts",
                "Which of these are true?",
                [
                    ("one_instalment", "It is for one instalment only"),
                    ("consumer_credit", "The debt is regulated consumer credit"),
                    ("joint_account", "The account is held with somebody who does not owe it"),
                    ("permission", "The court gave permission"),
                ],
            ))
            .and(self.words("proportion", "Why is it in proportion?"))
            .and(self.words("circumstances", "What was found about their circumstances?"))
            .and(ui::button("Take this step"));
        let cost = Html::from(ui::amount_input("cost", "How much", self.of("cost")).errors(errors))
            .and(ui::input("cost_words", "What for", self.of("cost_words")).errors(errors))
            .and(
                ui::radios(
                    "charged",
                    "Who bears it?",
                    self.of("charged"),
                    [("yes", "The court allowed it against the customer"), ("no", "We do")],
                )
                .errors(errors),
            )
            .and(ui::button("Add the cost").secondary());
        self.form("enforce", "Enforce it", fields).and(self.form("cost", "A cost", cost))
    }

    fn ends(&self) -> Html {
        if !self.may[1] {
            return Html::default();
        }
        let firm = ui::row_of([
            ui::input("firm", "Firm", self.of("firm"))
                .hint("Leave it empty to take the case back")
                .errors(&self.frame.errors),
            ui::input("reference", "Its reference", self.of("reference")).width(12).errors(&self.frame.errors),
        ]);
        let firm = Html::from(firm).and(ui::button("Save").secondary());
        let end = self.words("end_words", "Why?").and(ui::button("End the case").warning());
        self.form("solicitor", "Solicitors", firm).and(self.form("end", "End it", end))
    }

    fn acts(&self) -> Html {
        let row = &self.shown.case;
        let [works, decides] = self.may;
        match row.state.as_str() {
            "referred" if decides && row.referred_by == self.reader => {
                ui::para("You referred it: somebody else decides.").into()
            }
            "referred" if decides => {
                let choices = [("yes", "Accept: a claim may be prepared"), ("no", "Send it back")];
                let fields =
                    Html::from(ui::radios("accept", "Court?", self.of("accept"), choices).errors(&self.frame.errors))
                        .and(self.words("words", "Why?"))
                        .and(ui::button("Decide"));
                self.form("decide", "Decide on the referral", fields)
            }
            "accepted" | "prepared" | "signed" => {
                let mut all = Html::default();
                if works {
                    let href = format!("{HOME}/{}/claim", row.number);
                    all = all.and(ui::para(ui::link_button("Prepare the claim", href)));
                }
                if decides && row.state == "prepared" && row.prepared_by == Some(self.reader) {
                    all = all.and(ui::para("You prepared this claim: somebody else signs it."));
                } else if decides && row.state == "prepared" {
                    let fields = Html::from(
                        ui::checkboxes(
                            "i_believe",
                            "Statement of truth",
                            [ui::choice("yes", "I believe that the facts stated in this claim are true")],
                        )
                        .errors(&self.frame.errors),
                    )
                    .and(ui::hidden("version", row.version.to_string()))
                    .and(ui::muted("Not by who prepared it. Proceedings for contempt of court may be brought for a false statement."))
                    .and(ui::button("Sign"));
                    all = all.and(self.form("sign", "Sign the claim", fields));
                }
                if row.state == "signed" && (works || decides) {
                    all = all.and(self.issue());
                }
                if works {
                    all = all.and(self.clock());
                }
                all.and(self.ends())
            }
            "filed" if works || decides => self.issue().and(self.ends()),
            "issued" => self.answers().and(self.ends()),
            "judgment" => self.enforcement().and(self.ends()),
            "satisfied" | "closed" if row.told_court_on.is_none() && row.issued_on.is_some() && (works || decides) => {
                let fields = Html::from(ui::button("The court was told"));
                self.form("told", "Tell the court", fields)
            }
            _ => Html::default(),
        }
    }

    fn facts(&self) -> Html {
        let row = &self.shown.case;
        let mut facts = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", self.shown.customer), &self.shown.customer_name))
            .fact("State", state(&row.state))
            .fact("Open", Pence(self.shown.open_pence))
            .fact("Why court", &row.why)
            .fact("Referred", ui::long_date(row.referred_on).and(format!(" by {}", row.referred_by_name)))
            .fact_if("Decision", &row.decision_words);
        if let Some(day) = row.letter_on {
            let letter = ui::link(format!("/letters/{}.pdf", row.letter_number), &row.letter_number);
            facts = facts.fact("Letter of claim", letter.and(ui::sub_line(ui::long_date(day))));
        }
        facts = match (&self.shown.first, self.shown.earliest_on) {
            (Some(refusal), _) if row.issued_on.is_none() => {
                let words = format!("{}. {}.", refusal.sentence, refusal.way_out);
                facts.fact("Before a claim", ui::with_code(&words, &refusal.code))
            }
            (None, Some(day)) if row.issued_on.is_none() => facts.fact("A claim from", ui::long_date(day)),
            _ => facts,
        };
        if let Some(day) = row.safe_on {
            facts = facts.fact("Safe until", ui::long_date(day));
        }
        if let Some(claim) = &self.shown.claim {
            facts = facts
                .fact(
                    "Claimed",
                    Html::from(claim.value.value).and(ui::sub_line(format!(
                        "debts {}, interest {}",
                        claim.value.principal, claim.value.interest
                    ))),
                )
                .fact("Fee", claim.value.fee.amount)
                .fact_if("Signed by", &row.signed_by);
        }
        if let Some(day) = row.issued_on {
            facts = facts
                .fact("Claim number", &row.claim_number)
                .fact("Issued", ui::long_date(day))
                .fact("Served", maybe_day(row.served_on))
                .fact("Answer by", maybe_day(row.respond_by))
                .fact("Defence by, if acknowledged", maybe_day(row.defend_by));
        }
        if let Some(day) = row.judgment_on {
            let until = self.shown.register_until.map_or_else(String::new, |day| day.format("%-d %B %Y").to_string());
            let register = match self.shown.register.as_str() {
                "cancelled" => "Paid within a month: taken off".to_owned(),
                "satisfied" => format!("Satisfied, on it until {until}"),
                _ => format!("On it until {until}"),
            };
            facts = facts
                .fact("Judgment", Html::from(Pence(row.judgment_pence)).and(" on ").and(ui::long_date(day)))
                .fact("Register of Judgments", register);
            if let Some(interest) = self.shown.judgment_interest_pence {
                facts = facts.fact("Interest since the judgment", interest);
            }
        }
        if !row.solicitor.is_empty() {
            facts = facts.fact("Solicitors", format!("{} {}", row.solicitor, row.solicitor_ref));
        }
        facts.fact_if("Closed because", &row.closed_words).into()
    }
}

impl OneCase {
    /// What was weighed when it was referred. The fee is known once the claim is signed: nobody checks it any more.
    fn weighed(&self) -> Html {
        let row = &self.shown.case;
        let mut all: Vec<(String, String)> = serde_json::from_value(row.checks.clone()).unwrap_or_default();
        all.retain(|(_, words)| row.signed_on.is_none() || !words.starts_with("Check fee"));
        let all = all
            .into_iter()
            .map(|(verdict, words)| (if verdict == "passed" { ui::Verdict::Passed } else { ui::Verdict::Look }, words));
        let title = match row.state.as_str() {
            "referred" => "Reasons for and against".to_owned(),
            _ => format!("Reasons for and against on {}", row.referred_on.format("%-d %B %Y")),
        };
        ui::panel(title, ui::checks(all)).into()
    }
}

impl Plain for OneCase {
    fn above(&self) -> Html {
        up()
    }

    fn actions(&self) -> Html {
        match self.shown.case.letter_number.is_empty() {
            true => Html::default(),
            false => ui::link_button("Evidence bundle", format!("{HOME}/{}/bundle", self.shown.case.number))
                .secondary()
                .into(),
        }
    }

    fn body(&self) -> Html {
        let items = self.shown.items.iter().map(|item| {
            let mut part = item.part.replace('_', " ");
            part[..1].make_ascii_uppercase();
            ui::row().cell(&item.item_number).cell(part).cell(item.due_on).cell(Pence(item.added_pence))
        });
        let items = ui::table("Debts of the case, and what the court added")
            .show_caption()
            .columns([ui::col("Number"), ui::col("What"), ui::col("Due").nowrap(), ui::num("Amount")])
            .rows(items);
        let events = self.shown.events.iter().rev().map(|one| {
            let due = match (one.due_on, one.done_on) {
                (Some(day), None) if one.kind == "claim" => Html::from("from ").and(ui::date(day)),
                (Some(day), None) => Html::from("by ").and(ui::date(day)),
                (Some(_), Some(done)) => Html::from("done ").and(ui::date(done)),
                _ => Html::from("–"),
            };
            ui::row().cell(one.on_day).cell(&one.words).cell(due).cell(&one.actor_name)
        });
        let events = ui::table("What happened and what is due, newest first")
            .show_caption()
            .columns([ui::col("Day").nowrap(), ui::col("What"), ui::col("Deadline").nowrap(), ui::col("Who")])
            .rows(events);
        let ways = self.ways.iter().map(|way| {
            let fee = way.fee_pence.map_or_else(|| Html::from("Not confirmed yet"), |pence| Html::from(Pence(pence)));
            let why = match &way.refusal {
                None => Html::from(tag("Open", TagColour::Green)),
                Some(no) => Html::from(tag("Not open", TagColour::Grey))
                    .and(ui::sub_line(format!("{} ({})", no.sentence, no.code))),
            };
            ui::row().cell(&way.name).cell(fee).cell(why)
        });
        let mut left = self.facts().and(self.weighed()).and(items);
        if !self.ways.is_empty() {
            left = left.and(
                ui::table("Ways to enforce")
                    .show_caption()
                    .columns([ui::col("Way"), ui::num("Fee"), ui::col("Verdict")])
                    .rows(ways),
            );
        }
        ui::grid([(7, left.and(events)), (5, self.acts())]).into()
    }
}

#[cfg(test)]
fn sample_case(code: &str) -> CaseShown {
    use super::sampled::on;
    use sundry_store::court::{CaseItemRow, CaseRow, EventRow};
    let at = chrono::DateTime::UNIX_EPOCH;
    let issued = matches!(code, "issued" | "judgment" | "satisfied");
    let judged = matches!(code, "judgment" | "satisfied");
    let case = CaseRow {
        id: 1,
        number: "CRT-000004".into(),
        customer_id: 1,
        state: code.into(),
        why: "Three reminders and the letter of claim brought nothing".into(),
        means: "Works full time".into(),
        assets: String::new(),
        checks: serde_json::json!([["passed", "Works full time"], ["look", "Nothing is known of what they own"]]),
        referred_by: 1,
        referred_by_name: "Priya Nair".into(),
        referred_on: on(2026, 5, 5),
        decided_by_name: String::new(),
        decided_on: None,
        decision_words: String::new(),
        letter_number: "LTR-000311".into(),
        letter_on: Some(on(2026, 4, 1)),
        replied_on: None,
        reply_kind: String::new(),
        reply_unclear: false,
        documents_requested: false,
        documents_sent_on: None,
        notice_on: None,
        offer_unanswered: false,
        time_runs_out: String::new(),
        safe_on: Some(on(2031, 12, 1)),
        claim: None,
        prepared_by: None,
        signed_by: String::new(),
        signed_on: None,
        file_id: None,
        claim_number: if issued { "K1QZ7788".into() } else { String::new() },
        issued_on: issued.then(|| on(2026, 5, 20)),
        issue_fee_pence: 8_000,
        served_on: issued.then(|| on(2026, 5, 25)),
        respond_by: issued.then(|| on(2026, 6, 8)),
        defend_by: issued.then(|| on(2026, 6, 22)),
        stayed_after: None,
        responses: serde_json::json!([]),
        admission_pending: false,
        requested_on: None,
        judgment_on: judged.then(|| on(2026, 6, 15)),
        judgment_pence: 131_692,
        judgment_kind: "default".into(),
        terms: None,
        satisfied_on: (code == "satisfied").then(|| on(2026, 7, 10)),
        told_court_on: None,
        solicitor: String::new(),
        solicitor_ref: String::new(),
        solicitor_on: None,
        closed_on: None,
        closed_words: String::new(),
        recorded_at: at,
        version: 1,
    };
    CaseShown {
        case,
        customer: "C103316".into(),
        customer_name: "Joyce Pemberton".into(),
        items: vec![CaseItemRow {
            case_id: 1,
            item_id: 1,
            item_number: "INV-020817".into(),
            added_pence: 120_000,
            due_on: on(2025, 12, 1),
            part: "debt".into(),
            is_open: true,
        }],
        open_pence: 120_000,
        events: vec![EventRow {
            id: 1,
            case_id: 1,
            kind: "claim".into(),
            on_day: on(2026, 5, 5),
            due_on: Some(on(2026, 5, 2)),
            done_on: None,
            words: "A claim may be issued from this day".into(),
            amount_pence: 0,
            actor_name: "Priya Nair".into(),
            recorded_at: at,
        }],
        claim: None,
        earliest_on: Some(on(2026, 5, 2)),
        first: None,
        register: if code == "satisfied" { "cancelled".into() } else { "unpaid".into() },
        register_until: (code == "judgment").then(|| on(2032, 6, 15)),
        judgment_interest_pence: None,
    }
}

/// Referring debts.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ReferPage {
    /// The frame.
    pub frame: Frame,
    /// Account and name.
    pub customer: (String, String),
    /// Debts that may be referred now: number, due, open.
    pub debts: Vec<(String, NaiveDate, Pence)>,
    /// Debts that may not yet: number, due, open, why and when they may.
    pub apart: Vec<(String, NaiveDate, Pence, String)>,
    /// What was typed: why, means, assets, then the debts that were chosen.
    pub typed: [String; 3],
    /// Debts that were chosen.
    pub chosen: Vec<String>,
}

impl ReferPage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Refer to court: {}", self.customer.1)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, debts| Self {
            frame,
            customer: ("C103316".into(), "Joyce Pemberton".into()),
            debts,
            apart: Vec::new(),
            typed: Default::default(),
            chosen: Vec::new(),
        };
        let debts = vec![("INV-020817".into(), super::sampled::on(2025, 12, 1), Pence(120_000))];
        let apart = |number: &str, why: &str| {
            (number.to_owned(), super::sampled::on(2026, 8, 1), Pence(30_000), why.to_owned())
        };
        let named = apart(
            "INV-031200",
            "No letter of claim names it yet. It may be referred once its own letter has gone; a claim may follow 30 \
             days after.",
        );
        let elsewhere = apart("INV-031201", "It is in court case CRT-000004: go on with that case.");
        let wrong = Frame::sample("Customers").wrong("why", "Say why court, in up to 2,000 characters");
        vec![
            ("form", page(Frame::sample("Customers"), debts.clone())),
            ("apart", Self { apart: vec![named.clone()], ..page(Frame::sample("Customers"), debts.clone()) }),
            ("error", page(wrong, debts)),
            ("none", Self { apart: vec![named, elsewhere], ..page(Frame::sample("Customers"), Vec::new()) }),
            ("empty", page(Frame::sample("Customers"), Vec::new())),
        ]
    }
}

impl Plain for ReferPage {
    fn above(&self) -> Html {
        ui::breadcrumbs([(format!("/customers/{}", self.customer.0), self.customer.1.clone())]).into()
    }

    fn body(&self) -> Html {
        if self.debts.is_empty() {
            let account = ui::link(format!("/customers/{}", self.customer.0), "Back to the account");
            let (title, text) = match self.apart.is_empty() {
                true => ("Nothing is overdue", "Invoices that are overdue can be referred to court from here."),
                false => ("Nothing can be referred now", "Below is why, and when each debt may come."),
            };
            return Html::from(ui::empty(title, text).action(account)).and(self.not_yet());
        }
        let errors = &self.frame.errors;
        let [why, means, assets] = &self.typed;
        let debts = self.debts.iter().map(|(number, due, open)| {
            let words = format!("{number}, due {}, {open}", due.format("%-d %B %Y"));
            ui::choice(number, words).chosen(self.chosen.is_empty() || self.chosen.contains(number))
        });
        let body = Html::from(ui::checkboxes("debts", "Which debts?", debts).errors(errors))
            .and(self.not_yet())
            .and(ui::textarea("why", "Why court, and not something milder?", why).errors(errors))
            .and(ui::textarea("means", "What is known of their income?", means).errors(errors))
            .and(ui::textarea("assets", "What is known of what they own?", assets).errors(errors))
            .and(ui::para("Somebody else decides. The law, limitation and cost are checked with your referral."))
            .and(ui::button("Refer to court"));
        let at = format!("/customers/{}/court", self.customer.0);
        ui::post_form(at, self.frame.tokens("refer"), body).guarded().into()
    }
}

impl ReferPage {
    /// Debts that stand apart: nobody is offered a tick that would be refused.
    fn not_yet(&self) -> Html {
        if self.apart.is_empty() {
            return Html::default();
        }
        let rows = self.apart.iter().map(|(number, due, open, why)| {
            ui::row().cell(ui::link(crate::web::door::invoice_at(number), number)).cell(*due).cell(*open).cell(why)
        });
        ui::table("Not in this referral")
            .show_caption()
            .columns([
                ui::col("Debt").nowrap(),
                ui::col("Due").nowrap(),
                ui::num("Open"),
                ui::col("Why, and when it may come"),
            ])
            .rows(rows)
            .into()
    }
}

/// Preparing a claim.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ClaimPage {
    /// The frame.
    pub frame: Frame,
    /// Number of the case.
    pub case: String,
    /// Field and what was typed.
    pub typed: Vec<(&'static str, String)>,
    /// What was prepared, with what it lacks.
    pub prepared: Option<Prepared>,
}

impl ClaimPage {
    /// The fields of the form.
    pub const FIELDS: [&'static str; 18] = [
        "issue_on",
        "status",
        "company_number",
        "name",
        "line1",
        "line2",
        "line3",
        "line4",
        "postcode",
        "name2",
        "line21",
        "line22",
        "line23",
        "postcode2",
        "basis",
        "particulars",
        "ways",
        "border",
    ];

    /// The heading.
    pub fn heading(&self) -> String {
        format!("Claim of case {}", self.case)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let typed = || {
            Self::FIELDS
                .iter()
                .map(|field| {
                    let value = match *field {
                        "issue_on" => "20 May 2026",
                        "status" => "individual",
                        "name" => "Mrs Joyce Pemberton",
                        "line1" => "1 High Street",
                        "line2" => "Morpeth",
                        "postcode" => "NE61 1AA",
                        "basis" => "an agreement for trade waste",
                        _ => "",
                    };
                    (*field, value.to_owned())
                })
                .collect::<Vec<_>>()
        };
        let page = |frame| Self { frame, case: "CRT-000004".into(), typed: typed(), prepared: None };
        let wrong = Frame::sample("Recovery").wrong("issue_on", "Enter the day of issue, today or later");
        vec![("form", page(Frame::sample("Recovery"))), ("error", page(wrong))]
    }

    fn of(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value)
    }

    fn text(&self, field: &str, label: &str) -> ui::Input {
        ui::input(field, label, self.of(field)).errors(&self.frame.errors)
    }

    fn outcome(&self) -> Html {
        let Some(made) = &self.prepared else { return Html::default() };
        let value = &made.claim.value;
        let mut facts = ui::summary_list()
            .fact("Debts", value.principal)
            .fact("Interest to the day of issue", value.interest)
            .fact("Compensation", value.compensation)
            .fact("Value of the claim", value.value)
            .fact("Fee on that day", Html::from(value.fee.amount).and(ui::sub_line(&value.fee.note)))
            .fact("Fixed costs", value.costs);
        if let Some(interest) = &made.claim.interest {
            facts = facts.fact("Interest paragraph", interest.paragraph());
        }
        let told = |all: &[Refusal], verdict: ui::Verdict| -> Vec<(ui::Verdict, String)> {
            all.iter().map(|one| (verdict, format!("{}. {} ({})", one.sentence, one.way_out, one.code))).collect()
        };
        let mut checks = told(&made.lacks, ui::Verdict::Fix);
        checks.extend(told(&made.not_yet.clone().into_iter().collect::<Vec<_>>(), ui::Verdict::Fix));
        checks.extend(told(&made.not_online, ui::Verdict::Look));
        if checks.is_empty() {
            checks.push((ui::Verdict::Passed, "It lacks nothing and may be signed".into()));
        }
        Html::from(ui::panel("As prepared", Html::from(facts).and(ui::checks(checks))))
    }
}

impl Plain for ClaimPage {
    fn above(&self) -> Html {
        ui::breadcrumbs([(HOME.to_owned(), "Court".to_owned()), (format!("{HOME}/{}", self.case), self.case.clone())])
            .into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let statuses = DefendantStatus::ALL.iter().map(|one| (one.as_str(), one.name()));
        let ways: Vec<&str> = self.of("ways").split(' ').collect();
        let boxes = [
            ui::choice("separately", "The particulars go to the court by another way")
                .chosen(ways.contains(&"separately")),
            ui::choice("represented", "A legal representative acts for us").chosen(ways.contains(&"represented")),
            ui::choice("border", "A border address that I confirmed to lie in England")
                .chosen(ways.contains(&"border")),
        ];
        let body = Html::from(ui::date_input("issue_on", "Day of issue", self.of("issue_on")).errors(errors))
            .and(ui::radios("status", "What is the defendant in law?", self.of("status"), statuses).errors(errors))
            .and(self.text("company_number", "Company number").width(10))
            .and(self.text("name", "Full name"))
            .and(self.text("line1", "Address for service, line 1").hint("Each line up to 30 characters"))
            .and(self.text("line2", "Line 2"))
            .and(self.text("line3", "Line 3"))
            .and(self.text("line4", "Line 4"))
            .and(self.text("postcode", "Postcode").width(8))
            .and(self.text("name2", "Second defendant, if any"))
            .and(self.text("line21", "Their address, line 1"))
            .and(self.text("line22", "Their address, line 2"))
            .and(self.text("line23", "Their address, line 3"))
            .and(self.text("postcode2", "Their postcode").width(8))
            .and(self.text("basis", "The contract or the statute"))
            .and(
                ui::textarea("particulars", "Particulars", self.of("particulars"))
                    .hint("Empty: they are written from the debts. 1,080 characters fit online.")
                    .rows(8)
                    .errors(errors),
            )
            .and(ui::checkboxes("ways", "Also", boxes))
            .and(ui::button("Prepare the claim"));
        let at = format!("{HOME}/{}/claim", self.case);
        let form = ui::post_form(at, self.frame.tokens("claim"), body).guarded();
        ui::grid([(7, Html::from(form)), (5, self.outcome())]).into()
    }
}

/// The diary.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Diary {
    /// The frame.
    pub frame: Frame,
    /// Deadlines, each with whether its day has passed.
    pub rows: Vec<(DiaryLine, bool)>,
}

impl Diary {
    /// The heading.
    pub fn heading(&self) -> String {
        "Court diary".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = DiaryLine {
            number: "CRT-000004".into(),
            customer_number: "C103316".into(),
            customer_name: "Joyce Pemberton".into(),
            kind: "judgment".into(),
            due_on: super::sampled::on(2026, 6, 9),
            words: "Ask for judgment if nothing came".into(),
        };
        let page = |rows| Self { frame: Frame::sample("Recovery"), rows };
        vec![("full", page(vec![(line.clone(), true), (line, false)])), ("empty", page(Vec::new()))]
    }
}

impl Plain for Diary {
    fn above(&self) -> Html {
        up()
    }

    fn body(&self) -> Html {
        let top = tabs("/court/diary");
        if self.rows.is_empty() {
            return top.and(
                ui::empty(
                    "Nothing is due in the next 60 days",
                    "A deadline comes here with a letter of claim, a claim, a judgment or an estate.",
                )
                .action(ui::link(HOME, "Look at the cases")),
            );
        }
        let rows = self.rows.iter().map(|(line, late)| {
            let href = if line.number.starts_with("CRT-") {
                format!("{HOME}/{}", line.number)
            } else if line.number.starts_with("EST-") {
                format!("/estates/{}", line.number)
            } else {
                format!("/customers/{}", line.customer_number)
            };
            let day = ui::date(line.due_on);
            ui::row()
                .cell(if *late { day.and(ui::sub_line(tag("Late", TagColour::Red))) } else { day })
                .cell(ui::link(href, &line.number))
                .cell(ui::link(format!("/customers/{}", line.customer_number), &line.customer_name))
                .cell(&line.words)
        });
        let table = ui::table("Deadlines, first due first")
            .columns([ui::col("Day").nowrap(), ui::col("Case").nowrap(), ui::col("Customer"), ui::col("What")])
            .rows(rows);
        top.and(table)
    }
}

/// Debts whose time is short.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct LimitationPage {
    /// The frame.
    pub frame: Frame,
    /// The shortest first.
    pub rows: Vec<DebtLimit>,
}

impl LimitationPage {
    /// The heading.
    pub fn heading(&self) -> String {
        "Limitation".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let row = |barred| DebtLimit {
            number: "INV-004411".into(),
            customer: "C103316".into(),
            name: "Joyce Pemberton".into(),
            open_pence: 48_000,
            due_on: on(2020, 11, 20),
            safe_on: Some(on(2026, 11, 20)),
            barred,
            alert_months: Some(2),
            working: sundry_domain::law::Limitation {
                starts_on: on(2020, 11, 20),
                safe_on: Some(on(2026, 11, 20)),
                events: vec![],
            },
        };
        let page = |rows| Self { frame: Frame::sample("Recovery"), rows };
        vec![("full", page(vec![row(true), row(false)])), ("empty", page(Vec::new()))]
    }
}

impl Plain for LimitationPage {
    fn above(&self) -> Html {
        up()
    }

    fn body(&self) -> Html {
        let top = tabs("/court/limitation");
        if self.rows.is_empty() {
            return top.and(ui::empty(
                "No debt is near its end",
                "That is good. Debts whose time runs out within a year are listed here.",
            ));
        }
        let rows = self.rows.iter().map(|one| {
            let stands = match (one.barred, one.alert_months) {
                (true, _) => tag("Out of time", TagColour::Red),
                (false, Some(months)) => {
                    tag(format!("Within {}", ui::count_of(months, "month", "months")), TagColour::Orange)
                }
                (false, None) => tag("In time", TagColour::Green),
            };
            let why = one.working.events.iter().map(|event| {
                format!("{}, {}: {}", event.event.kind.name(), event.event.on.format("%-d %B %Y"), event.why)
            });
            let why: Vec<String> = why.collect();
            ui::row()
                .cell(ui::link(crate::web::door::invoice_at(&one.number), &one.number))
                .cell(ui::link(format!("/customers/{}", one.customer), &one.name))
                .cell(Pence(one.open_pence))
                .cell(one.due_on)
                .cell(maybe_day(one.safe_on))
                .cell(stands)
                .cell(if why.is_empty() { "From the due date".to_owned() } else { why.join("; ") })
        });
        let table = ui::table("Debts whose time is short or over, the shortest first")
            .columns([
                ui::col("Invoice").nowrap(),
                ui::col("Customer"),
                ui::num("Open"),
                ui::col("Due").nowrap(),
                ui::col("Safe until").nowrap(),
                ui::col("State"),
                ui::col("What counts"),
            ])
            .rows(rows);
        top.and(table)
    }
}

/// Files for the court.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CourtFiles {
    /// The frame.
    pub frame: Frame,
    /// Newest first.
    pub rows: Vec<FileRow>,
    /// What was left behind by the last file: case and reasons.
    pub left: Vec<(String, String)>,
    /// Whether the reader may take a file.
    pub may_take: bool,
}

impl CourtFiles {
    /// The heading.
    pub fn heading(&self) -> String {
        "Files for the court".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = FileRow {
            id: 1,
            number: "CTF-000001".into(),
            reference: "NCC-20260520-000001".into(),
            name: "NCC-20260520-000001.xml".into(),
            file_sha256: "ab".into(),
            claims_count: 2,
            total_pence: 247_384,
            made_on: super::sampled::on(2026, 5, 20),
            made_by: "Amir Shah".into(),
            recorded_at: chrono::DateTime::UNIX_EPOCH,
        };
        let page = |rows, left| Self { frame: Frame::sample("Recovery"), rows, left, may_take: true };
        let left = vec![("CRT-000009".to_owned(), "£40.00 is owed now and £90.00 was signed for".to_owned())];
        vec![("full", page(vec![row], left)), ("empty", page(Vec::new(), Vec::new()))]
    }
}

impl Plain for CourtFiles {
    fn above(&self) -> Html {
        up()
    }

    fn body(&self) -> Html {
        let mut top = tabs("/court/files");
        if !self.left.is_empty() {
            let left = self.left.iter().map(|(case, why)| (ui::Verdict::Look, format!("{case}: {why}")));
            top = top.and(ui::panel("Left behind", ui::checks(left)));
        }
        if self.rows.is_empty() {
            return top.and(
                ui::empty("No files yet", "A file is written from the list of claims that are signed.")
                    .action(ui::link("/court?state=signed", "Look at the signed claims")),
            );
        }
        let rows = self.rows.iter().map(|row| {
            let name = match self.may_take {
                true => ui::link(format!("/court/files/{}", row.number), &row.name),
                false => Html::from(&row.name),
            };
            ui::row()
                .cell(row.made_on)
                .cell(name)
                .cell(row.claims_count)
                .cell(Pence(row.total_pence))
                .cell(&row.made_by)
        });
        let table = ui::table("Files, newest first")
            .columns([ui::col("Day").nowrap(), ui::col("File"), ui::num("Claims"), ui::num("Claimed"), ui::col("By")])
            .rows(rows);
        top.and(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctl_01_nobody_is_shown_a_button_to_sign_what_they_prepared_or_to_decide_what_they_referred() {
        let of = |name: &str| OneCase::samples().into_iter().find(|(found, _)| *found == name).expect("a sample").1;
        let mut prepared = of("prepared");
        assert!(prepared.acts().as_str().contains("Sign the claim"));
        prepared.shown.case.prepared_by = Some(prepared.reader);
        let own = prepared.acts();
        assert!(!own.as_str().contains("Sign the claim") && own.as_str().contains("somebody else signs it"), "{own}");
        let mut referred = of("referred");
        assert!(referred.acts().as_str().contains("Decide on the referral"));
        referred.shown.case.referred_by = referred.reader;
        assert!(!referred.acts().as_str().contains("Decide on the referral"), "{}", referred.acts());
    }

    #[test]
    fn ct_01_a_signed_claim_has_its_fee_and_asks_nobody_to_check_it() {
        let (_, mut case) =
            OneCase::samples().into_iter().find(|(name, _)| *name == "prepared").expect("a prepared case");
        let checks = [["look", "Check fee: nobody confirmed the fee to issue a claim"], ["passed", "Works full time"]];
        case.shown.case.checks = serde_json::json!(checks);
        assert!(case.weighed().as_str().contains("Check fee"));
        case.shown.case.state = "signed".into();
        case.shown.case.signed_on = Some(super::super::sampled::on(2026, 5, 12));
        let signed = case.weighed();
        assert!(!signed.as_str().contains("Check fee") && signed.as_str().contains("Works full time"), "{signed}");
        assert!(signed.as_str().contains("Reasons for and against on 5 May 2026"), "{signed}");
    }

    #[test]
    fn leg_04_nobody_is_shown_a_button_to_ask_for_judgment_before_its_day() {
        let acts = |name: &str| {
            let (_, case) = OneCase::samples().into_iter().find(|(found, _)| *found == name).expect("a sample");
            case.acts().as_str().to_owned()
        };
        assert!(acts("issued").contains("Ask for judgment"));
        let early = acts("early");
        assert!(!early.contains("Ask for judgment") && early.contains("can answer until 8 June 2026"), "{early}");
        assert!(early.contains("CT-05-TOO-EARLY"), "{early}");
    }

    #[test]
    fn rec_03_a_debt_that_no_letter_of_claim_names_is_listed_apart_without_a_tick() {
        let (_, page) = ReferPage::samples().into_iter().find(|(name, _)| *name == "apart").expect("a sample");
        let body = page.body();
        assert_eq!(body.as_str().matches("type=\"checkbox\"").count(), 1, "{body}");
        assert!(body.as_str().contains("value=\"INV-020817\""), "{body}");
        assert!(body.as_str().contains("once its own letter has gone"), "{body}");
    }
}
