//! A funder's own listing against our ledger: the lists, bringing one, naming its columns, its result.

use super::plain::Plain;
use crate::web::door::form_encode;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The lists that were brought.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Listings {
    /// The frame.
    pub frame: Frame,
    /// Whether the reader brings lists.
    pub may_bring: bool,
    /// The lists, newest first.
    pub rows: Vec<ListingLine>,
}

/// One list.
#[derive(Clone, Debug)]
pub struct ListingLine {
    /// Its number.
    pub number: String,
    /// Where it leads.
    pub href: String,
    /// The funder.
    pub funder: String,
    /// As at which day.
    pub as_at: NaiveDate,
    /// Their total, our total, once it is reconciled.
    pub totals: Option<(Pence, Pence)>,
    /// Its state.
    pub state: ui::Tag,
    /// Who brought it, and who signed it.
    pub people: (String, String),
}

impl Listings {
    /// The heading.
    pub fn heading(&self) -> String {
        "Funders' lists".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = ListingLine {
            number: "LST-000001".into(),
            href: "/cash/listings/LST-000001".into(),
            funder: "Northmere ICB".into(),
            as_at: super::sampled::on(2026, 10, 31),
            totals: Some((Pence(76_733), Pence(80_000))),
            state: ui::tag("Signed", ui::TagColour::Green),
            people: ("Tom Ashdown".into(), "Priya Nair".into()),
        };
        let page = |rows| Self { frame: Frame::sample("Cash"), may_bring: true, rows };
        vec![("full", page(vec![row])), ("empty", page(Vec::new()))]
    }
}

impl Plain for Listings {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/reconciliations", "Reconciliations")]).into()
    }

    fn actions(&self) -> Html {
        let bring =
            if self.may_bring { ui::link_button("Bring a list", "/cash/listings/new").into() } else { Html::default() };
        bring.and(ui::downloads(|kind| format!("/cash/listings?format={kind}")))
    }

    fn body(&self) -> Html {
        if self.rows.is_empty() {
            let text =
                "Bring the list of what a funder thinks it owes, and see each difference from the ledger explained.";
            return ui::empty("No lists yet", text).into();
        }
        let rows = self.rows.iter().map(|row| {
            let sums =
                row.totals.map(|(theirs, ours)| (Html::from(theirs), Html::from(ours), Html::from(ours.minus(theirs))));
            let (theirs, ours, gap) =
                sums.unwrap_or_else(|| (ui::or_dash("").into(), ui::or_dash("").into(), ui::or_dash("").into()));
            ui::row()
                .cell(ui::link(&row.href, &row.number))
                .cell(&row.funder)
                .cell(row.as_at)
                .cell(theirs)
                .cell(ours)
                .cell(gap)
                .cell(&row.people.0)
                .cell(ui::or_dash(&row.people.1))
                .cell(&row.state)
        });
        ui::table("Lists, newest first")
            .columns([
                ui::col("List"),
                ui::col("Funder"),
                ui::col("As at").nowrap(),
                ui::num("Their total"),
                ui::num("Our total"),
                ui::num("Difference"),
                ui::col("Prepared by"),
                ui::col("Signed by"),
                ui::col("State"),
            ])
            .rows(rows)
            .into()
    }
}

/// Bringing a list.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct BringList {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// The funder, as at, basis, first day, customers, as typed.
    pub typed: Typed,
    /// The funders known, with how many customers stand on our side.
    pub known: Vec<(String, String)>,
}

/// What was typed to bring a list.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Funder.
    pub funder: String,
    /// As at.
    pub as_at: String,
    /// open or billed.
    pub basis: String,
    /// First day of the period.
    pub from_on: String,
    /// Customer numbers.
    pub customers: String,
    /// Every customer.
    pub whole_ledger: bool,
}

impl BringList {
    /// The heading.
    pub fn heading(&self) -> String {
        "Bring a funder's list".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let typed = Typed { basis: "open".into(), as_at: "31 Oct 2026".into(), ..Typed::default() };
        let known = vec![("Northmere ICB".to_owned(), "2 customers".to_owned())];
        let wrong = Frame::sample("Cash").wrong("file", "Choose their list").wrong("funder", "Enter the funder's name");
        vec![
            ("empty", Self { frame: Frame::sample("Cash"), typed: typed.clone(), known: known.clone() }),
            ("error", Self { frame: wrong, typed, known }),
        ]
    }
}

