//! Why a figure is what it is: the chain of events, rules and people behind it, in order.
use crate::core::actor::Actor;
use crate::{Desk, No, Outcome};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::stage_name;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::reports::{self, AllocationStory, HoldStory, LetterStory, QueryStory, RefusalStory, StepStory};
use sundry_store::{Tx, control};

/// Refusals of one step for one reason belong together over a bank holiday weekend.
const ONE_STRETCH_DAYS: i64 = 5;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Business date.
    pub on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// What: posted, journal, allocated, letter, step, refused, query, hold or event.
    pub what: String,
    /// In words.
    pub words: String,
    /// Who.
    pub who: String,
    /// The rule, pathway version or template it came from; empty where none.
    pub rule: String,
    /// What it changed; none where it moved no money.
    pub amount_pence: Option<i64>,
    /// The figure after it.
    pub balance_pence: i64,
}

/// The story of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// As it was asked.
    pub reference: String,
    /// What it is: "invoice INV-000001".
    pub subject: String,
    /// The customer's number; empty where there is none.
    pub customer: String,
    /// As at.
    pub as_at: NaiveDate,
    /// The figure, which the rows add up to.
    pub figure_pence: i64,
    /// Everything that happened, in order.
    pub rows: Vec<Told>,
}

struct Story {
    org: OrgId,
    names: HashMap<i64, String>,
    rows: Vec<Told>,
}

/// Explains an invoice, credit note, receipt, letter, customer, query, run or approval by its reference.
///
/// # Errors
/// No such thing in this organisation.
pub async fn explain(desk: &Desk, by: &Actor, reference: &str, as_at: Option<NaiveDate>) -> Outcome<Explanation> {
    by.must_hold(Duty::View)?;
    let as_at = as_at.unwrap_or_else(|| desk.today());
    let reference = reference.trim();
    let mut look = desk.look().await?;
    let tx = &mut look;
    let mut names: HashMap<i64, String> = reports::people(tx, by.org).await?.into_iter().collect();
    names.insert(crate::core::actor::OPERATOR.0, "Operator".into());
    let mut story = Story { org: by.org, names, rows: Vec::new() };
    let (subject, customer) = story.tell(tx, reference).await?;
    story.rows.retain(|row| row.on <= as_at);
    story.rows.sort_by_key(|row| (row.on, row.recorded_at));
    let mut figure = 0;
    for row in &mut story.rows {
        figure += row.amount_pence.unwrap_or(0);
        row.balance_pence = figure;
    }
    Ok(Explanation { reference: reference.into(), subject, customer, as_at, figure_pence: figure, rows: story.rows })
}

impl Story {
    async fn tell(&mut self, tx: &mut Tx, reference: &str) -> Outcome<(String, String)> {
        let items = ledger::items_numbered(tx, self.org, reference).await?;
        if !items.is_empty() {
            return self.items(tx, items).await;
        }
        if let Some((id, name, _)) = reports::customer_numbered(tx, self.org, reference).await? {
            self.customer(tx, CustomerId(id), reference, &name).await?;
            return Ok((format!("customer {reference}"), reference.into()));
        }
        if let Some(letter) = reports::letter_numbered(tx, self.org, reference).await? {
            return self.one_letter(tx, letter).await;
        }
        if let Some(query) = reports::query_numbered(tx, self.org, reference).await? {
            let customer = self.customer_number(tx, query.customer_id).await?;
            self.events(tx, &format!("query {reference}")).await?;
            self.query(&query);
            return Ok((format!("query {reference}"), customer));
        }
        if let Some(run) = reports::run_numbered(tx, self.org, reference).await? {
            let words = format!("Run {}: {} of {} done, {}", run.number, run.done_count, run.total_count, run.state);
            self.push((run.business_on, run.recorded_at), "run", words, &run.started_by, "");
            self.steps(reports::steps_of_run(tx, self.org, run.id).await?);
            self.refusals(reports::refusals_of_run(tx, self.org, run.id).await?);
            self.events(tx, &format!("run {reference}")).await?;
            return Ok((format!("run {reference}"), String::new()));
        }
        self.anything(tx, reference).await
    }

