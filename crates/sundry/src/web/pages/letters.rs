//! Letters for whoever edits, approves or audits them: the list, one version as blocks, how two versions differ.

use super::admin::tabs;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour, tag};
use askama::Template;
use chrono::NaiveDate;

/// The letters.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Letters {
    /// The frame.
    pub frame: Frame,
    /// The rows.
    pub rows: Vec<LetterRow>,
}

/// One letter of the list.
#[derive(Clone, Debug)]
pub struct LetterRow {
    /// Its name in addresses.
    pub code: String,
    /// Its title.
    pub title: String,
    /// `Reminder`.
    pub kind: String,
    /// The version in use; 0 when none is.
    pub version: i64,
    /// Since when, where it is known.
    pub live_from: Option<NaiveDate>,
    /// Who approved it.
    pub approved_by: String,
    /// English and Welsh, or English with gaps in Welsh.
    pub welsh: bool,
    /// A version that goes live later.
    pub next: Option<(i64, NaiveDate)>,
    /// draft or asked; empty when there is none.
    pub draft: String,
}

impl Letters {
    /// The heading.
    pub fn heading(&self) -> String {
        "Letters".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = LetterRow {
            code: "reminder_1".into(),
            title: "You owe {organisation} {amount}. Please pay by {due_on}.".into(),
            kind: "Reminder".into(),
            version: 2,
            live_from: Some(super::sampled::on(2026, 11, 2)),
            approved_by: "Oona Keane".into(),
            welsh: true,
            next: Some((3, super::sampled::on(2026, 12, 1))),
            draft: String::new(),
        };
        let first = LetterRow {
            code: "letter_of_claim".into(),
            kind: "Letter of claim".into(),
            version: 1,
            live_from: None,
            approved_by: "Sundry".into(),
            welsh: false,
            next: None,
            draft: "asked".into(),
            ..row.clone()
        };
        vec![("full", Self { frame: Frame::sample("Admin"), rows: vec![row, first] })]
    }
}

/// A name of the program's as words: `how_to_pay` is `How to pay`.
pub(super) fn plain_words(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn draft_tag(state: &str) -> Html {
    match state {
        "draft" => tag("Draft", TagColour::Yellow).into(),
        "asked" => tag("Waits for a yes", TagColour::Blue).into(),
        _ => Html::default(),
    }
}

impl Plain for Letters {
    fn above(&self) -> Html {
        tabs(&self.frame, "/admin/letters")
    }

    fn body(&self) -> Html {
        let rows = self.rows.iter().map(|row| {
            let name = ui::link(format!("/admin/letters/{}", row.code), &row.title).and(ui::sub_line(&row.code));
            let version = match row.version {
                0 => Html::from("None in use"),
                version => Html::from(version.to_string()),
            };
            let live = row.live_from.map_or_else(|| Html::from("The beginning"), ui::date);
            let next = row
                .next
                .map(|(version, day)| ui::sub_line(Html::from(format!("Version {version} from")).and(ui::date(day))));
            ui::row()
                .cell(name)
                .cell(row.kind.as_str())
                .cell(version)
                .cell(live.and(next.unwrap_or_default()))
                .cell(row.approved_by.as_str())
                .cell(if row.welsh { "English and Welsh" } else { "English, some Welsh" })
                .cell(draft_tag(&row.draft))
        });
        let table = ui::table("Letters and the version in use of each")
            .columns([
                ui::col("Letter"),
                ui::col("Kind").nowrap(),
                ui::num("Version"),
                ui::col("Live since").nowrap(),
                ui::col("Approved by").quiet(),
                ui::col("Language").quiet(),
                ui::col("Draft"),
            ])
            .rows(rows);
        Html::from(ui::muted(
            "Letters that were sent stay as they were sent. A change here is for letters written from its first day on.",
        ))
        .and(table)
    }
}

/// A block as it is read.
#[derive(Clone, Debug, Default)]
pub struct BlockShown {
    /// Its name.
    pub id: String,
    /// The rule that fixes its words; empty where it may be changed.
    pub fixed_by: String,
    /// For whom, in words; empty for everyone.
    pub audience: String,
    /// The box under it, in words; empty for none.
    pub panel: String,
    /// Heading and text in English.
    pub english: (String, String),
    /// The same in Welsh; empty where there is none.
    pub welsh: (String, String),
}

/// One version of a letter.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct LetterPage {
    /// The frame.
    pub frame: Frame,
    /// Its name in addresses.
    pub code: String,
    /// The version shown.
    pub version: i64,
    /// Titles in English and Welsh.
    pub titles: (String, String),
    /// Its blocks.
    pub blocks: Vec<BlockShown>,
    /// Every version: number, state, live from, written by, approved by.
    pub versions: Vec<(i64, String, Option<NaiveDate>, String, String)>,
    /// The draft: state, version, who and when, why it was turned down, approval; none when there is none.
    pub draft: Option<DraftLine>,
    /// Whether the reader edits letters.
    pub may_edit: bool,
    /// Whether the reader may look at it on an account.
    pub may_preview: bool,
}

