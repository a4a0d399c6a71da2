//! The people about an account: who acts, what the customer needs, who owes with them, cases, changes that wait.

use super::customer_about::about_shown;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour};
use askama::Template;
use sundry_desk::court::AboutCustomer;
use sundry_desk::recovery::people::{ActingShown, CaseLine, JointShown, NeedShown};
use sundry_store::people::changes::HeldChangeRow;

/// The people about an account.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct AccountPeople {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// Who acts or acted.
    pub acting: Vec<ActingShown>,
    /// Cases, newest first.
    pub cases: Vec<CaseLine>,
    /// Who owes with whom.
    pub joints: Vec<JointShown>,
    /// Changes that wait or waited.
    pub changes: Vec<HeldChangeRow>,
    /// Markers, for everybody: what we change, since when, review.
    pub markers: Vec<(String, String, String)>,
    /// What was read of the needs; none until somebody asked.
    pub needs: Option<Vec<NeedShown>>,
    /// Insolvencies, estates, charges for late payment, facts of debts.
    pub about: AboutCustomer,
    /// Whether the reader may set flags.
    pub may_set: bool,
    /// Whether the reader may manage customers.
    pub may_manage: bool,
    /// Whether facts of debts may be recorded.
    pub may_work: bool,
}

impl AccountPeople {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("People about {}", self.customer)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let day = |month, day| super::sampled::on(2026, month, day);
        let acting = |stands: &str| ActingShown {
            row: sundry_store::people::acting::ActingRow {
                id: 1,
                number: "REP-000004".into(),
                customer_id: 1,
                authority: "attorney".into(),
                name: "Jan Webb".into(),
                address1: "9 Hill Rise".into(),
                address2: String::new(),
                town: "Ashford".into(),
                postcode: "TN23 1AA".into(),
                email: String::new(),
                phone: "01632 960002".into(),
                channel: "post".into(),
                language: "en".into(),
                letter_format: "standard".into(),
                scope: "letters,speak".into(),
                gets_letters: true,
                from_on: day(4, 1),
                to_on: None,
                document: "Lasting power of attorney of 3 March 2026".into(),
                proved: stands == "in_force",
                proved_by_name: "Priya Nair".into(),
                ended_on: None,
                ended_why: String::new(),
                recorded_by_name: "Priya Nair".into(),
                recorded_at: chrono::DateTime::UNIX_EPOCH,
                version: 1,
            },
            authority_name: "Attorney (lasting power, property and finance)".into(),
            may: vec!["Get the letters".into(), "Talk to us".into()],
            stands: stands.into(),
            files: vec![("9f2ac1".into(), "power.pdf".into())],
        };
        let change = HeldChangeRow {
            id: 1,
            approval: "APP-000031".into(),
            customer_id: 1,
            field: "address".into(),
            was: "1 Mere Road, Northmere, NM1 1AA".into(),
            wanted: "2 Mill Lane, Ashford, TN23 1AA".into(),
            source: "Letter of 12 November".into(),
            state: "waiting".into(),
            call_back: String::new(),
            asked_by_name: "Priya Nair".into(),
            asked_on: day(11, 13),
            decided_on: None,
            recorded_at: chrono::DateTime::UNIX_EPOCH,
        };
        let joint = JointShown {
            debt: "INV-7104300".into(),
            owner: "C103316".into(),
            other: "C103317".into(),
            other_name: "Alun Pemberton".into(),
            because: "Both are party to the agreement".into(),
            evidence: "Tenancy of 2 May 2024".into(),
        };
        let page = |acting: Vec<ActingShown>, needs| Self {
            frame: Frame::sample("Customers"),
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            cases: Vec::new(),
            joints: if acting.is_empty() { Vec::new() } else { vec![joint.clone()] },
            changes: if acting.is_empty() { Vec::new() } else { vec![change.clone()] },
            about: if acting.is_empty() { AboutCustomer::default() } else { super::customer_about::sample() },
            markers: vec![("More time to answer".into(), "1 May 2026".into(), "1 November 2026".into())],
            acting,
            needs,
            may_set: true,
            may_manage: true,
            may_work: true,
        };
        let need = NeedShown {
            flag: 1,
            need: "Mental health".into(),
            adjustments: vec!["More time to answer".into()],
            reason: "Told us on a call that letters frighten her".into(),
            basis: "Consent, 1 May 2026".into(),
            restricted: true,
            from_on: day(5, 1),
            to_on: None,
            review_on: Some(day(11, 1)),
        };
        vec![
            ("full", page(vec![acting("in_force"), acting("not_proved")], None)),
            ("needs", page(Vec::new(), Some(vec![need]))),
            ("empty", page(Vec::new(), Some(Vec::new()))),
        ]
    }
}