    /// Whatever the audit trail knows under this name.
    async fn anything(&mut self, tx: &mut Tx, reference: &str) -> Outcome<(String, String)> {
        let kind = match reference.get(..4) {
            Some("APP-") => "approval ",
            Some("PRN-") => "batch ",
            Some("RCT-") => "receipt ",
            Some("INV-") => "invoice ",
            Some("CRN-") => "credit note ",
            _ => "",
        };
        let subject = format!("{kind}{reference}");
        self.events(tx, &subject).await?;
        if self.rows.is_empty() {
            return Err(No::Absent(format!("{reference:.60}")));
        }
        Ok((subject, String::new()))
    }

    async fn items(&mut self, tx: &mut Tx, items: Vec<ItemRow>) -> Outcome<(String, String)> {
        let customer_id = items[0].customer_id;
        let customer = self.customer_number(tx, customer_id).await?;
        let subject = format!("{} {}", items[0].kind.replace('_', " "), items[0].number);
        self.events(tx, &subject).await?;
        for item in items {
            let (id, on) = (ItemId(item.id), CustomerId(item.customer_id));
            self.posted(tx, &item).await?;
            for row in reports::allocation_story(tx, self.org, id).await? {
                self.allocation(&row, item.original_pence > 0);
            }
            for letter in reports::letters_of_item(tx, self.org, id).await? {
                self.letter(&letter);
            }
            self.steps(reports::steps_of_item(tx, self.org, id).await?);
            self.refusals(reports::refusals_of_item(tx, self.org, on, id).await?);
            for query in reports::queries_of(tx, self.org, on).await? {
                if query.item_id == Some(item.id) {
                    self.query(&query);
                }
            }
            for hold in reports::holds_of(tx, self.org, on).await? {
                if hold.item_id.is_none_or(|held| held == item.id) {
                    self.hold(&hold);
                }
            }
        }
        Ok((subject, customer))
    }

    async fn customer(&mut self, tx: &mut Tx, id: CustomerId, number: &str, name: &str) -> Outcome<()> {
        self.events(tx, &format!("customer {number}")).await?;
        for item in ledger::all_items_of(tx, self.org, id).await? {
            let words = format!("{} {} for {name}", kind_words(&item.kind), item.number);
            let who = self.actor_of(tx, &item).await?;
            let mut row = told((item.posted_on, item.recorded_at), "posted", words, who, "GL-02");
            row.amount_pence = Some(item.original_pence);
            self.rows.push(row);
        }
        for letter in reports::letters_of_customer(tx, self.org, id).await? {
            self.letter(&letter);
        }
        self.refusals(reports::refusals_of_customer(tx, self.org, id).await?);
        for query in reports::queries_of(tx, self.org, id).await? {
            self.query(&query);
        }
        for hold in reports::holds_of(tx, self.org, id).await? {
            self.hold(&hold);
        }
        Ok(())
    }

    async fn one_letter(&mut self, tx: &mut Tx, letter: LetterStory) -> Outcome<(String, String)> {
        let customer = self.customer_number(tx, letter.customer_id).await?;
        let subject = format!("letter {}", letter.number);
        let mut asked = 0;
        for (number, open) in reports::items_of_letter(tx, self.org, letter.id).await? {
            let words = format!("It asks for {} of {number}", Pence(open));
            let mut row = told((letter.dated_on, letter.recorded_at), "item", words, String::new(), "");
            row.amount_pence = Some(open);
            asked += open;
            self.rows.push(row);
        }
        if asked != letter.total_pence {
            let words = "Credits and amounts without an item".to_owned();
            let mut row = told((letter.dated_on, letter.recorded_at), "item", words, String::new(), "");
            row.amount_pence = Some(letter.total_pence - asked);
            self.rows.push(row);
        }
        self.letter(&letter);
        self.events(tx, &subject).await?;
        Ok((subject, customer))
    }

