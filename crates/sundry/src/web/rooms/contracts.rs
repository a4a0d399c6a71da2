//! Contracts: the list, opening one, one with all that hangs on it, and its changes.
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, date_field, onto, open_address};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::contracts::{
    BilledLine, CHARGES, ContractLine, Contracts, NewContract, OneContract, PAYERS, Typed,
};
use crate::web::ui::{Frame, Tag, TagColour, tag};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use chrono::NaiveDate;
use sundry_desk::billing::contracts::{
    self as desk_contracts, AddContract, ChangeRate, ChargeSeen, ContractShown, ContractsAsk, ContractsPage, EndBreak,
    EndContract, NewCharge, NewPayer, PauseContract, SetPayers, add_contract, contract, contracts_list, rate_cards,
};
use sundry_desk::billing::invoice_choices;
use sundry_desk::{No, Outcome};
use sundry_domain::billing::contracts::{Cycle, Unit};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Text};
use sundry_store::contracts::ContractOfList;

const LOOK: &[Duty] = &[Duty::View];
const ACT: &[Duty] = &[Duty::RaiseInvoice];
const HOME: &str = "/billing/contracts";

/// The routes of contracts.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/billing/contracts", LOOK, get(list))
        .add("/billing/contracts/new", ACT, get(form).post(add))
        .add("/billing/contracts/{number}", LOOK, get(one))
        .add("/billing/contracts/{number}/{verb}", ACT, post(turn))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/contracts".into();
    frame
}

pub(super) fn day_words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

fn days_words(from: NaiveDate, to: Option<NaiveDate>) -> String {
    match to {
        Some(to) => format!("{} to {}", day_words(from), day_words(to)),
        None => format!("from {}", day_words(from)),
    }
}

fn cycle_words(cycle: &str, in_advance: bool) -> String {
    let name = Cycle::parse(cycle).map_or("", Cycle::name);
    format!("{name}, in {}", if in_advance { "advance" } else { "arrears" })
}

fn state(starts_on: NaiveDate, ends_on: Option<NaiveDate>, today: NaiveDate) -> Tag {
    if ends_on.is_some_and(|end| end < today) {
        tag("Ended", TagColour::Grey)
    } else if starts_on > today {
        tag("Not begun", TagColour::Blue)
    } else {
        tag("Running", TagColour::Green)
    }
}

