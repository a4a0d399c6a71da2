//! Putting a debt or an account on another pathway, ending it, and the list of all that are.
use super::export::{Sheet, wanted};
use super::form::{Asked, again, asked, date_field, onto};
use super::pathways::names;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::pathway_choices::{ChoiceSeen, ChooseForAccount, PathwayChoices};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use std::collections::BTreeMap;
use sundry_desk::customers::{CustomerAccount, customer_account};
use sundry_desk::recovery::pathways::{
    ChoosePathway, EndPathwayChoice, choose_pathway, end_pathway_choice, pathway_choices, standing_choices,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Text};
use sundry_store::recovery::pathways::StandingChoiceRow;

const FIELDS: [&str; 4] = ["invoice", "code", "reason", "until_on"];

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/recovery/pathway-choices", &[Duty::View], get(list))
        .add("/customers/{number}/pathway", &[Duty::WorkCases], get(ask).post(choose))
        .add("/customers/{number}/pathway/end", &[Duty::WorkCases], post(end))
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let rows = standing_choices(&doors.desk, &visitor.actor).await?;
    if wanted(asked(&query, "format")) {
        return sheet(rows).file(asked(&query, "format"), &doors, &visitor);
    }
    let names = names(&doors, &visitor).await?;
    let seen = |one: StandingChoiceRow| ChoiceSeen {
        customer: (one.customer_number, one.customer_name),
        debt: one.item_number,
        pathway: names.get(&one.code).cloned().unwrap_or(one.code),
        reason: one.reason,
        by: (one.chosen_by, one.chosen_on),
        until: one.until_on,
    };
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/pathways".into();
    let works = visitor.actor.holds(Duty::WorkCases);
    page(&PathwayChoices { frame, rows: rows.into_iter().map(seen).collect(), works })
}

fn sheet(rows: Vec<StandingChoiceRow>) -> Sheet {
    let cells = |one: StandingChoiceRow| {
        vec![
            Cell::Text(one.customer_number),
            Cell::Text(one.customer_name),
            Cell::Text(one.item_number),
            Cell::Text(one.code),
            Cell::Text(one.reason),
            Cell::Text(one.chosen_by),
            Cell::Date(one.chosen_on),
            one.until_on.map_or(Cell::Empty, Cell::Date),
        ]
    };
    Sheet {
        title: "Chosen pathways",
        columns: vec![
            ("account", Text),
            ("name", Text),
            ("debt", Text),
            ("pathway", Text),
            ("why", Text),
            ("chosen_by", Text),
            ("chosen_on", Date),
            ("until", Date),
        ],
        rows: rows.into_iter().map(cells).collect(),
        filters: Vec::new(),
    }
}

async fn blank(doors: &Shared, visitor: &Visitor, account: &CustomerAccount) -> Outcome<ChooseForAccount> {
    let names = names(doors, visitor).await?;
    let customer = CustomerId(account.customer.id);
    let number_of = |item: i64| {
        let found = account.items.iter().find(|one| one.item == item);
        found.map(|one| one.number.clone()).unwrap_or_default()
    };
    let rows = pathway_choices(&doors.desk, &visitor.actor, customer).await?;
    let seen = rows.into_iter().map(|one| ChoiceSeen {
        customer: (account.customer.number.clone(), account.customer.name.clone()),
        debt: number_of(one.item_id),
        pathway: names.get(&one.code).cloned().unwrap_or(one.code),
        reason: one.reason,
        by: (one.chosen_by, one.chosen_on),
        until: one.until_on,
    });
    let open = account.items.iter().filter(|item| item.open_pence > 0 && item.original_pence > 0);
    let whole = [(String::new(), "The whole account".to_owned())].into_iter();
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/pathways".into();
    Ok(ChooseForAccount {
        frame,
        customer: (account.customer.number.clone(), account.customer.name.clone()),
        rows: seen.collect(),
        debts: whole.chain(open.map(|item| (item.number.clone(), item.number.clone()))).collect(),
        pathways: names.into_iter().collect(),
        typed: BTreeMap::new(),
    })
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let account = customer_account(&doors.desk, &visitor.actor, &number).await?;
    page(&blank(&doors, &visitor, &account).await?)
}

/// The debt of a number on an account; none for the whole account.
fn debt_of(account: &CustomerAccount, invoice: &str) -> Outcome<Option<ItemId>> {
    if invoice.trim().is_empty() {
        return Ok(None);
    }
    let found = account.items.iter().find(|item| item.number == invoice.trim());
    Ok(Some(ItemId(found.ok_or_else(|| No::Absent(format!("invoice {invoice}")))?.item)))
}

async fn choose(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let account = customer_account(&doors.desk, &visitor.actor, &number).await?;
    let mut form = blank(&doors, &visitor, &account).await?;
    form.typed = FIELDS.iter().map(|field| ((*field).to_owned(), posted.get(field).to_owned())).collect();
    let until_on = date_field(&mut form.frame, "until_on", posted.get("until_on"), doors.desk.today());
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let ask = ChoosePathway {
        key: posted.key(),
        customer: CustomerId(account.customer.id),
        item: debt_of(&account, posted.get("invoice"))?,
        code: posted.get("code").to_owned(),
        reason: posted.get("reason").to_owned(),
        until_on,
    };
    match choose_pathway(&doors.desk, &visitor.actor, ask).await {
        Ok(chosen) => {
            let named = form.pathways.iter().find(|(code, _)| *code == chosen.code);
            let name = named.map_or(chosen.code.as_str(), |(_, name)| name.as_str());
            told(&format!("/customers/{number}/pathway"), &format!("From the next step on: {name}"))
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("REC-PATHWAY-NOT-LIVE", "code")])?;
            page_with(status, &form)
        }
    }
}

async fn end(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let account = customer_account(&doors.desk, &visitor.actor, &number).await?;
    let ask = EndPathwayChoice {
        key: posted.key(),
        customer: CustomerId(account.customer.id),
        item: debt_of(&account, posted.get("invoice"))?,
    };
    end_pathway_choice(&doors.desk, &visitor.actor, ask).await?;
    told(&format!("/customers/{number}/pathway"), "It goes on with its own pathway")
}