/// A draft in one line.
#[derive(Clone, Debug)]
pub struct DraftLine {
    /// draft or asked.
    pub state: String,
    /// The version it would be.
    pub version: i64,
    /// Who wrote it last.
    pub by: String,
    /// When.
    pub on: NaiveDate,
    /// From when it is to be live.
    pub live_from: Option<NaiveDate>,
    /// Why it was turned down; may be empty.
    pub turned_down: String,
    /// The approval it waits for; may be empty.
    pub approval: String,
}

impl LetterPage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}: version {}", plain_words(&self.code), self.version)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let on = super::sampled::on;
        let block = |id: &str, fixed_by: &str| BlockShown {
            id: id.into(),
            fixed_by: fixed_by.into(),
            audience: if id == "cannot_pay" { "People".into() } else { String::new() },
            panel: if id == "contact" { "Whom to call and write to".into() } else { String::new() },
            english: ("How to pay".into(), "This is for {for_what}.\n\nThank you if you have paid.".into()),
            welsh: ("Sut i dalu".into(), "Mae hwn ar gyfer {for_what}.".into()),
        };
        let page = |draft, may_edit| Self {
            frame: Frame::sample("Admin"),
            code: "reminder_1".into(),
            version: 2,
            titles: ("You owe {organisation} {amount}.".into(), "Mae arnoch chi {amount}.".into()),
            blocks: vec![block("opening", ""), block("debt", "REC-02"), block("cannot_pay", ""), block("contact", "")],
            versions: vec![
                (2, "live".into(), Some(on(2026, 11, 2)), "Sam Okoro".into(), "Oona Keane".into()),
                (1, "ended".into(), None, String::new(), "Sundry".into()),
            ],
            draft,
            may_edit,
            may_preview: may_edit,
        };
        let draft = DraftLine {
            state: "draft".into(),
            version: 3,
            by: "Sam Okoro".into(),
            on: on(2026, 11, 18),
            live_from: None,
            turned_down: "Say it more kindly".into(),
            approval: String::new(),
        };
        let asked = DraftLine {
            state: "asked".into(),
            live_from: Some(on(2026, 12, 1)),
            turned_down: String::new(),
            approval: "APP-000012".into(),
            ..draft.clone()
        };
        vec![("live", page(None, true)), ("draft", page(Some(draft), true)), ("asked", page(Some(asked), false))]
    }

    fn draft_box(&self) -> Html {
        let here = format!("/admin/letters/{}", self.code);
        let Some(draft) = &self.draft else {
            if !self.may_edit {
                return Html::default();
            }
            let words = ui::para("A change begins as a draft. Someone else approves it; until then nothing changes.");
            let body = Html::from(words).and(ui::link_button("Edit as a draft", format!("{here}/draft")));
            return ui::panel("Change this letter", body).into();
        };
        let mut facts = ui::summary_list()
            .fact("State", draft_tag(&draft.state))
            .fact("Written by", draft.by.as_str())
            .fact("On", ui::date(draft.on));
        if let Some(day) = draft.live_from {
            facts = facts.fact("Live from", ui::date(day));
        }
        facts = facts.fact_if("Turned down", &draft.turned_down);
        if !draft.approval.is_empty() {
            let href = format!("/approvals/{}", draft.approval);
            let shown = match self.frame.opens("/approvals") {
                true => ui::link(href, &draft.approval),
                false => Html::from(draft.approval.as_str()),
            };
            facts = facts.fact("Approval", shown);
        }
        let differ = format!("{here}/differences?from={}&to=0", self.versions.first().map_or(1, |one| one.0));
        let mut links = Html::from(ui::para(ui::link(differ, "What the draft changes")))
            .and(ui::para(ui::link(format!("{here}/check"), "What was checked")));
        if self.may_preview {
            links = links.and(ui::para(ui::link(format!("{here}/preview?version=0"), "Look at the draft as a letter")));
        }
        if self.may_edit {
            let go_on = match draft.state.as_str() {
                "draft" => Html::from(ui::link_button("Edit the draft", format!("{here}/draft")))
                    .and(ui::link_button("Check it", format!("{here}/check")).secondary()),
                _ => Html::default(),
            };
            let back = ui::button("Take the draft back").warning();
            let form = ui::post_form(format!("{here}/withdraw"), self.frame.tokens("withdraw"), back);
            links = links.and(go_on).and(form);
        }
        ui::panel(format!("Draft of version {}", draft.version), Html::from(facts).and(links)).into()
    }

    fn versions_table(&self) -> Html {
        let here = format!("/admin/letters/{}", self.code);
        let rows = self.versions.iter().enumerate().map(|(at, (version, state, from, by, approved))| {
            let (words, colour) = match state.as_str() {
                "live" => ("Live", TagColour::Green),
                "next" => ("Later", TagColour::Blue),
                _ => ("Ended", TagColour::Grey),
            };
            let differ = match self.versions.get(at + 1) {
                Some((before, ..)) => {
                    ui::link(format!("{here}/differences?from={before}&to={version}"), format!("From version {before}"))
                }
                None => Html::default(),
            };
            ui::row()
                .cell(ui::link(format!("{here}/versions/{version}"), format!("Version {version}")))
                .cell(tag(words, colour))
                .cell(from.map_or_else(|| Html::from("The beginning"), ui::date))
                .cell(if by.is_empty() { "Came with Sundry" } else { by.as_str() })
                .cell(approved.as_str())
                .cell(differ)
        });
        ui::table("Versions")
            .show_caption()
            .columns([
                ui::col("Version").nowrap(),
                ui::col("State"),
                ui::col("Live from").nowrap(),
                ui::col("Written by"),
                ui::col("Approved by"),
                ui::col("What changed"),
            ])
            .rows(rows)
            .into()
    }
}

