//! Uplifts: a preview over the whole book, asking for one, and what is done about it.
use super::contracts::day_words;
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, date_field, onto, open_address, plain};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::contracts::Typed;
use crate::web::pages::uplifts::{OneUplift, UpliftSeen, Uplifts};
use crate::web::ui::{Frame, Tag, TagColour, tag};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::No;
use sundry_desk::billing::contracts::{rate_cards, rate_words};
use sundry_desk::billing::uplifts::{
    ProposeUplift, TurnUplift, UpliftAsk, UpliftPreview, preview_uplift, propose_uplift, stop_uplift, take_back_uplift,
    uplift, uplifts,
};
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_domain::billing::contracts::UpliftRounding;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Money, Text, Whole};

const LOOK: &[Duty] = &[Duty::View];
const EITHER: &[Duty] = &[Duty::RaiseInvoice, Duty::ReleaseRuns];
const HOME: &str = "/billing/uplifts";
const FIELDS: [&str; 6] = ["by", "from", "rounding", "card", "service", "funder"];
/// Lines of a preview that the page shows; the file has all.
const SHOWN: usize = 200;

/// The routes of uplifts.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/billing/uplifts", LOOK, get(list))
        .add("/billing/uplifts/ask", &[Duty::RaiseInvoice], post(ask))
        .add("/billing/uplifts/{number}", LOOK, get(one))
        .add("/billing/uplifts/{number}/{verb}", EITHER, post(turn))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/contracts".into();
    frame
}

fn state(word: &str) -> Tag {
    let colour = match word {
        "applied" => TagColour::Green,
        "asked" | "applying" => TagColour::Yellow,
        "approved" => TagColour::Blue,
        "stopped" | "refused" => TagColour::Orange,
        _ => TagColour::Grey,
    };
    tag(if word == "asked" { "Waits for a yes".to_owned() } else { plain(word) }, colour)
}

async fn blank(doors: &Shared, visitor: &Visitor, typed: Typed) -> Result<Uplifts, Trouble> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let mut cards = vec![
        (String::new(), "Every card, and contracts' own rates".to_owned()),
        ("own".to_owned(), "Contracts' own rates".to_owned()),
    ];
    let all = rate_cards(desk, by).await?.into_iter();
    cards.extend(all.map(|one| (one.card.code.clone(), format!("{}, {}", one.card.code, one.card.name))));
    let rows = uplifts(desk, by).await?.into_iter().map(|one| {
        let more = Pence(one.after_pence - one.before_pence);
        (one.number, one.from_on, one.by_words, more, one.applied_by_name, state(&one.state))
    });
    let fields: Vec<(&str, &str)> =
        FIELDS.iter().map(|field| (*field, typed.get(*field).map_or("", String::as_str))).collect();
    Ok(Uplifts {
        address: open_address(HOME, &fields),
        frame: room(doors, visitor).await,
        cards,
        roundings: UpliftRounding::ALL.iter().map(|one| (one.as_str().to_owned(), one.name().to_owned())).collect(),
        preview: None,
        rows: rows.collect(),
        may_ask: by.holds(Duty::RaiseInvoice),
        typed,
    })
}

/// What is asked for, as typed; none where the day cannot be read, which is told.
fn wanted_uplift(shown: &mut Uplifts, today: chrono::NaiveDate) -> Option<UpliftAsk> {
    let of = |field: &str| shown.typed.get(field).cloned().unwrap_or_default();
    let (by, rounding, card, service, funder) = (of("by"), of("rounding"), of("card"), of("service"), of("funder"));
    let from = of("from");
    if from.is_empty() {
        shown.frame.errors.add("from", "Enter the first day of the new rates");
    }
    let from_on = date_field(&mut shown.frame, "from", &from, today)?;
    Some(UpliftAsk { from_on, by, rounding, card, service, funder })
}