fn line(row: ContractOfList, today: NaiveDate) -> ContractLine {
    ContractLine {
        state: state(row.starts_on, row.ends_on, today),
        number: row.number,
        service_user: row.service_user,
        service: row.service,
        payer: (row.payer_number, row.payer_name),
        payers: row.payers_count,
        cycle: cycle_words(&row.cycle, row.in_advance),
        days: (row.starts_on, row.ends_on),
        billed_to: Some(row.billed_to).filter(|day| *day >= row.starts_on),
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let names = ["customer", "service_user", "service", "state"];
    let filter = names.map(|name| asked(&query, name).to_owned());
    let ask = ContractsAsk {
        customer: filter[0].clone(),
        service_user: filter[1].clone(),
        service: filter[2].clone(),
        state: filter[3].clone(),
        before: asked(&query, "before").parse().ok(),
        limit: Some(100),
    };
    if wanted(asked(&query, "format")) {
        return export(&doors, &visitor, ask).await?.file(asked(&query, "format"), &doors, &visitor);
    }
    let today = doors.desk.today();
    let found = match contracts_list(&doors.desk, &visitor.actor, ask).await {
        Err(No::Absent(_)) => ContractsPage { rows: Vec::new(), next: None },
        other => other?,
    };
    let fields: Vec<(&str, &str)> = names.into_iter().zip(filter.iter().map(String::as_str)).collect();
    let address = open_address(HOME, &fields);
    page(&Contracts {
        frame: room(&doors, &visitor).await,
        rows: found.rows.into_iter().map(|row| line(row, today)).collect(),
        next: found.next.map(|place| format!("{address}before={place}")).unwrap_or_default(),
        may_set: visitor.actor.holds(Duty::RaiseInvoice),
        address,
        filter,
    })
}

async fn export(doors: &Shared, visitor: &Visitor, mut ask: ContractsAsk) -> Outcome<Sheet> {
    let filters = vec![
        ("Payer", ask.customer.clone()),
        ("Service user", ask.service_user.clone()),
        ("Service", ask.service.clone()),
        ("State", ask.state.clone()),
    ];
    (ask.before, ask.limit) = (None, Some(500));
    let mut rows = Vec::new();
    loop {
        let mut found = contracts_list(&doors.desk, &visitor.actor, ask.clone()).await?;
        rows.append(&mut found.rows);
        match found.next {
            Some(place) => ask.before = Some(place),
            None => break,
        }
    }
    let cells = |row: ContractOfList| {
        vec![
            Cell::Text(row.number),
            Cell::Text(row.service_user),
            Cell::Text(row.service),
            Cell::Text(row.payer_number),
            Cell::Text(row.payer_name),
            Cell::Text(row.cycle),
            Cell::Date(row.starts_on),
            Cell::from(row.ends_on),
            Cell::Date(row.billed_to),
            Cell::from(row.next_on),
        ]
    };
    let columns = vec![
        ("number", Text),
        ("service_user", Text),
        ("service", Text),
        ("payer", Text),
        ("payer_name", Text),
        ("cycle", Text),
        ("from_on", Date),
        ("to_on", Date),
        ("billed_to", Date),
        ("next_on", Date),
    ];
    Ok(Sheet { title: "Contracts", columns, rows: rows.into_iter().map(cells).collect(), filters })
}

// A new one ------------------------------------------------------------------------

async fn new_page(doors: &Shared, visitor: &Visitor, typed: Typed) -> Result<NewContract, Trouble> {
    let choices = invoice_choices(&doors.desk, &visitor.actor).await?;
    let cards = rate_cards(&doors.desk, &visitor.actor).await?;
    let none = |words: &str| vec![(String::new(), words.to_owned())];
    let mut services: Vec<(String, String)> = none("A rate of its own");
    for card in cards {
        for rate in card.rates {
            let value = format!("{}|{}", card.card.code, rate.service_code);
            if !services.iter().any(|(there, _)| *there == value) {
                services.push((value, format!("{} {}, {}", card.card.code, rate.service_code, rate.description)));
            }
        }
    }
    let mut vat_codes = none("As the rate card says");
    vat_codes
        .extend(choices.vat_codes.into_iter().map(|vat| (vat.code.clone(), format!("{}, {}", vat.code, vat.name))));
    let mut income_codes = none("As usual");
    income_codes.extend(choices.income_codes.into_iter().map(|(code, name)| (code.clone(), format!("{code}, {name}"))));
    let pairs = |value: &str, words: &str| (value.to_owned(), words.to_owned());
    Ok(NewContract {
        frame: room(doors, visitor).await,
        typed,
        cycles: Cycle::ALL.iter().map(|cycle| pairs(cycle.as_str(), cycle.name())).collect(),
        units: Unit::ALL.iter().map(|unit| pairs(unit.as_str(), unit.each())).collect(),
        vat_codes,
        income_codes,
        cards: services,
    })
}

async fn form(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let mut typed = Typed::from([
        ("cycle".to_owned(), "four_weekly".to_owned()),
        ("customer-1".to_owned(), asked(&query, "customer").to_owned()),
    ]);
    for n in 1..=CHARGES {
        typed.insert(format!("unit-{n}"), "week".into());
    }
    page(&new_page(&doors, &visitor, typed).await?)
}

/// What was typed in every field of the form of a contract.
fn typed_new(posted: &Posted) -> Typed {
    let mut all = Typed::new();
    let mut take = |field: String| {
        let value = posted.get(&field).to_owned();
        all.insert(field, value);
    };
    let plain = [
        "service_user",
        "service",
        "debt_type",
        "cost_centre",
        "reference",
        "cycle",
        "starts_on",
        "ends_on",
        "terms_days",
    ];
    plain.iter().for_each(|field| take((*field).to_owned()));
    for n in 1..=CHARGES {
        for field in [
            "card",
            "description",
            "rate",
            "unit",
            "quantity",
            "vat_code",
            "income_code",
            "clause",
            "by_activity",
            "agreed",
        ] {
            take(format!("{field}-{n}"));
        }
    }
    payer_fields().for_each(take);
    for tick in posted.all("how") {
        all.insert(tick.to_owned(), "yes".into());
    }
    all
}

fn payer_fields() -> impl Iterator<Item = String> {
    (1..=PAYERS).flat_map(|n| ["customer", "share", "po_number"].map(|field| format!("{field}-{n}")))
}

/// Charges that were filled in, each with its place on the form.
fn charges(typed: &Typed) -> Vec<(usize, NewCharge)> {
    let of = |field: &str, n: usize| typed.get(&format!("{field}-{n}")).cloned().unwrap_or_default();
    let charge = |n: usize| {
        let chosen = of("card", n);
        let (card, service_code) = chosen.split_once('|').unwrap_or(("", ""));
        NewCharge {
            description: of("description", n),
            card: card.to_owned(),
            service_code: service_code.to_owned(),
            unit: of("unit", n),
            rate: of("rate", n),
            quantity: of("quantity", n),
            vat_code: of("vat_code", n),
            income_code: of("income_code", n),
            clause: of("clause", n),
            by_activity: of("by_activity", n) == "yes",
            agreed: of("agreed", n),
        }
    };
    let filled = |n: &usize| ["card", "description", "rate"].iter().any(|field| !of(field, *n).is_empty());
    (1..=CHARGES).filter(filled).map(|n| (n, charge(n))).collect()
}

/// Payers that were filled in, each with its place on the form.
fn payers(typed: &Typed) -> Vec<(usize, NewPayer)> {
    let of = |field: &str, n: usize| typed.get(&format!("{field}-{n}")).cloned().unwrap_or_default();
    let payer = |n: usize| NewPayer {
        customer: of("customer", n),
        share: of("share", n),
        po_number: of("po_number", n),
        ..NewPayer::default()
    };
    let filled = |n: &usize| ["customer", "share"].iter().any(|field| !of(field, *n).is_empty());
    (1..=PAYERS).filter(filled).map(|n| (n, payer(n))).collect()
}

/// Puts what is wrong at its field: rows are those of the form, empty ones counted.
fn at_fields(
    frame: &mut Frame,
    no: No,
    charges: &[usize],
    payers: &[usize],
) -> Result<axum::http::StatusCode, Trouble> {
    let No::Invalid(all) = no else { return onto(frame, no, &[]) };
    for one in all {
        let of_payer = ["customer", "share", "line"].contains(&one.field.as_str());
        let places = if of_payer { payers } else { charges };
        let place = one.row.and_then(|row| places.get((row as usize).checked_sub(1)?));
        let field = match (one.field.as_str(), place) {
            ("payers", _) => "customer-1".to_owned(),
            ("lines", _) => "description-1".to_owned(),
            ("line", Some(place)) => format!("customer-{place}"),
            ("service_code", Some(place)) => format!("card-{place}"),
            ("from" | "to", Some(place)) => format!("rate-{place}"),
            (field, Some(place)) => format!("{field}-{place}"),
            (field, None) => field.to_owned(),
        };
        frame.errors.add(&field, one.message);
    }
    Ok(axum::http::StatusCode::UNPROCESSABLE_ENTITY)
}

async fn add(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed = typed_new(&posted);
    let mut shown = new_page(&doors, &visitor, typed.clone()).await?;
    let today = doors.desk.today();
    let of = |field: &str| typed.get(field).cloned().unwrap_or_default();
    let starts_on = date_field(&mut shown.frame, "starts_on", &of("starts_on"), today);
    if of("starts_on").is_empty() {
        shown.frame.errors.add("starts_on", "Enter the first day of the service");
    }
    let ends_on = date_field(&mut shown.frame, "ends_on", &of("ends_on"), today);
    let terms_days = of("terms_days");
    let days = terms_days.parse::<i64>().ok();
    if days.is_none() && !terms_days.is_empty() {
        shown.frame.errors.add("terms_days", "Enter a number of days, or leave it empty");
    }
    let ticked = |field: &str| of(field) == "yes";
    let (charges, payers) = (charges(&typed), payers(&typed));
    let (at_charges, lines): (Vec<usize>, Vec<NewCharge>) = charges.into_iter().unzip();
    let (at_payers, payers): (Vec<usize>, Vec<NewPayer>) = payers.into_iter().unzip();
    let ask = AddContract {
        key: posted.key(),
        service_user: of("service_user"),
        service: of("service"),
        debt_type: of("debt_type"),
        cost_centre: of("cost_centre"),
        cycle: of("cycle"),
        in_advance: ticked("in_advance"),
        starts_on: starts_on.unwrap_or(today),
        ends_on,
        skip_first_day: ticked("skip_first_day"),
        skip_last_day: ticked("skip_last_day"),
        terms_days: days,
        reference: of("reference"),
        lines,
        payers,
    };
    if !shown.frame.errors.is_empty() {
        // Dates that cannot be read are told together with everything else.
        if let Err(no) = desk_contracts::check_contract(&doors.desk, &visitor.actor, &ask).await {
            at_fields(&mut shown.frame, no, &at_charges, &at_payers)?;
        }
        return page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    match add_contract(&doors.desk, &visitor.actor, ask).await {
        Ok(added) => told(&format!("{HOME}/{}", added.number), &format!("{} is open", added.number)),
        Err(no) => {
            let status = at_fields(&mut shown.frame, no, &at_charges, &at_payers)?;
            page_with(status, &shown)
        }
    }
}

// One ------------------------------------------------------------------------------

pub(super) fn billed(one: ChargeSeen) -> BilledLine {
    BilledLine {
        days: (one.from_on, one.to_on),
        what: one.description,
        customer: one.customer,
        words: one.words,
        was_words: one.was_words,
        net: Pence(one.net_pence),
        document: one.document,
        state: match one.state.as_str() {
            "asked" => Some(tag("Credit asked for", TagColour::Yellow)),
            "refused" => Some(tag("Credit refused", TagColour::Red)),
            _ if !one.approval.is_empty() => Some(tag("Credited", TagColour::Green)),
            _ => None,
        },
    }
}

fn payers_words(payers: &[(String, i64)]) -> String {
    let all: Vec<String> = payers.iter().map(|(number, sum)| format!("{number} {}", Pence(*sum))).collect();
    all.join(", ")
}

async fn one_page(doors: &Shared, visitor: &Visitor, wanted: &str, typed: Typed) -> Result<OneContract, Trouble> {
    let shown = contract(&doors.desk, &visitor.actor, wanted).await?;
    let (today, row) = (doors.desk.today(), shown.contract.clone());
    let lead = shown.payers.iter().find(|payer| payer.lead).or(shown.payers.first());
    let line = ContractLine {
        number: row.number,
        service_user: row.service_user,
        service: row.service,
        payer: lead.map(|payer| (payer.customer.clone(), payer.name.clone())).unwrap_or_default(),
        payers: shown.payers.len() as i64,
        cycle: cycle_words(&row.cycle, row.in_advance),
        days: (row.starts_on, row.ends_on),
        billed_to: Some(row.billed_to).filter(|day| *day >= row.starts_on),
        state: state(row.starts_on, row.ends_on, today),
    };
    let first = |charged: bool| if charged { "Charged" } else { "Not charged" };
    let facts = vec![
        ("The contract's own reference", row.reference),
        ("Debt type", row.debt_type),
        ("Cost centre", row.cost_centre),
        ("The first day", first(row.charge_first_day).to_owned()),
        ("The last day", first(row.charge_last_day).to_owned()),
        ("Days to pay", row.terms_days.map(|days| days.to_string()).unwrap_or_default()),
        ("Why it ends", row.end_reason),
        ("Next billed by a run from", row.next_on.map(day_words).unwrap_or_default()),
        ("To be put right by the next run", row.recheck_why),
    ];
    Ok(OneContract {
        frame: room(doors, visitor).await,
        line,
        facts: facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        charges: charges_shown(&shown, today),
        own: shown
            .lines
            .iter()
            .filter(|one| one.card.is_empty())
            .map(|one| (one.line.to_string(), one.description.clone()))
            .collect(),
        payers: shown
            .payers
            .iter()
            .map(|one| {
                let share =
                    one.line.map_or_else(|| one.share.clone(), |line| format!("{} of charge {line}", one.share));
                let days = days_words(one.from_on, one.to_on);
                (one.customer.clone(), one.name.clone(), share, days, one.po_number.clone())
            })
            .collect(),
        breaks: shown
            .breaks
            .iter()
            .map(|one| {
                let kept = format!("{}.{:02}", one.retained_bp / 100, one.retained_bp % 100);
                let kept = format!("{}%", kept.trim_end_matches('0').trim_end_matches('.'));
                let days = days_words(one.from_on, one.to_on);
                [one.seq.to_string(), super::form::plain(&one.kind), days, kept, one.reason.clone()]
            })
            .collect(),
        next: shown
            .next
            .iter()
            .map(|one| {
                let who = if one.missing.is_empty() { payers_words(&one.payers) } else { one.missing.clone() };
                (days_words(one.from_on, Some(one.to_on)), Pence(one.net_pence), who)
            })
            .collect(),
        changes: shown.changes.into_iter().map(|one| (one.on_day, one.what, one.why, one.actor_name)).collect(),
        billed: shown.charges.into_iter().map(billed).collect(),
        may_set: visitor.actor.holds(Duty::RaiseInvoice),
        typed,
    })
}

/// `, at most 14 hours a week`.
fn agreed(one: &desk_contracts::ContractLineSeen) -> String {
    let most = one.agreed_e4.zip(Unit::parse(&one.unit)).map(|(most, unit)| unit.counted(most));
    most.map_or_else(String::new, |most| format!(", at most {most} a week"))
}

fn charges_shown(shown: &ContractShown, today: NaiveDate) -> Vec<[String; 6]> {
    let on = today.max(shown.contract.starts_on);
    let row = |one: &desk_contracts::ContractLineSeen| {
        let each = Unit::parse(&one.unit).map_or("", Unit::each);
        let rate = one.rate_on(on);
        let many = match one.quantity_e4 {
            10_000 => String::new(),
            other => format!("{} × ", super::invoices::decimals(other)),
        };
        let rate = if rate.is_empty() { "No rate today".to_owned() } else { format!("{many}£{rate} {each}") };
        let rate = if one.by_activity { format!("{rate}, as delivered{}", agreed(one)) } else { rate };
        let from =
            if one.card.is_empty() { "Its own".to_owned() } else { format!("{} {}", one.card, one.service_code) };
        let coding = format!("{}, {}", one.vat_code, one.income_code);
        [one.line.to_string(), one.description.clone(), rate, from, coding, one.clause.clone()]
    };
    shown.lines.iter().map(row).collect()
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(wanted): Path<String>) -> Answer {
    page(&one_page(&doors, &visitor, &wanted, Typed::new()).await?)
}

/// What was typed in every field of the forms of a contract.
fn typed_one(posted: &Posted) -> Typed {
    let plain = [
        "kind",
        "pause_from",
        "pause_to",
        "retained",
        "pause_reason",
        "seq",
        "resume_on",
        "resume_reason",
        "line",
        "rate",
        "rate_from",
        "rate_reason",
        "end_on",
        "end_reason",
        "payers_from",
        "payers_reason",
    ];
    let all = plain.into_iter().map(str::to_owned).chain(payer_fields());
    all.map(|field| (field.clone(), posted.get(&field).to_owned())).collect()
}

async fn turn(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((wanted, verb)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let typed = typed_one(&posted);
    let mut shown = one_page(&doors, &visitor, &wanted, typed.clone()).await?;
    let (desk, by, key, today) = (&doors.desk, &visitor.actor, posted.key(), doors.desk.today());
    let of = |field: &str| typed.get(field).cloned().unwrap_or_default();
    let (number, mut at_payers) = (wanted.clone(), Vec::new());
    let mut needed = |field: &str| {
        let day = date_field(&mut shown.frame, field, &of(field), today);
        if of(field).is_empty() {
            shown.frame.errors.add(field, "Enter the day from which it holds");
        }
        day
    };
    let (done, names): (Outcome<_>, &[(&str, &str)]) = match verb.as_str() {
        "pause" => {
            let from_on = needed("pause_from");
            let to_on = date_field(&mut shown.frame, "pause_to", &of("pause_to"), today);
            let Some(from_on) = from_on.filter(|_| shown.frame.errors.is_empty()) else {
                return super::form::again(&shown);
            };
            let (kind, retained, reason) = (of("kind"), of("retained"), of("pause_reason"));
            let ask = PauseContract { key, number, kind, from_on, to_on, retained, reason };
            let names = &[("from_on", "pause_from"), ("to_on", "pause_to"), ("reason", "pause_reason")];
            (desk_contracts::pause_contract(desk, by, ask).await, names)
        }
        "resume" => {
            let to_on = date_field(&mut shown.frame, "resume_on", &of("resume_on"), today);
            if !shown.frame.errors.is_empty() {
                return super::form::again(&shown);
            }
            let ask = EndBreak { key, number, seq: of("seq").parse().unwrap_or(0), to_on, reason: of("resume_reason") };
            let names = &[("to_on", "resume_on"), ("from_on", "resume_on"), ("reason", "resume_reason")];
            (desk_contracts::end_contract_break(desk, by, ask).await, names)
        }
        "rate" => {
            let Some(from_on) = needed("rate_from").filter(|_| shown.frame.errors.is_empty()) else {
                return super::form::again(&shown);
            };
            let line = of("line").parse().unwrap_or(0);
            let ask = ChangeRate { key, number, line, from_on, rate: of("rate"), reason: of("rate_reason") };
            let names = &[("reason", "rate_reason"), ("from", "rate_from")];
            (desk_contracts::change_contract_rate(desk, by, ask).await, names)
        }
        "end" => {
            let ends_on = date_field(&mut shown.frame, "end_on", &of("end_on"), today);
            if !shown.frame.errors.is_empty() {
                return super::form::again(&shown);
            }
            let ask = EndContract { key, number, ends_on, reason: of("end_reason") };
            (desk_contracts::end_contract(desk, by, ask).await, &[("ends_on", "end_on"), ("reason", "end_reason")])
        }
        "payers" => {
            let Some(from_on) = needed("payers_from").filter(|_| shown.frame.errors.is_empty()) else {
                return super::form::again(&shown);
            };
            let (places, payers): (Vec<usize>, Vec<NewPayer>) = payers(&typed).into_iter().unzip();
            at_payers = places;
            let ask = SetPayers { key, number, from_on, payers, reason: of("payers_reason") };
            (desk_contracts::set_contract_payers(desk, by, ask).await, &[("reason", "payers_reason")])
        }
        _ => return Err(No::Absent("page".into()).into()),
    };
    match done {
        Ok(changed) => {
            let news = match changed.recheck_from {
                Some(day) => {
                    format!("{wanted} is changed; the next run puts right what was billed from {}", day_words(day))
                }
                None => format!("{wanted} is changed; nothing billed is touched"),
            };
            told(&format!("{HOME}/{wanted}"), &news)
        }
        Err(No::Invalid(all)) if verb == "payers" => {
            let named = all.into_iter().map(|mut one| {
                if one.field == "reason" {
                    one.field = "payers_reason".into();
                }
                if one.field == "from" {
                    one.field = "customer".into();
                }
                one
            });
            let status = at_fields(&mut shown.frame, No::Invalid(named.collect()), &[], &at_payers)?;
            page_with(status, &shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, names)?;
            page_with(status, &shown)
        }
    }
}
