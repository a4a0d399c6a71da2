//! Editing a letter: its draft as blocks, its checks, and the draft as a letter to a real account.

use super::letters::{BlockShown, block, plain_words};
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour, Verdict, tag};
use askama::Template;

/// A block in the editor, as typed.
#[derive(Clone, Debug, Default)]
pub struct BlockTyped {
    /// Its name.
    pub id: String,
    /// Its place among the blocks.
    pub place: String,
    /// The rule that fixes its words; empty where it may be changed.
    pub fixed_by: String,
    /// everyone, individuals or businesses.
    pub audience: String,
    /// none, how_to_pay, enclosures or contact.
    pub panel: String,
    /// Heading and text in English.
    pub english: (String, String),
    /// The same in Welsh.
    pub welsh: (String, String),
    /// Ticked to be left out.
    pub removed: bool,
}

/// The editor of a draft.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct LetterEdit {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// Its name in addresses.
    pub code: String,
    /// The version it would be.
    pub version: i64,
    /// What was read of the draft.
    pub changes: i64,
    /// Titles in English and Welsh.
    pub titles: (String, String),
    /// The blocks.
    pub blocks: Vec<BlockTyped>,
    /// A block to add; its id is empty when none is.
    pub new: BlockTyped,
    /// Field, meaning, example.
    pub fields: Vec<(String, String, String)>,
}

/// Whom a block is for.
pub const AUDIENCES: [(&str, &str); 3] =
    [("everyone", "Everyone"), ("individuals", "People"), ("businesses", "Businesses")];
/// The boxes that may stand under a block.
pub const PANELS: [(&str, &str); 4] = [
    ("none", "None"),
    ("how_to_pay", "How to pay"),
    ("contact", "Whom to call and write to"),
    ("enclosures", "What is enclosed"),
];

impl LetterEdit {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}: draft of version {}", plain_words(&self.code), self.version)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let block = |id: &str, place: &str, fixed_by: &str| BlockTyped {
            id: id.into(),
            place: place.into(),
            fixed_by: fixed_by.into(),
            audience: "everyone".into(),
            panel: "none".into(),
            english: ("How to pay".into(), "This is for {for_what}. Thank you if you have paid.".into()),
            welsh: ("Sut i dalu".into(), "Mae hwn ar gyfer {for_what}.".into()),
            removed: false,
        };
        let page = |frame| Self {
            frame,
            code: "letter_of_claim".into(),
            version: 3,
            changes: 1,
            titles: ("You owe {organisation} {amount}.".into(), "Mae arnoch chi {amount}.".into()),
            blocks: vec![block("opening", "10", ""), block("debt", "20", "REC-02"), block("contact", "30", "")],
            new: BlockTyped::default(),
            fields: vec![
                ("amount".into(), "the sum of this letter".into(), "£392.80".into()),
                ("due_on".into(), "pay by, as a date in words".into(), "3 December 2026".into()),
            ],
        };
        let words = "{amuont} in the text of block opening is not a field of this letter. Did you mean {amount}?";
        let mut wrong = page(Frame::sample("Admin").wrong("text_en-opening", words));
        wrong.blocks[0].english.1 = "You owe {amuont}.".into();
        vec![("full", page(Frame::sample("Admin"))), ("error", wrong)]
    }

    fn texts(&self, one: &BlockTyped, suffix: &str) -> Html {
        let errors = &self.frame.errors;
        let name = |part: &str| format!("{part}{suffix}");
        let rows = (one.english.1.chars().count() / 60 + one.english.1.lines().count()).clamp(3, 14) as u8;
        let english = Html::from(ui::input(name("heading_en"), "Heading", &one.english.0).errors(errors))
            .and(ui::textarea(name("text_en"), "Text", &one.english.1).rows(rows).errors(errors));
        let welsh = Html::from(ui::input(name("heading_cy"), "Heading in Welsh", &one.welsh.0).errors(errors))
            .and(ui::textarea(name("text_cy"), "Text in Welsh", &one.welsh.1).rows(rows).welsh().errors(errors));
        let for_whom = ui::select(name("audience"), "For", &one.audience, AUDIENCES).errors(errors);
        let panel = ui::select(name("panel"), "Box under it", &one.panel, PANELS).errors(errors);
        let place = ui::input(name("place"), "Place", &one.place).input_mode("numeric").width(3).errors(errors);
        Html::from(ui::grid([(6, english), (6, welsh)])).and(ui::row_of([
            Html::from(place),
            Html::from(for_whom),
            Html::from(panel),
        ]))
    }

    fn block(&self, one: &BlockTyped) -> Html {
        if !one.fixed_by.is_empty() {
            let shown = BlockShown {
                id: one.id.clone(),
                fixed_by: one.fixed_by.clone(),
                english: one.english.clone(),
                welsh: one.welsh.clone(),
                ..BlockShown::default()
            };
            let place =
                ui::input(format!("place-{}", one.id), format!("Place of {}", plain_words(&one.id)), &one.place);
            let why = format!("{} fixes these words. They can be moved, not changed or left out.", one.fixed_by);
            return block(&shown).and(ui::muted(why)).and(place.input_mode("numeric").width(3));
        }
        let suffix = format!("-{}", one.id);
        let leave_out = ui::choice("yes", "Leave this block out").chosen(one.removed);
        let label = format!("Leave {} out", plain_words(&one.id));
        let remove = ui::checkboxes(format!("remove{suffix}"), label, [leave_out]).hide_label();
        ui::panel(plain_words(&one.id), self.texts(one, &suffix).and(remove)).into()
    }

    fn fields_table(&self) -> Html {
        let rows = self.fields.iter().map(|(field, means, example)| {
            ui::row().cell(format!("{{{field}}}")).cell(means.as_str()).cell(example.as_str())
        });
        let table = ui::table("Fields of this letter")
            .columns([ui::col("Write"), ui::col("For"), ui::col("Such as")])
            .rows(rows)
            .compact();
        let note = "A paragraph ends with an empty line. A line that begins with - is an item of a list. For a brace, write it twice.";
        ui::panel("Fields you can use", Html::from(ui::muted(note)).and(table)).into()
    }
}