    async fn posted(&mut self, tx: &mut Tx, item: &ItemRow) -> Outcome<()> {
        let subject = format!("{} {}", item.kind.replace('_', " "), item.number);
        let journals = ledger::journals_of_source(tx, self.org, &subject).await?;
        let journal = journals.iter().find(|journal| journal.id == item.journal_id);
        let number = journal.map_or_else(String::new, |journal| format!(", journal {}", journal.number));
        let words = format!("{} {} posted{number}, due {}", kind_words(&item.kind), item.number, item.due_on);
        let who = self.actor_of(tx, item).await?;
        let mut row = told((item.posted_on, item.recorded_at), "posted", words, who, "GL-02");
        row.amount_pence = Some(item.original_pence);
        self.rows.push(row);
        for other in journals.iter().filter(|journal| journal.id != item.journal_id) {
            let words = format!("Journal {}: {} {}", other.number, other.event, other.reason);
            let who = self.name(other.actor_id);
            self.push((other.posted_on, other.recorded_at), "journal", words, &who, "GL-02");
        }
        Ok(())
    }

    async fn actor_of(&mut self, tx: &mut Tx, item: &ItemRow) -> Outcome<String> {
        let actor = reports::actor_of_journal(tx, self.org, item.journal_id).await?;
        Ok(actor.map_or_else(String::new, |id| self.name(id)))
    }

    async fn events(&mut self, tx: &mut Tx, subject: &str) -> Outcome<()> {
        for event in control::audit_of(tx, self.org, subject).await? {
            self.names.entry(event.actor_id).or_insert_with(|| event.actor_name.clone());
            let words = format!("{}, by {}", spaced(&event.event), event.channel);
            self.push((event.business_on, event.recorded_at), "event", words, &event.actor_name, "");
        }
        Ok(())
    }

    fn allocation(&mut self, row: &AllocationStory, is_debit: bool) {
        let other = if is_debit { &row.credit_number } else { &row.debit_number };
        let verb = if row.amount_pence < 0 { "Allocation undone" } else { "Allocated" };
        let sure =
            if row.made_by == "machine" { format!(", {}% sure", row.confidence_ppm / 10_000) } else { String::new() };
        let words = format!(
            "{verb}: {} {} {other}{sure}. {}",
            Pence(row.amount_pence.abs()),
            if is_debit { "from" } else { "to" },
            row.reason
        );
        let who = if row.made_by == "person" { self.name(row.actor_id) } else { row.made_by.clone() };
        let mut told = told((row.allocated_on, row.recorded_at), "allocated", words, who, "GL-02");
        told.amount_pence = Some(if is_debit { -row.amount_pence } else { row.amount_pence });
        self.rows.push(told);
    }

    fn letter(&mut self, letter: &LetterStory) {
        let why = if letter.state_reason.is_empty() { String::new() } else { format!(" ({})", letter.state_reason) };
        let words = format!(
            "Letter {} ({}) for {} by {}: {}{why}",
            letter.number,
            letter.kind.replace('_', " "),
            Pence(letter.total_pence),
            letter.channel,
            letter.state
        );
        let rule = format!("template {} version {}", letter.template_code, letter.template_version);
        self.push((letter.dated_on, letter.recorded_at), "letter", words, "", &rule);
    }

    fn steps(&mut self, steps: Vec<StepStory>) {
        for step in steps {
            let words = format!(
                "{} of {}, due {}. {}",
                stage_name(&step.step_code),
                step.item_number,
                step.due_on.format("%-d %B %Y"),
                step.note
            );
            let rule = format!("pathway {} version {}, {}", step.pathway_code, step.pathway_version, step.step_code);
            self.push((step.taken_on, step.recorded_at), "step", words.trim_end().to_owned(), "", &rule);
        }
    }