impl Plain for AccountPeople {
    fn above(&self) -> Html {
        let at = format!("/customers/{}", self.account);
        ui::breadcrumbs([("/customers".to_owned(), "Customers".to_owned()), (at, self.customer.clone())]).into()
    }

    fn actions(&self) -> Html {
        let at = |path: &str| format!("/customers/{}/{path}", self.account);
        let mut all = Html::default();
        if self.may_set || self.may_manage {
            all = all.and(ui::link_button("Record who acts", at("representatives")).secondary());
        }
        if self.may_set {
            let notice = format!("/recovery/cases/new?customer={}", self.account);
            all = all
                .and(ui::link_button("Mark a need", at("needs")).secondary())
                .and(ui::link_button("Record a joint debtor", at("joint-debtors")).secondary())
                .and(ui::link_button("Take in a notice", notice).secondary());
        }
        if self.may_work {
            all = all
                .and(ui::link_button("Record a fact of a debt", at("debt-facts")).secondary())
                .and(ui::link_button("Record what starts time again", at("time-limits")).secondary())
                .and(ui::link_button("Record a fee by contract", at("contract-fees")).secondary())
                .and(ui::link_button("Work out overpaid pay", at("pay-calculation")).secondary())
                .and(ui::link_button("Take an overpayment back", at("overpayment")).secondary());
        }
        if self.may_manage {
            all = all.and(ui::link_button("New address or bank account", at("new-details")).secondary());
            all = all.and(ui::link_button("Merge with another account", at("merge")).secondary());
        }
        all
    }

    fn body(&self) -> Html {
        let about = about_shown(&self.about, self.may_work.then_some(self.account.as_str()));
        self.who_acts()
            .and(self.what_they_need())
            .and(self.their_cases())
            .and(about)
            .and(self.who_owes())
            .and(self.what_waits())
    }
}

fn stands_tag(stands: &str) -> ui::Tag {
    match stands {
        "in_force" => ui::tag("In force", TagColour::Green),
        "not_proved" => ui::tag("No document yet", TagColour::Yellow),
        "not_yet" => ui::tag("Not yet", TagColour::Grey),
        "over" => ui::tag("Over: ask for a new document", TagColour::Red),
        _ => ui::tag("Ended", TagColour::Grey),
    }
}

impl AccountPeople {
    fn who_acts(&self) -> Html {
        if self.acting.is_empty() {
            return ui::panel("Who acts", ui::muted("Nobody acts for this customer.")).into();
        }
        let rows = self.acting.iter().map(|one| {
            let row = &one.row;
            let who = Html::from(&row.name).and(ui::sub_line(&one.authority_name));
            let until = row.to_on.map_or_else(|| Html::from("Until it is ended"), ui::date);
            let files: Vec<&str> = one.files.iter().map(|(_, name)| name.as_str()).collect();
            let document = Html::from(&row.document).and(ui::sub_line(files.join(", ")));
            let more = match one.stands.as_str() {
                "ended" => Html::from("–"),
                _ if self.may_set || self.may_manage => {
                    let at = format!("/customers/{}/representatives/{}", self.account, row.number);
                    Html::from(ui::para(ui::link(format!("{at}/document"), format!("Add document for {}", row.number))))
                        .and(ui::para(ui::link(format!("{at}/end"), format!("End {}", row.number))))
                }
                _ => Html::from("–"),
            };
            ui::row()
                .cell(who)
                .cell(one.may.join("; "))
                .cell(document)
                .cell(ui::date(row.from_on))
                .cell(until)
                .cell(stands_tag(&one.stands))
                .cell(more)
        });
        ui::table("Who acts")
            .columns([
                ui::col("Who"),
                ui::col("May"),
                ui::col("Document"),
                ui::col("From"),
                ui::col("Until"),
                ui::col("State"),
                ui::col("Change"),
            ])
            .rows(rows)
            .show_caption()
            .into()
    }