impl Plain for BringList {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/listings", "Funders' lists")]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let typed = &self.typed;
        let basis = ui::radios(
            "basis",
            "What their amounts are",
            &typed.basis,
            [
                ui::choice("open", "What is owed now").hint("A statement of what they have not paid yet"),
                ui::choice("billed", "The bills of a period").hint("Everything billed in a month, paid or not"),
            ],
        );
        let whole = ui::checkboxes(
            "whole_ledger",
            "Or every customer",
            [ui::choice("yes", "The whole ledger is our side").chosen(typed.whole_ledger)],
        );
        let whose = Html::from(
            ui::input("funder", "Funder", &typed.funder)
                .hint("Their columns and customers are remembered under this name")
                .errors(errors),
        )
        .and(
            ui::textarea("customers", "Customers on our side", &typed.customers)
                .hint("Customer numbers, one a line; leave empty to use those of last time")
                .rows(3)
                .errors(errors),
        )
        .and(whole);
        let what =
            Html::from(ui::date_input("as_at", "As at", &typed.as_at).errors(errors)).and(basis.errors(errors)).and(
                ui::date_input("from_on", "First day of the period", &typed.from_on)
                    .hint("For the bills of a period")
                    .errors(errors),
            );
        let files = Html::from(ui::file_field("file", "Their list", ".xlsx,.csv").errors(errors)).and(
            ui::file_field("our_file", "Our own list", ".xlsx,.csv")
                .hint("Only to compare two files; without it the ledger is our side")
                .errors(errors),
        );
        let body = whose.and(what).and(files).and(ui::button("Bring the list"));
        let form = ui::post_form("/cash/listings/new", self.frame.tokens("bring"), body).with_file();
        let known = self.known.iter().fold(ui::summary_list(), |list, (name, of)| list.fact(name, of));
        let side =
            if self.known.is_empty() { Html::from(ui::para("No funder is known yet.")) } else { Html::from(known) };
        ui::grid([(8, Html::from(form)), (4, ui::boxed("Funders known", side).into())]).into()
    }
}

/// One side's columns, to be named.
#[derive(Clone, Debug)]
pub struct Side {
    /// `their` or `our`: the start of the names of its fields.
    pub word: &'static str,
    /// For people.
    pub title: String,
    /// The row of the headings.
    pub heading_row: String,
    /// Headings to choose from.
    pub headings: Vec<String>,
    /// Each field: its word, its title, the heading chosen.
    pub fields: Vec<(&'static str, &'static str, String)>,
    /// First rows as they stand: number and cells.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Naming the columns of a list.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ListColumns {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// The list's number.
    pub number: String,
    /// The funder.
    pub funder: String,
    /// Their side, and ours where two files are compared.
    pub sides: Vec<Side>,
    /// Rounding and days, as typed.
    pub rules: (String, String),
    /// What cannot be read: row and column, what it says, why.
    pub problems: Vec<(String, String, String)>,
}

