//! Small balances, all write-offs, money that came, people there again, the register, the report, services, criteria.
use super::export::{Sheet, wanted};
use super::form::{Asked, address, again, amount_field, asked, date_field, onto};
use super::write_off::READ;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::write_off_lists::{
    AllWriteOffs, Criteria, MoneyThatCame, Referrals, Register, Report, SmallBalances, ThereAgain,
};
use crate::web::ui::Frame;
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::writeoff::{
    self as off, ChangePolicy, CommitteeGroup, RecordAnswer, ReferLoss, RegisterLine, RequestSmallBalances,
    RequestWriteBack, SeeSign, SmallBalancesAsk, WithdrawReferral, WriteOffsAsk,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text, Whole};

const ASK: &[Duty] = &[Duty::ProposeWriteOff, Duty::WorkCases];

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/write-offs/small", READ, get(small).post(request_small))
        .add("/write-offs/all", &[Duty::View], get(all))
        .add("/write-offs/money", READ, get(money).post(write_back))
        .add("/write-offs/reappeared", READ, get(there_again).post(seen))
        .add("/write-offs/register", &[Duty::RunReports], get(register).post(refer_loss))
        .add("/write-offs/report", &[Duty::RunReports], get(report))
        .add("/write-offs/referrals", READ, get(referrals).post(record_answer))
        .add("/write-offs/referrals/{number}/withdraw", ASK, post(withdraw))
        .add("/write-offs/policy", &[Duty::View, Duty::ManageSettings], get(policy).post(change_policy))
}

async fn framed(doors: &Shared, visitor: &Visitor, room: &str) -> Frame {
    let mut frame = doors.frame(visitor, room).await;
    frame.help = "rooms/writeoff".into();
    frame
}

async fn small_page(doors: &Shared, visitor: &Visitor, typed: &str) -> Result<SmallBalances, Trouble> {
    let mut shown = SmallBalances {
        frame: framed(doors, visitor, "Recovery").await,
        seen: None,
        maximum: typed.to_owned(),
        may_ask: visitor.actor.holds(Duty::ProposeWriteOff),
    };
    let maximum = amount_field(&mut shown.frame, "maximum", typed);
    if !shown.frame.errors.is_empty() {
        return Ok(shown);
    }
    match off::preview_small_balances(&doors.desk, &visitor.actor, SmallBalancesAsk { maximum }).await {
        Ok(seen) => {
            shown.maximum = Pence(seen.maximum_pence).pounds();
            shown.seen = Some(seen);
        }
        Err(no) => {
            onto(&mut shown.frame, no, &[("REC-09-SMALL-MAXIMUM", "maximum")])?;
        }
    }
    Ok(shown)
}

async fn small(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&small_page(&doors, &visitor, asked(&query, "maximum")).await?)
}

