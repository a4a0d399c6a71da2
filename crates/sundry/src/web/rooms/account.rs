//! The account page: its strip on every tab, and the tabs.
use super::export::{Sheet, wanted};
use super::form::{Asked, address, asked, onto, plain};
use super::plans::plan_row;
use super::search::page_of;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, invoice_at, page, page_with, see_other, told};
use crate::web::pages::account::{
    Account, Details, Flag, Happening, Happenings, Hold, Note, OpenItem, Promise, Queue, Side, Strip, Tab, TabCounts,
};
use crate::web::ui::{Tag, TagColour, tag};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use chrono::NaiveDate;
use sundry_desk::billing::customer_terms;
use sundry_desk::customers::{
    AccountItemShown, AddNote, CustomerAccount, TimelineEvent, add_note, balances, customer_account, timeline,
};
use sundry_desk::delivery::{SendCopies, send_copies};
use sundry_desk::plans::{PlanLine, holds, plans_of, promises};
use sundry_desk::writeoff::written_off_left;
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::customers::{CustomerKind, FlagKind};
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::HoldReason;
use sundry_domain::recovery::stage_name;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text, Whole};
use sundry_store::customers::NoteRow;
use sundry_store::plans::{HoldRow, PromiseRow};

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/customers/{number}", &[Duty::View], get(front))
        .add("/customers/{number}/items", &[Duty::View], get(items).post(with_items))
        .add("/customers/{number}/timeline", &[Duty::View], get(happened))
        .add("/customers/{number}/plans", &[Duty::View], get(plans))
        .add("/customers/{number}/notes", &[Duty::View], get(notes).post(write_note))
        .add("/customers/{number}/details", &[Duty::View], get(details))
}

/// Who may write on an account.
const WRITERS: &[Duty] = &[Duty::WorkCases, Duty::ManageCustomers, Duty::AnswerQueries, Duty::PostCash];

fn may(visitor: &Visitor, duties: &[Duty]) -> bool {
    duties.iter().any(|duty| visitor.actor.holds(*duty))
}

/// What every tab is made of.
struct Known {
    account: CustomerAccount,
    promises: Vec<PromiseRow>,
    holds: Vec<HoldRow>,
    plans: Vec<PlanLine>,
}

