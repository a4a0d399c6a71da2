//! Merging another account of the same customer into one: which, what moves, what forbids it, and asking for it.

use super::plain::Plain;
use crate::web::door::path_part;
use crate::web::ui::{self, AlertKind, Frame, Html};
use askama::Template;
use sundry_desk::customers::{MergeForbidden, MergeParty, MergePreview, MergedAccount};
use sundry_domain::money::Pence;

/// Merging another account into this one.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct MergeAccounts {
    /// The frame; errors belong to `gone`, `evidence`, `undo` and `reason`.
    pub frame: Frame,
    /// The account that stays: number and name.
    pub stays: (String, String),
    /// The other one's number, as typed.
    pub gone: String,
    /// How they know, as typed.
    pub evidence: String,
    /// What would happen, once the other account is named.
    pub preview: Option<MergePreview>,
    /// The accounts that were merged into this one.
    pub merged: Vec<MergedAccount>,
    /// Number of the one to be an account of its own again, as chosen.
    pub undo: String,
    /// Why, as typed.
    pub reason: String,
}

impl MergeAccounts {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Merge another account into {}", self.stays.0)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let party = |number: &str, address: &str| MergeParty {
            number: number.into(),
            name: "Joyce Pemberton".into(),
            kind: "individual".into(),
            address: address.into(),
        };
        let moved = |what: &str, name: &str, count, pence| sundry_desk::customers::MergeMove {
            what: what.into(),
            name: name.into(),
            count,
            pence,
        };
        let preview = |forbids| MergePreview {
            stays: party("C103316", "1 Mere Road, Northmere, NM1 1AA"),
            gone: party("C104002", "2 Mill Lane, Northmere, NM1 1AB"),
            moves: vec![
                moved("debts", "Debts", 2, 45_000),
                moved("unallocated", "Cash not allocated", 1, -5_000),
                moved("plans", "Payment plans that run", 1, 45_000),
                moved("holds", "Holds in force", 2, 0),
            ],
            forbids,
        };
        let page = |frame, preview| Self {
            frame,
            stays: ("C103316".into(), "Joyce Pemberton".into()),
            gone: "C104002".into(),
            evidence: String::new(),
            preview,
            merged: Vec::new(),
            undo: String::new(),
            reason: String::new(),
        };
        let merged = MergedAccount {
            number: "C104002".into(),
            name: "Joyce Pemberton".into(),
            evidence: "The same date of birth".into(),
            merged_on: None,
            undo_waits: String::new(),
        };
        let again = Self { gone: String::new(), merged: vec![merged], ..page(Frame::sample("Customers"), None) };
        let no = MergeForbidden {
            code: "CUS-06-COURT".into(),
            sentence: "A debt of C104002 is with the court or on its way there".into(),
            way_out: "End the case, or merge when it is over".into(),
        };
        let wrong = Frame::sample("Customers").wrong("evidence", "Enter how you know that both are one customer");
        vec![
            ("empty", page(Frame::sample("Customers"), None)),
            ("full", page(Frame::sample("Customers"), Some(preview(Vec::new())))),
            ("forbidden", page(Frame::sample("Customers"), Some(preview(vec![no])))),
            ("error", page(wrong, Some(preview(Vec::new())))),
            ("merged", again),
        ]
    }

    fn at(&self) -> String {
        format!("/customers/{}/merge", path_part(&self.stays.0))
    }

    fn which(&self) -> Html {
        let other = ui::input("gone", "Number of the other account", &self.gone)
            .hint("It is merged into this one; its number goes on leading here")
            .width(20)
            .errors(&self.frame.errors);
        ui::filters(self.at()).label("Which account").field(other).verb("Show what moves").into()
    }

    fn ask(&self) -> Html {
        let body = ui::hidden("gone", &self.gone)
            .and(
                ui::textarea("evidence", "How do you know that both are one customer?", &self.evidence)
                    .hint("A call, a letter, the same date of birth. Somebody else decides.")
                    .rows(3)
                    .errors(&self.frame.errors),
            )
            .and(ui::button("Ask for the merge"));
        Html::from(ui::post_form(self.at(), self.frame.tokens("merge"), body).guarded())
    }
}

/// The accounts that were merged into this one, and asking for one of them to live again.
fn undoing(page: &MergeAccounts) -> Html {
    if page.merged.is_empty() {
        return Html::default();
    }
    let rows = page.merged.iter().map(|one| {
        let on = one.merged_on.map_or_else(|| Html::from(ui::or_dash("")), Html::from);
        ui::row().cell(&one.number).cell(&one.name).cell(on).cell(&one.evidence).cell(ui::or_dash(&one.undo_waits))
    });
    let table = ui::table("Merged into this account")
        .columns([
            ui::col("Account"),
            ui::col("Name"),
            ui::col("Merged on"),
            ui::col("How we knew"),
            ui::col("Waits to be undone"),
        ])
        .rows(rows)
        .show_caption();
    let choices: Vec<(String, String)> =
        page.merged.iter().map(|one| (one.number.clone(), format!("{} {}", one.number, one.name))).collect();
    let body = Html::from(
        ui::select("undo", "Which account is to be one of its own again?", &page.undo, choices)
            .errors(&page.frame.errors),
    )
    .and(
        ui::textarea("reason", "Why are they two customers after all?", &page.reason)
            .hint("Its debts go back with what is open of them. Somebody else decides.")
            .rows(3)
            .errors(&page.frame.errors),
    )
    .and(ui::button("Ask to undo the merge").secondary());
    let at = format!("/customers/{}/unmerge", path_part(&page.stays.0));
    Html::from(table).and(ui::post_form(at, page.frame.tokens("unmerge"), body).guarded())
}

fn parties(preview: &MergePreview) -> Html {
    let row = |part: &str, one: &MergeParty| {
        ui::row()
            .cell(part)
            .cell(ui::link(format!("/customers/{}", path_part(&one.number)), &one.number))
            .cell(&one.name)
            .cell(&one.address)
    };
    ui::table("The two accounts")
        .columns([ui::col("Part"), ui::col("Account"), ui::col("Name"), ui::col("Address")])
        .rows([row("Stays", &preview.stays), row("Is merged into it", &preview.gone)])
        .show_caption()
        .into()
}

fn moves(preview: &MergePreview) -> Html {
    if preview.moves.is_empty() {
        return ui::para("Nothing stands on the other account; only its number will lead here.").into();
    }
    let rows = preview.moves.iter().map(|one| {
        let sum = if one.pence == 0 { Html::from(ui::or_dash("")) } else { Html::from(Pence(one.pence)) };
        ui::row().cell(&one.name).cell(one.count).cell(sum)
    });
    ui::table("What moves")
        .columns([ui::col("What"), ui::num("How many"), ui::num("Amount")])
        .rows(rows)
        .show_caption()
        .into()
}

impl Plain for MergeAccounts {
    fn above(&self) -> Html {
        let account = format!("/customers/{}", path_part(&self.stays.0));
        ui::breadcrumbs([("/customers".to_owned(), "Customers".to_owned()), (account, self.stays.1.clone())]).into()
    }

    fn body(&self) -> Html {
        let Some(preview) = &self.preview else { return self.which().and(undoing(self)) };
        let seen = self.which().and(parties(preview)).and(moves(preview));
        if preview.forbids.is_empty() {
            return seen.and(self.ask());
        }
        let no = |one: &MergeForbidden| format!("{}. {} ({}).", one.sentence, one.way_out, one.code);
        preview.forbids.iter().fold(seen, |all, one| all.and(ui::alert(AlertKind::Warning, no(one))))
    }
}