fn words(text: &str) -> Html {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.fold(Html::default(), |all, part| {
        let lines: Vec<&str> = part.lines().collect();
        lines.into_iter().fold(all, |all, line| all.and(ui::para(line)))
    })
}

fn words_cy(text: &str) -> Html {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(Html::default(), |all, line| all.and(ui::para(ui::welsh(line))))
}

/// A block as it is read, English beside Welsh.
pub(super) fn block(one: &BlockShown) -> Html {
    let mut tags = Vec::new();
    if !one.fixed_by.is_empty() {
        tags.push(Html::from(tag(format!("Fixed by law: {}", one.fixed_by), TagColour::Purple)));
    }
    for words in [&one.audience, &one.panel].into_iter().filter(|words| !words.is_empty()) {
        tags.push(Html::from(tag(words.as_str(), TagColour::Grey)));
    }
    let head = |text: &str| if text.is_empty() { Html::default() } else { ui::para(ui::strong(text, false)).into() };
    let english = head(&one.english.0).and(words(&one.english.1));
    let welsh = match (one.welsh.0.is_empty(), one.welsh.1.is_empty()) {
        (true, true) if one.english.0.is_empty() && one.english.1.is_empty() => Html::default(),
        (true, true) => ui::muted("No Welsh yet").into(),
        _ => words_cy(&one.welsh.0).and(words_cy(&one.welsh.1)),
    };
    let body = ui::parts(tags).and(ui::grid([(6, english), (6, welsh)]));
    ui::panel(plain_words(&one.id), body).into()
}

impl Plain for LetterPage {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/admin/letters", "Letters")]).into()
    }

    fn actions(&self) -> Html {
        if !self.may_preview {
            return Html::default();
        }
        let href = format!("/admin/letters/{}/preview?version={}", self.code, self.version);
        ui::link_button("See it as a letter", href).secondary().into()
    }

    fn body(&self) -> Html {
        let title = Html::from(ui::para(ui::strong(&self.titles.0, false))).and(words_cy(&self.titles.1));
        let blocks = self.blocks.iter().map(block);
        self.draft_box().and(self.versions_table()).and(ui::panel("Title", title)).and(ui::parts(blocks))
    }
}

/// How two versions differ.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct LetterDifferences {
    /// The frame.
    pub frame: Frame,
    /// Its name in addresses.
    pub code: String,
    /// In words: `version 1`, `the draft`.
    pub between: (String, String),
    /// Place, before, after.
    pub rows: Vec<(String, String, String)>,
}

impl LetterDifferences {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}: from {} to {}", plain_words(&self.code), self.between.0, self.between.1)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows| Self {
            frame: Frame::sample("Admin"),
            code: "reminder_1".into(),
            between: ("version 1".into(), "the draft".into()),
            rows,
        };
        let row = ("the text of block opening".into(), "This is for {for_what}.".into(), "For {for_what}.".into());
        let new = ("the text of block thanks".into(), String::new(), "Thank you.".into());
        vec![("full", page(vec![row, new])), ("same", page(Vec::new()))]
    }
}

impl Plain for LetterDifferences {
    fn above(&self) -> Html {
        let here = format!("/admin/letters/{}", self.code);
        let name = plain_words(&self.code);
        ui::breadcrumbs([("/admin/letters".to_owned(), "Letters".to_owned()), (here, name)]).into()
    }

    fn body(&self) -> Html {
        if self.rows.is_empty() {
            return ui::empty("They say the same", "There is no difference between them.").into();
        }
        let said = |text: &str, none: &str| if text.is_empty() { ui::muted(none).into() } else { words(text) };
        let rows = self.rows.iter().map(|(place, before, after)| {
            let place = plain_words(place);
            ui::row().cell(place).cell(said(before, "Was not there")).cell(said(after, "Is taken out"))
        });
        ui::table("What differs").columns([ui::col("Where"), ui::col("Before"), ui::col("After")]).rows(rows).into()
    }
}