impl ListColumns {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Columns of the list from {}", self.funder)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let side = Side {
            word: "their",
            title: "Their list".into(),
            heading_row: "2".into(),
            headings: vec!["Invoice No".into(), "Gross Amount".into()],
            fields: vec![
                ("reference", "Reference (our invoice number)", "Invoice No".into()),
                ("amount", "Amount", "Gross Amount".into()),
            ],
            rows: vec![
                (2, vec!["Invoice No".into(), "Gross Amount".into()]),
                (3, vec!["INV-000101".into(), "500.00".into()]),
            ],
        };
        let page = |frame, problems| Self {
            frame,
            number: "LST-000001".into(),
            funder: "Northmere ICB".into(),
            sides: vec![side.clone()],
            rules: ("0.01".into(), "7".into()),
            problems,
        };
        let wrong =
            Frame::sample("Cash").wrong("file", "3 rows cannot be read. Correct the list, or choose other columns");
        let problems = vec![("Row 14, amount".to_owned(), "1.234".to_owned(), "has more than two decimals".to_owned())];
        vec![("full", page(Frame::sample("Cash"), Vec::new())), ("error", page(wrong, problems))]
    }

    fn side(&self, side: &Side) -> Html {
        let errors = &self.frame.errors;
        let row = ui::input(format!("{}_heading_row", side.word), "Row of the headings", &side.heading_row)
            .width(4)
            .errors(errors);
        let fields = side.fields.iter().map(|(field, title, chosen)| {
            let none = std::iter::once(ui::choice("", "Not in the list"));
            let choices = none.chain(side.headings.iter().map(|heading| ui::choice(heading, heading)));
            Html::from(ui::select(format!("{}_{field}", side.word), *title, chosen, choices).errors(errors))
        });
        let widest = side.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0).min(14);
        let rows = side.rows.iter().map(|(number, cells)| {
            (0..widest)
                .fold(ui::row().cell(*number as i64), |row, at| row.cell(cells.get(at).map_or("", String::as_str)))
        });
        let columns = std::iter::once(ui::col("Row")).chain((1..=widest).map(|at| ui::col(format!("{at}"))));
        let shown =
            ui::table(format!("First rows of {}", side.title.to_lowercase())).compact().columns(columns).rows(rows);
        let pick = Html::from(row).and(ui::parts(fields));
        ui::panel(
            &side.title,
            ui::grid([
                (5, pick),
                (7, ui::scroll(format!("First rows of {}", side.title.to_lowercase()), shown).into()),
            ]),
        )
        .into()
    }
}

impl Plain for ListColumns {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/listings", "Funders' lists")]).into()
    }

    fn caption(&self) -> Html {
        self.number.as_str().into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let says = ui::para("Say once what each column holds. It is remembered for the funder's next list.");
        let rows = self.problems.iter().map(|(at, typed, why)| ui::row().cell(at).cell(typed).cell(why));
        let wrong = ui::table("What cannot be read")
            .show_caption()
            .columns([ui::col("Where"), ui::col("As it stands"), ui::col("Why")])
            .rows(rows);
        let wrong = if self.problems.is_empty() { Html::default() } else { wrong.into() };
        let rules = ui::row_of([
            Html::from(
                ui::amount_input("rounding", "A difference up to this is rounding", &self.rules.0).errors(errors),
            ),
            Html::from(ui::input("days", "Days by which dates may differ", &self.rules.1).width(4).errors(errors)),
        ]);
        let anchor = if self.problems.is_empty() { Html::default() } else { ui::hidden("file", "") };
        let body = ui::parts(self.sides.iter().map(|side| self.side(side)))
            .and(ui::panel("How they are compared", rules))
            .and(anchor)
            .and(ui::button("Remember and reconcile"));
        let address = format!("/cash/listings/{}/columns", self.number);
        let form = ui::post_form(address, self.frame.tokens("columns"), body).id("file");
        Html::from(says).and(wrong).and(form)
    }
}

/// The result of a list.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ListResult {
    /// The frame; an error belongs to `words`.
    pub frame: Frame,
    /// The list.
    pub list: ListingLine,
    /// Name of their file, and of ours.
    pub files: (String, String),
    /// The list before it that was signed.
    pub before: String,
    /// Listed, shown as paid, their total, our total.
    pub sums: [Pence; 4],
    /// What is left unexplained.
    pub left: Pence,
    /// Each class: its word, name, lines, difference, what to do.
    pub classes: Vec<(String, String, i64, Pence, String)>,
    /// Lines that are new or changed, as last time, gone since.
    pub moved: Option<(i64, i64, i64)>,
    /// The class and change shown.
    pub shown: (String, String),
    /// The lines.
    pub lines: Vec<ResultLine>,
    /// Where the next lines are.
    pub next: Option<i64>,
    /// Whether the reader may sign it, and what they typed.
    pub sign: Option<String>,
    /// When it was signed, and what was said.
    pub signed: Option<(NaiveDate, String)>,
    /// The job that may be started, where it waits or may be done again.
    pub may_run: bool,
}