async fn request_small(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let whole = |field: &str| posted.get(field).parse::<i64>().unwrap_or_default();
    let maximum = Pence(whole("maximum_pence"));
    let ask = RequestSmallBalances { key: posted.key(), maximum, count: whole("count"), total: Pence(whole("total")) };
    match off::request_small_balances(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told("/write-offs/small", &format!("{} asked for: {}", Pence(done.total_pence), done.approval)),
        Err(no) => {
            let mut shown = small_page(&doors, &visitor, &maximum.pounds()).await?;
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn all(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let search = asked(&query, "search").to_owned();
    let ask = WriteOffsAsk { search: search.clone(), before: asked(&query, "before").parse().ok() };
    let found = off::write_offs_list(&doors.desk, &visitor.actor, ask).await?;
    let next = found.next.map_or_else(String::new, |next| {
        address("/write-offs/all", &[("search", &search), ("before", &next.to_string())])
    });
    page(&AllWriteOffs { frame: framed(&doors, &visitor, "Recovery").await, found, search, next })
}

async fn money_page(doors: &Shared, visitor: &Visitor) -> Result<MoneyThatCame, Trouble> {
    Ok(MoneyThatCame {
        frame: framed(doors, visitor, "Recovery").await,
        found: off::waiting_money(&doors.desk, &visitor.actor).await?,
        may_ask: visitor.actor.holds(Duty::ProposeWriteOff),
    })
}

async fn money(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&money_page(&doors, &visitor).await?)
}

async fn write_back(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    visitor.actor.must_hold(Duty::ProposeWriteOff).map_err(sundry_desk::No::from)?;
    let receipt = posted.get("receipt").to_owned();
    let words = match receipt.as_str() {
        "" => "The customer is there again: to be pursued".to_owned(),
        number => format!("Paid by {number}"),
    };
    let ask = RequestWriteBack {
        key: posted.key(),
        write_off: posted.get("write_off").to_owned(),
        amount: Pence(posted.get("amount").parse().unwrap_or_default()),
        words,
        receipt,
    };
    match off::request_write_back(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!("Write-back of {} asked for: {}", Pence(done.amount_pence), done.approval);
            told("/write-offs/money", &news)
        }
        Err(no) => {
            let mut shown = money_page(&doors, &visitor).await?;
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn again_page(doors: &Shared, visitor: &Visitor) -> Result<ThereAgain, Trouble> {
    Ok(ThereAgain {
        frame: framed(doors, visitor, "Recovery").await,
        found: off::reappearances(&doors.desk, &visitor.actor, "").await?,
        may_act: visitor.actor.holds(Duty::ProposeWriteOff),
        typed: Default::default(),
    })
}

async fn there_again(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&again_page(&doors, &visitor).await?)
}

async fn seen(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let field = posted.get("field").to_owned();
    let ask = SeeSign {
        key: posted.key(),
        customer: posted.get("customer").to_owned(),
        kind: posted.get("kind").to_owned(),
        what: posted.get("what").to_owned(),
        words: posted.get(&field).to_owned(),
    };
    match off::see_sign(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told("/write-offs/reappeared", &format!("{} stays written off", Pence(done.left_pence))),
        Err(no) => {
            let mut shown = again_page(&doors, &visitor).await?;
            let status = onto(&mut shown.frame, no, &[("words", field.as_str())])?;
            shown.typed = (field.clone(), posted.get(&field).to_owned());
            page_with(status, &shown)
        }
    }
}

fn year(query: &Asked) -> Option<i64> {
    asked(query, "year").parse().ok().filter(|year| (1990..2200).contains(year))
}

async fn register(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let found = off::losses_register(&doors.desk, &visitor.actor, year(&query)).await?;
    if wanted(asked(&query, "format")) {
        let filters = vec![("Year", found.year)];
        let rows = found.rows.into_iter().map(cells).collect();
        let sheet = Sheet { title: "Losses register", columns: columns(), rows, filters };
        return sheet.file(asked(&query, "format"), &doors, &visitor);
    }
    let may_refer = visitor.actor.holds(Duty::ApproveWriteOff);
    page(&Register { frame: framed(&doors, &visitor, "Reports").await, found, may_refer })
}

fn columns() -> Vec<(&'static str, sundry_formats::xlsx_out::ColumnKind)> {
    vec![
        ("serial", Text),
        ("category", Text),
        ("case", Text),
        ("debtor", Text),
        ("service", Text),
        ("arisen", Date),
        ("approved", Date),
        ("gross", Money),
        ("vat_relief", Money),
        ("recovered", Money),
        ("reason", Text),
        ("actions", Text),
        ("proposed_by", Text),
        ("approved_by", Text),
        ("schedule", Text),
        ("committee", Date),
        ("minute", Text),
        ("counter_fraud", Text),
        ("disclosed", Text),
    ]
}

fn cells(one: RegisterLine) -> Vec<Cell> {
    let yes = |is: bool| Cell::Text(if is { "yes" } else { "no" }.to_owned());
    vec![
        Cell::Text(one.serial),
        Cell::Text(one.category),
        Cell::Text(one.case),
        Cell::Text(one.debtor),
        Cell::Text(one.service),
        Cell::Date(one.arisen_on),
        Cell::Date(one.approved_on),
        Cell::Pence(one.gross_pence),
        Cell::Pence(one.relief_pence),
        Cell::Pence(one.recovered_pence),
        Cell::Text(one.reason),
        Cell::Text(one.actions),
        Cell::Text(one.proposed_by),
        Cell::Text(one.approved_by),
        Cell::Text(one.schedule),
        one.committee_on.into(),
        Cell::Text(one.committee_minute),
        yes(one.counter_fraud),
        yes(one.disclosed),
    ]
}

async fn refer_loss(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let (write_off, referred) = (posted.get("write_off").to_owned(), posted.get("referred") == "yes");
    let ask = ReferLoss { key: posted.key(), write_off, referred };
    off::refer_loss(&doors.desk, &visitor.actor, ask).await?;
    told("/write-offs/register", if referred { "Referred to counter-fraud" } else { "Not referred after all" })
}

async fn report(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let found = off::committee_report(&doors.desk, &visitor.actor, year(&query)).await?;
    if wanted(asked(&query, "format")) {
        let row = |by: &str, one: CommitteeGroup| {
            vec![
                Cell::Text(by.to_owned()),
                Cell::Text(one.name),
                Cell::Whole(one.cases),
                Cell::Pence(one.gross_pence),
                Cell::Pence(one.relief_pence),
                Cell::Pence(one.recovered_pence),
                Cell::Pence(one.net_pence),
            ]
        };
        let reasons = found.by_reason.into_iter().map(|one| row("reason", one));
        let services = found.by_service.into_iter().map(|one| row("service", one));
        let columns = vec![
            ("by", Text),
            ("name", Text),
            ("cases", Whole),
            ("gross", Money),
            ("vat_relief", Money),
            ("recovered", Money),
            ("net", Money),
        ];
        let filters = vec![("Year", found.year)];
        let sheet = Sheet { title: "Committee report", columns, rows: reasons.chain(services).collect(), filters };
        return sheet.file(asked(&query, "format"), &doors, &visitor);
    }
    page(&Report { frame: framed(&doors, &visitor, "Reports").await, found })
}

async fn referrals_page(doors: &Shared, visitor: &Visitor, state: &str) -> Result<Referrals, Trouble> {
    let may = |duty| visitor.actor.holds(duty);
    Ok(Referrals {
        frame: framed(doors, visitor, "Recovery").await,
        rows: off::referrals_list(&doors.desk, &visitor.actor, state).await?,
        state: state.to_owned(),
        may_act: may(Duty::ProposeWriteOff) || may(Duty::WorkCases),
        typed: [const { String::new() }; 4],
    })
}

async fn referrals(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&referrals_page(&doors, &visitor, asked(&query, "state")).await?)
}

async fn record_answer(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let text = |field: &str| posted.get(field).to_owned();
    let ask = RecordAnswer {
        key: posted.key(),
        referral: text("referral"),
        answer: text("answer"),
        words: text("words"),
        name: text("name"),
    };
    match off::record_answer(&doors.desk, &visitor.actor, ask).await {
        Ok(row) => told("/write-offs/referrals", &format!("The answer to {} is recorded", row.number)),
        Err(no) => {
            let mut shown = referrals_page(&doors, &visitor, "").await?;
            shown.typed = ["referral", "answer", "words", "name"].map(text);
            let status = onto(&mut shown.frame, no, &[("REC-06-FORBIDDEN", "answer"), ("REC-06-OVER", "referral")])?;
            page_with(status, &shown)
        }
    }
}

async fn withdraw(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let ask = WithdrawReferral { key: posted.key(), referral: number.clone() };
    off::withdraw_referral(&doors.desk, &visitor.actor, ask).await?;
    told("/write-offs/referrals", &format!("{number} is taken back"))
}

async fn policy_page(doors: &Shared, visitor: &Visitor) -> Result<Criteria, Trouble> {
    let may_change = visitor.actor.holds(Duty::ManageSettings);
    Ok(Criteria {
        frame: framed(doors, visitor, if may_change { "Admin" } else { "Recovery" }).await,
        rows: off::policy(&doors.desk, &visitor.actor).await?,
        may_change,
        typed: [const { String::new() }; 3],
    })
}

async fn policy(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&policy_page(&doors, &visitor).await?)
}

async fn change_policy(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut shown = policy_page(&doors, &visitor).await?;
    shown.typed = ["from_on", "name", "value"].map(|field| posted.get(field).to_owned());
    let from_on = date_field(&mut shown.frame, "from_on", posted.get("from_on"), doors.desk.today());
    let typed = posted.get("value");
    let is_money = shown.rows.iter().any(|one| one.name == posted.get("name") && one.is_money());
    let value = match is_money {
        true => Pence::parse(typed).map(|amount| amount.0),
        false => typed.parse::<i64>().ok(),
    };
    if value.is_none() {
        let message = match is_money {
            true => "Enter an amount in pounds, such as 1284.50",
            false => "Enter a whole number from 0",
        };
        shown.frame.errors.add("value", message);
    }
    if posted.get("from_on").is_empty() {
        shown.frame.errors.add("from_on", "Enter the first day");
    }
    let (Some(from_on), Some(value)) = (from_on, value) else { return again(&shown) };
    let name = posted.get("name").to_owned();
    let ask = ChangePolicy { key: posted.key(), from_on, values: vec![(name.clone(), value)] };
    match off::change_policy(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told("/write-offs/policy", &format!("Asked for: {}", done.approval)),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[(name.as_str(), "value")])?;
            page_with(status, &shown)
        }
    }
}