fn seen(found: &UpliftPreview) -> UpliftSeen {
    let line = |one: &sundry_desk::billing::uplifts::UpliftCharge| {
        let (old, new) = one.rates();
        let text =
            [one.contract.clone(), one.service_user.clone(), one.description.clone(), one.card.clone(), old, new];
        (text, Pence(one.after_pence - one.before_pence))
    };
    UpliftSeen {
        by: found.by_words.clone(),
        counts: [found.rates, found.charges, found.adjusted],
        sums: (Pence(found.before_pence), Pence(found.after_pence)),
        lines: found.lines.iter().take(SHOWN).map(line).collect(),
        left: found.left.iter().map(|one| (one.what.clone(), one.why.clone())).collect(),
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let typed: Typed = FIELDS.iter().map(|field| ((*field).to_owned(), asked(&query, field).to_owned())).collect();
    let nothing = asked(&query, "by").is_empty();
    let mut shown = blank(&doors, &visitor, typed).await?;
    if nothing || !EITHER.iter().any(|duty| visitor.actor.holds(*duty)) {
        return page(&shown);
    }
    let Some(ask) = wanted_uplift(&mut shown, doors.desk.today()) else { return super::form::again(&shown) };
    match preview_uplift(&doors.desk, &visitor.actor, &ask).await {
        Ok(found) if wanted(asked(&query, "format")) => sheet(&found).file(asked(&query, "format"), &doors, &visitor),
        Ok(found) => {
            shown.preview = Some(seen(&found));
            page(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

fn sheet(found: &UpliftPreview) -> Sheet {
    let cells = |one: &sundry_desk::billing::uplifts::UpliftCharge| {
        vec![
            Cell::Text(one.contract.clone()),
            Cell::Text(one.service_user.clone()),
            Cell::Whole(one.line),
            Cell::Text(one.description.clone()),
            Cell::Text(one.card.clone()),
            Cell::Text(one.each.clone()),
            Cell::Text(rate_words(one.old_e4)),
            Cell::Text(rate_words(one.new_e4)),
            Cell::Pence(one.before_pence),
            Cell::Pence(one.after_pence),
            Cell::Pence(one.after_pence - one.before_pence),
        ]
    };
    Sheet {
        title: "Uplift preview",
        columns: vec![
            ("contract", Text),
            ("service_user", Text),
            ("charge", Whole),
            ("description", Text),
            ("card", Text),
            ("each", Text),
            ("rate_now", Text),
            ("rate_then", Text),
            ("year_now", Money),
            ("year_then", Money),
            ("difference", Money),
        ],
        rows: found.lines.iter().map(cells).collect(),
        filters: vec![("By", found.by_words.clone())],
    }
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut typed: Typed = FIELDS.iter().map(|field| ((*field).to_owned(), posted.get(field).to_owned())).collect();
    typed.insert("reason".into(), posted.get("reason").to_owned());
    let mut shown = blank(&doors, &visitor, typed).await?;
    let Some(uplift) = wanted_uplift(&mut shown, doors.desk.today()) else { return super::form::again(&shown) };
    let (reason, seen_pence) = (posted.get("reason").to_owned(), posted.get("seen").parse().ok());
    let ask = ProposeUplift { key: posted.key(), uplift: uplift.clone(), reason, seen_pence };
    match propose_uplift(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!("{} waits for someone else's yes: {}", done.number, done.approval);
            told(&format!("{HOME}/{}", done.number), &news)
        }
        Err(no) => {
            if let Ok(found) = preview_uplift(&doors.desk, &visitor.actor, &uplift).await {
                shown.preview = Some(seen(&found));
            }
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn one_page(doors: &Shared, visitor: &Visitor, number: &str) -> Result<OneUplift, Trouble> {
    let found = uplift(&doors.desk, &visitor.actor, number).await?;
    let row = found.uplift;
    let set = format!("{} of {}; {} left alone", row.done_count, row.rates_count, row.left_count);
    let facts = [
        ("By", row.by_words.clone()),
        ("From", day_words(row.from_on)),
        (
            "Rates",
            if row.card_code.is_empty() { "Every card, and contracts' own".into() } else { row.card_code.clone() },
        ),
        ("Service", row.service_code.clone()),
        ("Paid by", row.funder.clone()),
        ("The decision", row.why.clone()),
        ("A year before", Pence(row.before_pence).to_string()),
        ("A year with it", Pence(row.after_pence).to_string()),
        ("Rates set", set),
        ("Asked by", format!("{}, {}", row.applied_by_name, day_words(row.applied_on))),
        ("Approval", row.approval.clone()),
    ];
    let line = |one: &sundry_store::contracts::UpliftLineRow| {
        let what = match one.contract_id {
            Some(_) => format!("A contract's own, charge {}", one.line),
            None => one.service_code.clone(),
        };
        let pounds = |e4| format!("£{}", rate_words(e4));
        [one.seq.to_string(), what, pounds(one.old_e4), pounds(one.new_e4), plain(&one.state)]
    };
    let early = doors.desk.today() < row.from_on;
    let back = ["approved", "applied", "stopped"].contains(&row.state.as_str());
    Ok(OneUplift {
        frame: room(doors, visitor).await,
        may_apply: visitor.actor.holds(Duty::ReleaseRuns),
        may_take_back: early && back && EITHER.iter().any(|duty| visitor.actor.holds(*duty)),
        facts: facts.map(|(key, value)| (key.to_owned(), value)).into(),
        lines: found.lines.iter().map(line).collect(),
        state: (row.state.clone(), state(&row.state)),
        number: row.number,
    })
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&one_page(&doors, &visitor, &number).await?)
}

async fn turn(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, verb)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let mut shown = one_page(&doors, &visitor, &number).await?;
    let (desk, by, key) = (&doors.desk, &visitor.actor, posted.key());
    let done = match verb.as_str() {
        "apply" => {
            by.must_hold(Duty::ReleaseRuns).map_err(No::from)?;
            let request = serde_json::json!({ "number": number });
            let dedupe_key = format!("uplift {number} {key}");
            let ask = AddJob { key, kind: "apply_uplift".into(), dedupe_key, request };
            add_job(desk, by, ask).await.map(|_| format!("{number} is being applied; look again to see how far it is"))
        }
        "stop" => {
            let ask = TurnUplift { key, number: number.clone() };
            stop_uplift(desk, by, ask).await.map(|_| format!("{number} is stopped"))
        }
        "take-back" => {
            let ask = TurnUplift { key, number: number.clone() };
            take_back_uplift(desk, by, ask).await.map(|_| format!("{number} is taken back"))
        }
        _ => return Err(No::Absent("page".into()).into()),
    };
    match done {
        Ok(news) => told(&format!("{HOME}/{number}"), &news),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}