impl Plain for LetterEdit {
    fn above(&self) -> Html {
        let here = format!("/admin/letters/{}", self.code);
        ui::breadcrumbs([("/admin/letters".to_owned(), "Letters".to_owned()), (here, plain_words(&self.code))]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let titles = ui::grid([
            (6, Html::from(ui::input("title_en", "Title", &self.titles.0).errors(errors))),
            (6, Html::from(ui::textarea("title_cy", "Title in Welsh", &self.titles.1).rows(2).welsh().errors(errors))),
        ]);
        let blocks = self.blocks.iter().map(|one| self.block(one));
        let id = ui::input("new_id", "Name of the new block", &self.new.id)
            .hint("Small letters, figures and _, such as thank_you. Leave it empty to add none.")
            .width(20)
            .errors(errors);
        let new = ui::panel("Add a block", Html::from(id).and(self.texts(&self.new, "-")));
        let save = ui::button("Save the draft");
        let check = ui::button("Save and check").named("do", "check").secondary();
        let body = ui::hidden("changes", self.changes.to_string())
            .and(ui::panel("Title", titles))
            .and(ui::parts(blocks))
            .and(new)
            .and(Html::from(save).and(check));
        let action = format!("/admin/letters/{}/draft", self.code);
        let form = ui::post_form(action, self.frame.tokens("draft"), body).guarded();
        self.fields_table().and(form)
    }
}

/// The checks of a draft, and asking for a yes.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct LetterCheck {
    /// The frame.
    pub frame: Frame,
    /// Its name in addresses.
    pub code: String,
    /// The version it would be.
    pub version: i64,
    /// What was read of the draft.
    pub changes: i64,
    /// What was checked.
    pub checks: Vec<(Verdict, String)>,
    /// First day, as typed.
    pub live_from: String,
    /// Whether the reader may ask, and it was not asked for yet.
    pub may_ask: bool,
}

impl LetterCheck {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}: checks of version {}", plain_words(&self.code), self.version)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, checks: &[(Verdict, &str)]| Self {
            frame,
            code: "reminder_1".into(),
            version: 3,
            changes: 2,
            checks: checks.iter().map(|(verdict, words)| (*verdict, (*words).to_owned())).collect(),
            live_from: "1 Dec 2026".into(),
            may_ask: true,
        };
        let good = [
            (Verdict::Passed, "Every field is one that this letter has"),
            (Verdict::Look, "No Welsh yet for the text of block opening: a letter in Welsh would have English there"),
        ];
        let bad = [(Verdict::Fix, "The draft says what version 2 says")];
        let wrong = Frame::sample("Admin").wrong("live_from", "Enter a date on or after 19 November 2026");
        vec![
            ("good", page(Frame::sample("Admin"), &good)),
            ("fix", page(Frame::sample("Admin"), &bad)),
            ("error", page(wrong, &good)),
        ]
    }
}

impl Plain for LetterCheck {
    fn above(&self) -> Html {
        let here = format!("/admin/letters/{}", self.code);
        ui::breadcrumbs([("/admin/letters".to_owned(), "Letters".to_owned()), (here, plain_words(&self.code))]).into()
    }

    fn actions(&self) -> Html {
        if !self.may_ask {
            return Html::default();
        }
        let here = format!("/admin/letters/{}", self.code);
        Html::from(ui::link_button("Edit the draft", format!("{here}/draft")).secondary())
            .and(ui::link_button("See it as a letter", format!("{here}/preview?version=0")).secondary())
    }