/// A line of the result.
#[derive(Clone, Debug)]
pub struct ResultLine {
    /// Rows of their list.
    pub rows: String,
    /// Their reference and name.
    pub theirs: (String, String),
    /// Our number and account.
    pub ours: (String, String),
    /// Their amount, our amount, the difference.
    pub sums: [Pence; 3],
    /// The class, and the sentence.
    pub why: (String, String),
    /// How it stands against last time.
    pub change: Option<ui::Tag>,
}

impl ListResult {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}, as at {}", self.list.funder, self.list.as_at.format("%-d %B %Y"))
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = ResultLine {
            rows: "14".into(),
            theirs: ("INV-000103".into(), "Pemberton, E".into()),
            ours: ("INV-000103".into(), "C100001".into()),
            sums: [Pence::ZERO, Pence(8_000), Pence(8_000)],
            why: (
                "Paid by them, not received by us".into(),
                "They show £80.00 of it as paid on 30 October 2026; it is not received against it here.".into(),
            ),
            change: Some(ui::tag("New", ui::TagColour::Blue)),
        };
        let page = |frame, moved, sign, signed| Self {
            frame,
            list: Listings::samples().remove(0).1.rows.remove(0),
            files: ("icb.xlsx".into(), String::new()),
            before: "LST-000000".into(),
            sums: [Pence(84_733), Pence(8_000), Pence(76_733), Pence(80_000)],
            left: Pence::ZERO,
            classes: vec![(
                "paid_not_received".into(),
                "Paid by them, not received by us".into(),
                1,
                Pence(8_000),
                "Ask for date, amount and reference".into(),
            )],
            moved,
            shown: (String::new(), String::new()),
            lines: vec![line.clone()],
            next: Some(41),
            sign,
            signed,
            may_run: false,
        };
        let wrong = Frame::sample("Cash").wrong("words", "Enter at most 1,000 characters");
        let signed = Some((super::sampled::on(2026, 11, 4), "Queries sent".to_owned()));
        vec![
            ("full", page(Frame::sample("Cash"), Some((4, 2, 1)), Some(String::new()), None)),
            ("error", page(wrong, None, Some("x".into()), None)),
            ("signed", page(Frame::sample("Cash"), None, None, signed)),
        ]
    }

    fn address(&self, class: &str, change: &str) -> String {
        format!("/cash/listings/{}?class={}&change={}", self.list.number, form_encode(class), form_encode(change))
    }

    fn proof(&self) -> Html {
        let [listed, paid, theirs, ours] = self.sums;
        let blank = Html::default;
        let sum = |words: &str, amount: Pence| ui::row().cell(words).cell(blank()).cell(amount).cell(blank());
        let mut rows = Vec::new();
        if paid != Pence::ZERO {
            rows.push(sum("Their list adds up to", listed));
            rows.push(sum("Less what they show as paid", paid.negated()));
        }
        rows.push(sum("Their total", theirs));
        for (word, name, lines, difference, next) in &self.classes {
            let next = if word == "agreed" { "" } else { next.as_str() };
            rows.push(ui::row().cell(ui::link(self.address(word, ""), name)).cell(*lines).cell(*difference).cell(next));
        }
        let table = ui::table("From their total to ours")
            .show_caption()
            .columns([ui::col("What"), ui::num("Lines"), ui::num("Amount"), ui::col("What to do")])
            .rows(rows)
            .total(["Our total".into(), blank(), Html::from(ours), blank()]);
        table.into()
    }

    fn lines(&self) -> Html {
        let (class, change) = (&self.shown.0, &self.shown.1);
        let classes = std::iter::once(ui::choice("", "Every difference"))
            .chain(self.classes.iter().map(|(word, name, ..)| ui::choice(word, name)));
        let changes = [
            ("", "New or not"),
            ("moved", "Only what moved"),
            ("new", "New"),
            ("changed", "Changed"),
            ("same", "As last time"),
            ("gone", "Cleared since"),
        ];
        let filter = ui::filters(format!("/cash/listings/{}", self.list.number))
            .field(ui::select("class", "Class", class, classes))
            .field(ui::select("change", "Since last time", change, changes.map(|(word, name)| ui::choice(word, name))))
            .clear(self.address("", ""));
        if self.lines.is_empty() {
            let text = "No line has this class and change.";
            return Html::from(filter).and(ui::empty("Nothing here", text));
        }
        let two = |(first, second): &(String, String)| {
            let first = Html::from(ui::or_dash(first));
            if second.is_empty() { first } else { first.and(ui::sub_line(second)) }
        };
        let rows = self.lines.iter().map(|line| {
            let row = ui::row()
                .cell(two(&line.theirs))
                .cell(ui::or_dash(&line.rows))
                .cell(two(&line.ours))
                .cell(line.sums[0])
                .cell(line.sums[1])
                .cell(line.sums[2])
                .cell(ui::strong(&line.why.0, false).and(ui::sub_line(&line.why.1)));
            line.change.as_ref().map_or_else(|| row.clone().cell(ui::or_dash("")), |tag| row.clone().cell(tag))
        });
        let table = ui::table("Lines")
            .columns([
                ui::col("Their reference"),
                ui::col("Row"),
                ui::col("Our number"),
                ui::num("Theirs"),
                ui::num("Ours"),
                ui::num("Difference"),
                ui::col("Why"),
                ui::col("Since last time"),
            ])
            .rows(rows);
        let next = self.next.map_or_else(Html::default, |after| {
            ui::link(format!("{}&after={after}", self.address(class, change)), "Next lines")
        });
        Html::from(filter).and(table).and(next)
    }

    fn side(&self) -> Html {
        let list = &self.list;
        let facts = ui::summary_list()
            .fact("State", &list.state)
            .fact("Prepared by", &list.people.0)
            .fact_if("Their file", &self.files.0)
            .fact_if("Our file", &self.files.1)
            .fact_if("Signed by", &list.people.1);
        let mut side = Html::from(facts);
        if let Some((on, words)) = &self.signed {
            side = side.and(ui::summary_list().fact("Signed on", ui::long_date(*on)).fact_if("With the words", words));
        }
        if !self.before.is_empty() {
            let words = format!("Compared with {}, which was signed before.", self.before);
            side = side.and(ui::para(ui::link(format!("/cash/listings/{}", self.before), words)));
        }
        if self.may_run {
            let form = ui::post_form(
                format!("/cash/listings/{}/run", list.number),
                self.frame.tokens("run"),
                ui::button("Reconcile it again").secondary(),
            );
            side = side.and(form);
        }
        if let Some(typed) = &self.sign {
            let words = ui::textarea("words", "What stays open, and why", typed).rows(3).errors(&self.frame.errors);
            let body = Html::from(words).and(ui::button("Sign it"));
            let form = ui::post_form(format!("/cash/listings/{}/sign", list.number), self.frame.tokens("sign"), body);
            let says = ui::para("Signed, it does not change any more, and the next list shows only what moved since.");
            side = side.and(ui::boxed("Review and sign", Html::from(says).and(form)).to_do());
        }
        side
    }
}

impl Plain for ListResult {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/listings", "Funders' lists")]).into()
    }

    fn caption(&self) -> Html {
        self.list.number.as_str().into()
    }

    fn actions(&self) -> Html {
        let file = |kind: &str| format!("{}&format={kind}", self.address(&self.shown.0, &self.shown.1));
        ui::downloads(file)
    }

    fn body(&self) -> Html {
        let [_, _, theirs, ours] = self.sums;
        let money = |amount: Pence| Some(ui::money(amount));
        let mut tiles = vec![
            ui::figure("Their total", money(theirs)),
            ui::figure("Differences explained", money(ours.minus(theirs).minus(self.left))),
            ui::figure("Our total", money(ours)),
            ui::figure("Left unexplained", money(self.left)).bad(self.left != Pence::ZERO),
        ];
        if let Some((moved, same, gone)) = self.moved {
            let href = self.address("", "moved");
            let note = format!("{} as last time, {} cleared since", ui::number(same), ui::number(gone));
            tiles.push(ui::figure("New or changed", Some(ui::number(moved))).note(note).href(href));
        }
        Html::from(ui::figures(tiles)).and(ui::grid([(8, self.proof()), (4, self.side())])).and(self.lines())
    }
}