    /// The same no, day after day, is told once, with how long it stood.
    fn refusals(&mut self, mut refusals: Vec<RefusalStory>) {
        refusals.sort_by(|a, b| {
            let key = |no: &RefusalStory| (no.step_code.clone(), no.code.clone(), no.sentence.clone());
            key(a).cmp(&key(b)).then(a.business_on.cmp(&b.business_on))
        });
        let follows = |one: &RefusalStory, next: &RefusalStory| {
            (&one.step_code, &one.code, &one.sentence) == (&next.step_code, &next.code, &next.sentence)
                && (next.business_on - one.business_on).num_days() <= ONE_STRETCH_DAYS
        };
        for stretch in refusals.chunk_by(follows) {
            let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else { continue };
            let when = match stretch.len() {
                1 => first.run_number.clone(),
                runs => format!("{} to {} ({runs} runs)", first.run_number, last.run_number),
            };
            let words = format!("{} not done in {when}: {}", stage_name(&first.step_code), first.sentence);
            self.push((first.business_on, first.recorded_at), "refused", words, "", &first.code);
        }
    }

    fn query(&mut self, query: &QueryStory) {
        let words = format!(
            "Query {} ({}): {}, {} disputed",
            query.number,
            query.category,
            query.words,
            Pence(query.disputed_pence)
        );
        self.push((query.opened_on, query.recorded_at), "query", words, &query.owner, "");
        if let Some(on) = query.resolved_on {
            let words = format!("Query {} {}: {}", query.number, query.state, query.resolution);
            self.push((on, query.recorded_at), "query", words, &query.owner, "");
        }
    }

    fn hold(&mut self, hold: &HoldStory) {
        let until =
            hold.until_on.map_or_else(|| "further notice".to_owned(), |day| day.format("%-d %B %Y").to_string());
        let words = format!("On hold until {until}: {} {}", hold.reason.replace('_', " "), hold.words);
        self.push((hold.from_on, hold.recorded_at), "hold", words.trim_end().to_owned(), &hold.owner, "");
        if let Some(on) = hold.ended_on {
            self.push((on, hold.recorded_at), "hold", format!("Hold ended: {}", hold.reason), &hold.owner, "");
        }
    }

    async fn customer_number(&self, tx: &mut Tx, id: i64) -> Outcome<String> {
        Ok(reports::customer_named(tx, self.org, id).await?.map_or_else(String::new, |(number, _)| number))
    }

    fn name(&self, id: i64) -> String {
        self.names.get(&id).cloned().unwrap_or_else(|| format!("user {id}"))
    }

    fn push(&mut self, at: (NaiveDate, DateTime<Utc>), what: &str, words: String, who: &str, rule: &str) {
        self.rows.push(told(at, what, words, who.to_owned(), rule));
    }
}

fn told(at: (NaiveDate, DateTime<Utc>), what: &str, words: String, who: String, rule: &str) -> Told {
    Told {
        on: at.0,
        recorded_at: at.1,
        what: what.into(),
        words,
        who,
        rule: rule.into(),
        amount_pence: None,
        balance_pence: 0,
    }
}

fn kind_words(kind: &str) -> String {
    let words = kind.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `InvoiceRaised` as "Invoice raised".
fn spaced(event: &str) -> String {
    let mut words = String::new();
    for (i, c) in event.chars().enumerate() {
        match c {
            c if c.is_uppercase() && i > 0 => {
                words.push(' ');
                words.extend(c.to_lowercase());
            }
            c => words.push(c),
        }
    }
    words
}

/// What a customer's balance was at the ends of months, oldest first.
pub async fn balance_series(
    desk: &Desk,
    by: &Actor,
    customer: &str,
    days: &[NaiveDate],
) -> Outcome<Vec<(NaiveDate, i64)>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let Some((id, _, _)) = reports::customer_numbered(&mut look, by.org, customer).await? else {
        return Err(No::Absent(format!("customer {customer:.30}")));
    };
    let items = ledger::all_items_of(&mut look, by.org, CustomerId(id)).await?;
    // Allocations move nothing between a customer's items, so first amounts are enough.
    let at = |day: NaiveDate| items.iter().filter(|i| i.posted_on <= day).map(|i| i.original_pence).sum();
    Ok(days.iter().map(|day| (*day, at(*day))).collect())
}

#[cfg(test)]
mod tests {
    use super::spaced;

    #[test]
    fn events_are_told_in_words() {
        assert_eq!(spaced("InvoiceRaised"), "Invoice raised");
        assert_eq!(spaced("GlBatchMade"), "Gl batch made");
    }
}