    fn body(&self) -> Html {
        let checks = ui::checks(self.checks.iter().map(|(verdict, words)| (*verdict, Html::from(words.as_str()))));
        let blocked = self.checks.iter().any(|(verdict, _)| *verdict == Verdict::Fix);
        let ask = if blocked {
            Html::from(ui::para("What is marked Fix stands in the way of approval."))
        } else {
            let from = ui::date_input("live_from", "Live from", &self.live_from)
                .hint("Letters written on and after this day use it. Leave empty for today, once approved.")
                .errors(&self.frame.errors);
            let body = ui::hidden("changes", self.changes.to_string()).and(from).and(ui::button("Send for approval"));
            ui::post_form(format!("/admin/letters/{}/ask", self.code), self.frame.tokens("ask"), body).into()
        };
        if !self.may_ask {
            return checks.into();
        }
        Html::from(checks).and(ui::panel("Approval", Html::from(ui::muted("Someone else approves it.")).and(ask)))
    }
}

/// A letter as it would go out.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct LetterPreview {
    /// The frame.
    pub frame: Frame,
    /// Its name in addresses.
    pub code: String,
    /// The version; 0 is the draft.
    pub version: i64,
    /// Number of a real account, as typed; empty for a made-up one.
    pub account: String,
    /// Which made-up account.
    pub sample: String,
    /// Made-up accounts: place and name.
    pub samples: Vec<(String, String)>,
    /// en, cy or empty.
    pub language: String,
    /// Set in large print.
    pub large: bool,
    /// The query of this preview, for its files.
    pub query: String,
    /// How many pages it has; 0 when it could not be shown.
    pub pages: usize,
    /// The subject and the words of the e-mail.
    pub mail: (String, String),
}

impl LetterPreview {
    /// The heading.
    pub fn heading(&self) -> String {
        let which = if self.version == 0 { "the draft".to_owned() } else { format!("version {}", self.version) };
        format!("{}: {which} as a letter", plain_words(&self.code))
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, pages| Self {
            frame,
            code: "reminder_1".into(),
            version: 0,
            account: "C103316".into(),
            sample: "0".into(),
            samples: vec![("0".into(), "A person".into()), ("3".into(), "A business".into())],
            language: String::new(),
            large: false,
            query: "version=0&account=C103316".into(),
            pages,
            mail: (
                "Northmere Council: a letter about your account LTR-000000".into(),
                "Dear Mrs Pemberton\n\nThis is for home care.".into(),
            ),
        };
        let wrong = Frame::sample("Admin").wrong("account", "This account owes nothing today: choose another");
        vec![("shown", page(Frame::sample("Admin"), 0)), ("error", page(wrong, 0))]
    }

    fn choose(&self) -> Html {
        let errors = &self.frame.errors;
        let account = ui::input("account", "Account", &self.account)
            .hint("A customer number. Looking at a real account is told to the audit trail.")
            .width(10)
            .errors(errors);
        let samples = self.samples.iter().map(|(place, name)| (place.as_str(), name.as_str()));
        let sample = ui::select("sample", "Or a made-up account", &self.sample, samples);
        let language =
            ui::select("language", "Language", &self.language, [("", "Their own"), ("en", "English"), ("cy", "Welsh")]);
        let large = if self.large { "yes" } else { "" };
        let large = ui::select("large", "Print", large, [("", "As they ask"), ("yes", "Large")]);
        let version = ui::hidden("version", self.version.to_string());
        ui::filters(format!("/admin/letters/{}/preview", self.code))
            .field(version)
            .field(account)
            .field(sample)
            .field(language)
            .field(large)
            .verb("Show")
            .into()
    }
}

impl Plain for LetterPreview {
    fn above(&self) -> Html {
        let here = format!("/admin/letters/{}", self.code);
        ui::breadcrumbs([("/admin/letters".to_owned(), "Letters".to_owned()), (here, plain_words(&self.code))]).into()
    }

    fn body(&self) -> Html {
        if self.frame.failed() {
            return self.choose();
        }
        let here = format!("/admin/letters/{}", self.code);
        let file = |name: &str| format!("{here}/{name}?{}", self.query);
        let links = ui::para(
            ui::link(file("preview.pdf"), "Open as PDF")
                .and(" · ")
                .and(ui::link(file("preview.html"), "Open as e-mail")),
        );
        let kind = if self.account.is_empty() {
            tag("Made-up account", TagColour::Grey)
        } else {
            tag("Real account", TagColour::Orange)
        };
        let pages = (1..=self.pages).map(|page| {
            let alt = format!("Page {page} of {} of the letter; its words stand under E-mail", self.pages);
            ui::picture(format!("{here}/preview/{page}?{}", self.query), alt)
        });
        let post = Html::from(links).and(kind).and(ui::parts(pages));
        let mail = Html::from(ui::para(ui::strong(&self.mail.0, false)))
            .and(ui::preformatted("The words of the e-mail", self.mail.1.as_str()));
        self.choose()
            .and(ui::grid([(7, Html::from(ui::panel("By post", post))), (5, Html::from(ui::panel("By e-mail", mail)))]))
    }
}