    fn what_they_need(&self) -> Html {
        let mut body = Html::default();
        for (changes, since, review) in &self.markers {
            body = body.and(ui::para(format!("{changes}; since {since}, looked at again {review}.")));
        }
        body = match &self.needs {
            Some(needs) if needs.is_empty() => body.and(ui::muted("Nothing is kept that you may read.")),
            Some(needs) => needs.iter().fold(body, |all, one| {
                let facts = ui::summary_list()
                    .fact("Need", &one.need)
                    .fact("How we know", &one.reason)
                    .fact("By what right", &one.basis);
                all.and(facts)
            }),
            None if self.markers.is_empty() => body.and(ui::muted("No need is marked.")),
            None => {
                let why = ui::input("why", "What do you need it for?", "")
                    .width(30)
                    .hint("The trail remembers who read it, and this.")
                    .errors(&self.frame.errors);
                let form = Html::from(why).and(ui::button("Read why").secondary());
                let action = format!("/customers/{}/people", self.account);
                body.and(ui::post_form(action, self.frame.tokens("read"), form))
            }
        };
        ui::panel("What they need of us", body).into()
    }

    fn their_cases(&self) -> Html {
        if self.cases.is_empty() {
            return Html::default();
        }
        let rows = self.cases.iter().map(|line| {
            ui::row()
                .cell(ui::link(format!("/recovery/cases/{}", line.number), &line.number))
                .cell(&line.form_name)
                .cell(super::letters::plain_words(&line.state))
                .cell(ui::date(line.starts_on))
                .cell(line.ends_on.map_or_else(|| Html::from("Not known"), ui::date))
        });
        ui::table("Cases")
            .columns([ui::col("Case"), ui::col("What"), ui::col("State"), ui::col("First day"), ui::col("Last day")])
            .rows(rows)
            .show_caption()
            .into()
    }

    fn who_owes(&self) -> Html {
        if self.joints.is_empty() {
            return Html::default();
        }
        let rows = self.joints.iter().map(|one| {
            ui::row()
                .cell(ui::link(crate::web::door::invoice_at(&one.debt), &one.debt))
                .cell(ui::link(format!("/customers/{}", one.owner), &one.owner))
                .cell(ui::link(format!("/customers/{}", one.other), format!("{} {}", one.other, one.other_name)))
                .cell(Html::from(&one.because).and(ui::sub_line(&one.evidence)))
        });
        ui::table("Who owes with whom")
            .columns([ui::col("Debt"), ui::col("On the account of"), ui::col("Owes it too"), ui::col("Why")])
            .rows(rows)
            .show_caption()
            .into()
    }

    fn what_waits(&self) -> Html {
        if self.changes.is_empty() {
            return Html::default();
        }
        let rows = self.changes.iter().map(|row| {
            let stands = match row.state.as_str() {
                "waiting" => ui::tag("Waits for a call back", TagColour::Yellow),
                "made" => ui::tag("Made", TagColour::Green),
                _ => ui::tag("Turned down", TagColour::Grey),
            };
            let approval = format!("/approvals/{}", row.approval);
            let number = if self.frame.opens(&approval) {
                ui::link(&approval, &row.approval)
            } else {
                Html::from(&row.approval)
            };
            ui::row()
                .cell(number)
                .cell(Html::from(&row.wanted).and(ui::sub_line(format!("was {}", row.was))))
                .cell(Html::from(&row.source).and(ui::sub_line(&row.asked_by_name)))
                .cell(ui::date(row.asked_on))
                .cell(Html::from(stands).and(ui::sub_line(&row.call_back)))
        });
        ui::table("Addresses and bank accounts that were asked for")
            .columns([ui::col("Approval"), ui::col("New"), ui::col("From"), ui::col("Asked on"), ui::col("State")])
            .rows(rows)
            .show_caption()
            .into()
    }
}