async fn known(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<Known> {
    let account = customer_account(&doors.desk, &visitor.actor, number).await?;
    let id = CustomerId(account.customer.id);
    let promises = promises(&doors.desk, &visitor.actor, id).await?;
    let mut holds = holds(&doors.desk, &visitor.actor, id).await?;
    holds.reverse();
    let plans = plans_of(&doors.desk, &visitor.actor, &account.customer.number).await?;
    Ok(Known { account, promises, holds, plans })
}

async fn front(Path(number): Path<String>, Query(query): Query<Asked>) -> Answer {
    let number = crate::web::door::form_encode(&number);
    see_other(&address(&format!("/customers/{number}/items"), &[("from", asked(&query, "from"))]))
}

async fn items(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let known = known(&doors, &visitor, &number).await?;
    if wanted(asked(&query, "format")) {
        return sheet(&known.account).file(asked(&query, "format"), &doors, &visitor);
    }
    let may = may(&visitor, &[Duty::WorkCases, Duty::AnswerQueries]);
    let tab = Tab::OpenItems(known.account.items.iter().map(open_item).collect(), may);
    page(&shown(&doors, &visitor, known, tab, &query).await?)
}

fn open_item(item: &AccountItemShown) -> OpenItem {
    let debit = item.open_pence > 0;
    let step = match (item.disputed_pence > 0, debit, item.stage.as_str()) {
        (true, ..) => tag("In query", TagColour::Yellow),
        (_, false, _) => tag("Credit", TagColour::Green),
        (_, _, "") if item.days_overdue > 0 => tag("Overdue", TagColour::Blue),
        (_, _, "") => tag("Not due", TagColour::Grey),
        (_, _, stage) => tag(stage_name(stage), TagColour::Orange),
    };
    OpenItem {
        number: item.number.clone(),
        href: page_of(&item.kind, &item.number),
        for_what: if item.description.is_empty() { plain(&item.kind) } else { item.description.clone() },
        due: item.due_on,
        days_overdue: (item.days_overdue > 0).then_some(item.days_overdue),
        amount: Some(Pence(item.original_pence)),
        paid: (item.paid_pence != 0).then_some(Pence(item.paid_pence)),
        balance: Pence(item.open_pence),
        step,
        id: if debit { item.item.to_string() } else { String::new() },
    }
}

fn sheet(account: &CustomerAccount) -> Sheet {
    let cells = |item: &AccountItemShown| {
        vec![
            Cell::Text(item.number.clone()),
            Cell::Text(item.kind.clone()),
            Cell::Text(item.description.clone()),
            Cell::Date(item.dated_on),
            Cell::Date(item.due_on),
            Cell::Whole(item.days_overdue),
            Cell::Pence(item.original_pence),
            Cell::Pence(item.paid_pence),
            Cell::Pence(item.open_pence),
            Cell::Pence(item.disputed_pence),
            Cell::Text(item.stage.clone()),
        ]
    };
    Sheet {
        title: "Open items",
        columns: vec![
            ("number", Text),
            ("kind", Text),
            ("for", Text),
            ("dated", Date),
            ("due", Date),
            ("days_overdue", Whole),
            ("amount", Money),
            ("paid", Money),
            ("balance", Money),
            ("in_query", Money),
            ("step", Text),
        ],
        rows: account.items.iter().map(cells).collect(),
        filters: vec![("Customer", format!("{}, {}", account.customer.name, account.customer.number))],
    }
}

/// Goes to the form for what was selected.
async fn with_items(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let chosen: Vec<&str> = posted.all("item").collect();
    if chosen.is_empty() {
        let known = known(&doors, &visitor, &number).await?;
        let tab = Tab::OpenItems(known.account.items.iter().map(open_item).collect(), true);
        let mut page = shown(&doors, &visitor, known, tab, &Asked::new()).await?;
        page.frame.errors.add("item", "Select an invoice");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    if posted.get("do") == "copies" {
        let items = known(&doors, &visitor, &number).await?.account.items;
        let of = |id: &&str| items.iter().find(|item| item.item.to_string() == **id).map(|item| item.number.clone());
        let ask = SendCopies { key: posted.key(), documents: chosen.iter().filter_map(of).collect() };
        let sent = send_copies(&doors.desk, &visitor.actor, ask).await?;
        let copies = sent.letters.len() as i64;
        let mut news =
            if copies == 1 { "1 copy is written".to_owned() } else { format!("{copies} copies are written") };
        if !sent.without.is_empty() {
            news.push_str(&format!("; no letter of ours carried {}", sent.without.join(", ")));
        }
        return told(&format!("/customers/{number}/items"), &news);
    }
    let form = if posted.get("do") == "query" { "query" } else { "hold" };
    see_other(&address(&format!("/customers/{number}/{form}"), &[("item", &chosen.join(" "))]))
}

async fn happened(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let known = known(&doors, &visitor, &number).await?;
    let sort = asked(&query, "sort").to_owned();
    let (list, older) = part_of_timeline(&doors, &visitor, &number, &sort, asked(&query, "before")).await?;
    if wanted(asked(&query, "format")) {
        return Err(No::Absent("page".into()).into());
    }
    let at = format!("/customers/{}/timeline", known.account.customer.number);
    let older = older.map(|place| address(&at, &[("sort", &sort), ("before", &place)])).unwrap_or_default();
    let list = list.iter().map(|event| happening(event, &number)).collect();
    page(&shown(&doors, &visitor, known, Tab::Timeline(Happenings { list, sort, older }), &query).await?)
}

/// Enough of one sort to fill a page, and where it goes on.
async fn part_of_timeline(
    doors: &Shared,
    visitor: &Visitor,
    number: &str,
    sort: &str,
    before: &str,
) -> Outcome<(Vec<TimelineEvent>, Option<String>)> {
    let mut list = Vec::new();
    let mut place = Some(before.to_owned());
    while let Some(from) = place.take_if(|_| list.len() < 40) {
        let part = timeline(&doors.desk, &visitor.actor, number, &from, 60).await?;
        list.extend(part.events.into_iter().filter(|event| sort.is_empty() || event.group == sort));
        place = part.older;
    }
    Ok((list, place))
}

fn happening(event: &TimelineEvent, account: &str) -> Happening {
    let link = match event.kind.as_str() {
        "item.invoice" | "item.credit_note" => Some((page_of("invoice", &event.number), "See it".to_owned())),
        _ if event.group == "query" => Some((format!("/queries/{}", event.number), "See the query".to_owned())),
        kind if kind.starts_with("delivery.") && !event.number.is_empty() => {
            Some((format!("{}/delivery", invoice_at(&event.number)), "What is known of its arrival".to_owned()))
        }
        _ if event.kind.starts_with("letter.") => {
            Some((format!("/letters/{}.pdf", event.number), "Letter (PDF)".to_owned()))
        }
        // Its own list is for those who agree plans; the plan that was set stands beside it.
        kind if kind.starts_with("link.") => None,
        _ if event.group == "plan" => Some((format!("/plans/{}", event.number), "See the plan".to_owned())),
        _ if event.group == "promise" || event.group == "hold" => {
            Some((format!("/customers/{account}/plans"), "See promises and holds".to_owned()))
        }
        _ => None,
    };
    let (title, text) = event.words.split_once(". ").unwrap_or((&event.words, ""));
    Happening { title: title.to_owned(), by: event.who.clone(), on: event.on, text: text.to_owned(), link }
}

async fn plans(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let known = known(&doors, &visitor, &number).await?;
    let works = visitor.actor.holds(Duty::WorkCases);
    let promises = known.promises.iter().map(|row| promise(row, &number, works)).collect();
    let holds = own_holds(&known).map(|row| hold(row, &known.account, works)).collect();
    let agreed = known.plans.iter().map(plan_row).collect();
    page(&shown(&doors, &visitor, known, Tab::Plans(agreed, promises, holds), &query).await?)
}

fn promise(row: &PromiseRow, number: &str, works: bool) -> Promise {
    let state = match row.state.as_str() {
        "kept" => tag("Kept", TagColour::Green),
        "broken" => tag("Not kept", TagColour::Red),
        "open" => tag("Open", TagColour::Blue),
        other => tag(plain(other), TagColour::Grey),
    };
    let mut recorded = format!("{}, {}", row.actor_name, row.made_on.format("%-d %b %Y"));
    if !row.words.is_empty() {
        recorded = format!("{recorded}: {}", row.words);
    }
    let open = works && row.state == "open";
    Promise {
        amount: Pence(row.amount_pence),
        by: row.due_on,
        recorded,
        state,
        withdraw: if open { format!("/customers/{number}/promises/{}/withdraw", row.id) } else { String::new() },
    }
}

/// What a hold is for, in words.
pub fn hold_words(reason: &str) -> String {
    HoldReason::parse(reason).map_or_else(|| plain(reason), |reason| reason.name().to_owned())
}

/// Holds that somebody placed; a plan holds each debt in it, and is shown once, as the plan.
fn own_holds(known: &Known) -> impl Iterator<Item = &HoldRow> {
    known.holds.iter().filter(|row| row.reason != HoldReason::Plan.as_str())
}

fn holds_now(row: &HoldRow, today: NaiveDate) -> bool {
    row.ended_on.is_none() && row.until_on.is_none_or(|until| until >= today)
}

fn hold(row: &HoldRow, account: &CustomerAccount, works: bool) -> Hold {
    let on = account.items.iter().find(|item| Some(item.item) == row.item_id);
    let state = match row.ended_on {
        Some(day) => format!("Ended {}", day.format("%-d %b %Y")),
        None if holds_now(row, account.today) => "Holds".to_owned(),
        None => "Over".to_owned(),
    };
    let own = row.query_id.is_none() && row.promise_id.is_none() && row.reason != HoldReason::Plan.as_str();
    let ends = works && holds_now(row, account.today) && own;
    Hold {
        reason: format!("{}: {}", hold_words(&row.reason), row.words),
        from: row.from_on,
        until: row.until_on,
        by: row.owner.clone(),
        item: on.map_or_else(
            || if row.item_id.is_some() { "One item".into() } else { String::new() },
            |item| item.number.clone(),
        ),
        state,
        release: if ends {
            format!("/customers/{}/holds/{}/end", account.customer.number, row.id)
        } else {
            String::new()
        },
    }
}

async fn notes(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let known = known(&doors, &visitor, &number).await?;
    let typed = may(&visitor, WRITERS).then(String::new);
    let tab = Tab::Notes(known.account.notes.iter().map(note).collect(), typed);
    page(&shown(&doors, &visitor, known, tab, &query).await?)
}

fn note(row: &NoteRow) -> Note {
    let head = match row.kind.as_str() {
        "note" => String::new(),
        "call" => format!("Call, {}. ", plain(&row.outcome).to_lowercase()),
        other => format!("{}. ", plain(other)),
    };
    let next = match (&row.next_step, row.next_on) {
        (step, _) if step.is_empty() => String::new(),
        (step, Some(day)) => format!(" Next: {step}, {}", day.format("%-d %b %Y")),
        (step, None) => format!(" Next: {step}"),
    };
    Note {
        text: format!("{head}{}{next}", row.words),
        by: format!("{}, {}", row.actor_name, row.on_day.format("%-d %b %Y")),
        pinned: row.pinned,
        href: String::new(),
    }
}

async fn write_note(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let words = posted.get("note").to_owned();
    let ask = AddNote {
        key: posted.key(),
        number: number.clone(),
        kind: "note".into(),
        words: words.clone(),
        pinned: posted.has("pinned"),
    };
    let added = add_note(&doors.desk, &visitor.actor, ask).await;
    let known = known(&doors, &visitor, &number).await?;
    match added {
        Ok(_) => {
            let news = format!("Note added to {}", known.account.customer.name);
            told(&format!("/customers/{number}/notes"), &news)
        }
        Err(no) => {
            let tab = Tab::Notes(known.account.notes.iter().map(note).collect(), Some(words));
            let mut page = shown(&doors, &visitor, known, tab, &Asked::new()).await?;
            let status = onto(&mut page.frame, no, &[("words", "note")])?;
            page_with(status, &page)
        }
    }
}

async fn details(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let known = known(&doors, &visitor, &number).await?;
    let account = &known.account;
    let at = format!("/customers/{}", account.customer.number);
    let flags = account.flags.iter().map(|flag| Flag {
        name: flag_tag(&flag.kind, &flag.name, flag.holds),
        evidence: flag.evidence.clone(),
        from: flag.from_on,
        until: flag.to_on,
        review: flag.review_on,
        by: flag.raised_by.clone(),
        end: if flag.holds && flag.to_on.is_none() && visitor.actor.holds(Duty::SetFlags) {
            format!("{at}/flags/{}/end", flag.flag)
        } else {
            String::new()
        },
    });
    let flags = flags.collect();
    let terms = customer_terms(&doors.desk, &visitor.actor, &account.customer.number).await?.terms;
    let tab = Tab::Details(groups(account, &terms, visitor.actor.holds(Duty::ManageCustomers)), flags);
    page(&shown(&doors, &visitor, known, tab, &query).await?)
}

fn groups(account: &CustomerAccount, terms: &str, manages: bool) -> Vec<Details> {
    let (c, at) = (&account.customer, format!("/customers/{}", account.customer.number));
    let change = |path: &str, words: &str| manages.then(|| (format!("{at}/{path}"), words.to_owned()));
    let fact = |key: &str, value: String| (key.to_owned(), value);
    let who = vec![
        fact("Name", c.name.clone()),
        fact("Type", CustomerKind::parse(&c.kind).map_or_else(|| c.kind.clone(), |kind| kind.name().to_owned())),
        fact("Address", address_of(account)),
        fact("Email", c.email.clone()),
        fact("Telephone", c.phone.clone()),
        fact(
            "Letters",
            format!(
                "{}, {}, {}",
                letters_go(&c.channel),
                language(&c.language),
                plain(&c.letter_format).to_lowercase()
            ),
        ),
        fact("Looked after by", c.collector.clone()),
    ];
    // Terms of their own come before their days.
    let paying = match terms {
        "" => vec![fact("Days to pay", c.terms_days.to_string())],
        terms => vec![fact("Payment terms", terms.to_owned())],
    };
    let who = who.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let asks = vec![fact("Invoices and credit notes", "Their own rules, and the way documents go".to_owned())];
    let references = account.references.iter().map(|r| (plain(&r.kind), r.reference.clone())).collect();
    let banks = account.banks.iter().map(|b| ("Account".to_owned(), format!("{} ({})", b.shown, b.source))).collect();
    let was = account.addresses.iter().map(|a| {
        let source = if a.source.is_empty() { String::new() } else { format!(" ({})", a.source) };
        (format!("From {}", a.from_on.format("%-d %b %Y")), format!("{}{source}", a.address))
    });
    let people = vec![fact("About this account", "Who acts for them, what they need of us, who owes with them".into())];
    let group = |title: &str, facts, change| Details { title: title.to_owned(), facts, change };
    vec![
        group("The customer", who, change("change", "Change details")),
        group(
            "What they ask of our documents",
            if manages { asks } else { Vec::new() },
            change("receiver", "Change these rules"),
        ),
        group("When they pay", paying, change("payment-terms", "Change payment terms")),
        group("References", references, change("references", "Add a reference")),
        group("Bank accounts they pay from", banks, None),
        group("Addresses", was.collect(), None),
        group("People", people, Some((format!("{at}/people"), "Who acts, needs, joint debtors, changes".to_owned()))),
    ]
}

fn address_of(account: &CustomerAccount) -> String {
    let c = &account.customer;
    let parts = [&c.address1, &c.address2, &c.town, &c.postcode];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

fn letters_go(channel: &str) -> &'static str {
    if channel == "email" { "By email" } else { "By post" }
}

fn language(code: &str) -> &'static str {
    if code == "cy" { "in Welsh" } else { "in English" }
}

fn flag_tag(kind: &str, name: &str, holds: bool) -> Tag {
    let stops = FlagKind::parse(kind).is_some_and(FlagKind::stops_recovery);
    match (holds, stops) {
        (false, _) => tag(format!("{name} (over)"), TagColour::Grey),
        (true, true) => tag(name, TagColour::Red),
        (true, false) => tag(name, TagColour::Purple),
    }
}

/// The page around a tab.
async fn shown(doors: &Shared, visitor: &Visitor, known: Known, tab: Tab, query: &Asked) -> Outcome<Account> {
    let number = known.account.customer.number.clone();
    let queue = match asked(query, "from") {
        "work" => super::worklist::place_of(doors, visitor, &number).await,
        _ => None,
    };
    let balances = balances(&doors.desk, &visitor.actor, &number).await?;
    let side = side(&known, balances.into_iter().map(|(day, pence)| (day, Pence(pence))).collect());
    let mut strip = strip(visitor, &known, queue);
    let given_up = written_off_left(&doors.desk, &visitor.actor, CustomerId(known.account.customer.id)).await?;
    if given_up > Pence::ZERO {
        strip.tags.push(tag(format!("{given_up} written off before"), TagColour::Yellow));
    }
    Ok(Account { frame: doors.frame(visitor, "Customers").await, strip, side, tab })
}

fn strip(visitor: &Visitor, known: &Known, queue: Option<Queue>) -> Strip {
    let (account, c, s) = (&known.account, &known.account.customer, &known.account.strip);
    let debits = || account.items.iter().filter(|item| item.open_pence > 0);
    let open = known.promises.iter().find(|promise| promise.state == "open");
    let facts = [
        c.number.clone(),
        CustomerKind::parse(&c.kind).map_or_else(|| c.kind.clone(), |kind| kind.name().to_owned()),
        address_of(account),
        c.phone.clone(),
    ];
    let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    let mut tags: Vec<Tag> =
        account.flags.iter().filter(|flag| flag.holds).map(|flag| flag_tag(&flag.kind, &flag.name, true)).collect();
    if c.language == "cy" {
        tags.push(tag("Cymraeg", TagColour::Teal).welsh());
    }
    let (closed, actions) = actions(visitor, known);
    let in_query = i64::try_from(debits().filter(|item| item.disputed_pence > 0).count()).unwrap_or(0);
    Strip {
        account: c.number.clone(),
        name: c.name.clone(),
        tags,
        facts: format!("{}.", facts.join(". ")),
        address: format!("/customers/{}", c.number),
        queue,
        balance: Pence(s.balance_pence),
        open_invoices: i64::try_from(debits().count()).unwrap_or(0),
        overdue: Pence(s.overdue_pence),
        oldest_days: debits().map(|item| item.days_overdue).max().unwrap_or(0),
        in_query: Pence(s.in_query_pence),
        in_query_note: if in_query == 0 {
            String::new()
        } else {
            crate::web::ui::count_of(in_query, "invoice", "invoices")
        },
        promised: Pence(s.promised_pence),
        promised_by: open.map(|promise| promise.due_on),
        unallocated: Pence(s.unallocated_pence),
        may_allocate: visitor.actor.holds(Duty::PostCash),
        last_paid: s
            .last_paid_pence
            .zip(s.last_paid_on)
            .map(|(pence, on)| (Pence(pence), on, s.last_paid_number.clone().unwrap_or_default())),
        forbidden: forbidden(known),
        closed,
        actions,
        counts: TabCounts {
            items: i64::try_from(account.items.len()).unwrap_or(0),
            plans: i64::try_from(known.plans.len() + known.promises.len() + own_holds(known).count()).unwrap_or(0),
            notes: i64::try_from(account.notes.len()).unwrap_or(0),
        },
    }
}

/// Whether a flag of this kind is on the account today.
fn flagged(known: &Known, kind: FlagKind) -> bool {
    known.account.flags.iter().any(|flag| flag.holds && flag.kind == kind.as_str())
}

/// What stands against recovery now, in a sentence, with the code of its refusal.
fn forbidden(known: &Known) -> Option<(String, String)> {
    let today = known.account.today;
    if flagged(known, FlagKind::Deceased) {
        let sentence = "They have died: nothing is asked of them, of their household or of their relatives.";
        return Some((sentence.to_owned(), "BS-06-DECEASED".to_owned()));
    }
    let space = FlagKind::BreathingSpace.as_str();
    if let Some(flag) = known.account.flags.iter().find(|flag| flag.holds && flag.kind == space) {
        let until = flag.to_on.map_or_else(String::new, |day| format!(" until {}", day.format("%-d %B %Y")));
        let sentence = format!(
            "Breathing space{until}: no letter, call, interest, fee or enforcement for what was owed when it began. An \
             offer of theirs may be taken; nobody may ask for one."
        );
        return Some((sentence, "BS-03-BREATHING-SPACE".to_owned()));
    }
    if flagged(known, FlagKind::Insolvent) {
        let sentence = "Insolvent: nothing is asked of them for what was owed when it began.";
        return Some((sentence.to_owned(), "BS-05-INSOLVENT".to_owned()));
    }
    let whole = known.holds.iter().filter(|row| row.item_id.is_none() && holds_now(row, today));
    let reason = |row: &HoldRow| HoldReason::parse(&row.reason).map(|reason| (reason, row.until_on));
    let (reason, until) =
        whole.filter_map(reason).min_by_key(|(reason, _)| HoldReason::ALL.iter().position(|r| r == reason))?;
    let until = until.map_or_else(String::new, |day| format!(" until {}", day.format("%-d %B %Y")));
    let sentence = format!("No reminder is sent: {}{until}.", reason.name().to_lowercase());
    Some((sentence, reason.refusal().code.to_owned()))
}

/// Whether a flag of this kind bears on every debt there is: what was billed after it began is not held by it.
fn holds_all(known: &Known, kind: FlagKind) -> bool {
    let from =
        known.account.flags.iter().find(|flag| flag.holds && flag.kind == kind.as_str()).map(|flag| flag.from_on);
    let mut debts = known.account.items.iter().filter(|item| item.open_pence > 0);
    from.is_some_and(|from| debts.all(|item| item.dated_on <= from))
}

/// Whether the law closes what is done at this address while the account stands as it does.
fn is_closed(known: &Known, path: &str) -> bool {
    let died = flagged(known, FlagKind::Deceased);
    match path {
        // A link is ours: in breathing space we ask for no plan.
        "court" | "plan-links" => {
            died || holds_all(known, FlagKind::Insolvent) || holds_all(known, FlagKind::BreathingSpace)
        }
        // In breathing space a plan may be taken where the customer offers it.
        "plan" => died || flagged(known, FlagKind::Insolvent),
        _ => false,
    }
}

/// What the law closes now, in words; and what may be done from here: words, address and key.
fn actions(visitor: &Visitor, known: &Known) -> (Vec<String>, Vec<(String, String, &'static str)>) {
    let number = &known.account.customer.number;
    let all: [(&str, &str, &'static str, &[Duty]); 17] = [
        ("Record a call", "call", "c", WRITERS),
        ("Take a card payment", "card", "", &[Duty::PostCash]),
        ("Record a promise", "promise", "p", &[Duty::WorkCases]),
        ("Set up a plan", "plan", "", &[Duty::AgreePlans]),
        ("Let them set a plan", "plan-links", "", &[Duty::AgreePlans]),
        ("Put on hold", "hold", "", &[Duty::WorkCases]),
        ("Raise a query", "query", "", &[Duty::WorkCases, Duty::AnswerQueries]),
        ("Record a complaint", "complaint", "", &[Duty::WorkCases, Duty::AnswerQueries]),
        ("Set a flag", "flags", "", &[Duty::SetFlags]),
        ("Search for them", "traces", "", &[Duty::WorkCases]),
        ("Choose a pathway", "pathway", "", &[Duty::WorkCases]),
        ("Refer to court", "court", "", &[Duty::WorkCases]),
        ("Record an insolvency", "insolvency", "", &[Duty::SetFlags]),
        ("Open an estate", "estate", "", &[Duty::SetFlags]),
        ("Record a charge", "charge", "", &[Duty::WorkCases, Duty::ReferToCourt]),
        ("Record money", "receipt", "", &[Duty::PostCash]),
        ("New invoice", "", "", &[Duty::RaiseInvoice]),
    ];
    let allowed = all.into_iter().filter(|(_, _, _, duties)| may(visitor, duties));
    let (closed, open): (Vec<_>, Vec<_>) = allowed.partition(|(_, path, _, _)| is_closed(known, path));
    let drawn = open.into_iter().map(|(words, path, key, _)| {
        let href = if path.is_empty() {
            format!("/billing/invoices/new?customer={number}")
        } else {
            format!("/customers/{number}/{path}")
        };
        (words.to_owned(), href, key)
    });
    (closed.into_iter().map(|(words, ..)| words.to_owned()).collect(), drawn.collect())
}

/// What comes next on the account, and why: what waits for the customer first, then what somebody noted.
fn next_step(known: &Known) -> (String, String) {
    let today = known.account.today;
    let day = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    if flagged(known, FlagKind::Deceased) {
        return ("deal with the estate".into(), "Write to the personal representatives.".into());
    }
    if flagged(known, FlagKind::Insolvent) {
        return ("prove the debt".into(), "Deal with the office-holder.".into());
    }
    if let Some(promise) = known.promises.iter().find(|promise| promise.state == "open") {
        let why = format!("{} is promised by {}.", Pence(promise.amount_pence), day(promise.due_on));
        return ("wait for the promise".into(), why);
    }
    if let Some(hold) = known.holds.iter().find(|row| row.item_id.is_none() && holds_now(row, today)) {
        let until = hold.until_on.map_or_else(String::new, |until| format!(" until {}", day(until)));
        return ("wait for the hold to end".into(), format!("{}{until}: {}", hold_words(&hold.reason), hold.words));
    }
    let noted = known.account.notes.iter().max_by_key(|note| note.id).filter(|note| !note.next_step.is_empty());
    if let Some(note) = noted {
        let when = note.next_on.map_or_else(String::new, |on| format!(" For {}.", day(on)));
        return (note.next_step.to_lowercase(), format!("Noted by {} on {}.{when}", note.actor_name, day(note.on_day)));
    }
    let frozen = flagged(known, FlagKind::BreathingSpace);
    let waits = |item: &AccountItemShown| item.open_pence > 0 && item.disputed_pence == 0 && item.stage == "R5";
    let waiting = known.account.items.iter().filter(|item| waits(item)).count() as i64;
    if waiting > 0 && !frozen {
        let debts = crate::web::ui::count_of(waiting, "debt has", "debts have");
        return ("decide: agency, court, plan or write-off".into(), format!("{debts} been through every letter."));
    }
    match known.account.strip.overdue_pence {
        _ if frozen => ("wait for breathing space to end".into(), "Deal with the debt adviser.".into()),
        0 => ("nothing to do".into(), "Nothing is overdue.".into()),
        _ => ("recovery goes on by itself".into(), "The next step of the pathway comes on its day.".into()),
    }
}

fn side(known: &Known, balances: Vec<(NaiveDate, Pence)>) -> Side {
    let c = &known.account.customer;
    let (next_step, next_why) = next_step(known);
    let contact = [
        ("Letters", format!("{}, {}", letters_go(&c.channel), language(&c.language))),
        ("Format", plain(&c.letter_format)),
        ("Telephone", c.phone.clone()),
        ("Email", c.email.clone()),
        ("Looked after by", c.collector.clone()),
    ];
    let owes = known.account.ages.iter().any(|band| band.amount_pence != 0);
    let moved = balances.iter().any(|(_, sum)| *sum != Pence::ZERO);
    Side {
        next_step,
        next_why,
        ages: if owes {
            known.account.ages.iter().map(|band| (band.name.clone(), Pence(band.amount_pence))).collect()
        } else {
            Vec::new()
        },
        balances: if moved { balances } else { Vec::new() },
        contact: contact
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    }
}
