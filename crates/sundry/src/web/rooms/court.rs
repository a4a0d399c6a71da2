//! Court: cases, referring, the claim, what follows, the diary, limitation, files.
use super::export::download;
use super::form::{Asked, again, amount_field, asked, date_field, onto, open_address};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::court::{Cases, ClaimPage, CourtFiles, Diary, LimitationPage, OneCase, ReferPage};
use crate::web::ui::Frame;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use chrono::NaiveDate;
use sundry_desk::court::{
    self, AddCost, CaseStep, DecideReferral, Defendant, EndCase, Enforce, EnterJudgment, ExportClaims, HandToSolicitor,
    PrepareClaim, RecordIssue, RecordReply, RecordResponse, ReferToCourt, RequestJudgment, SignClaim, TellCourt,
};
use sundry_desk::customers::{AccountItemShown, customer_account};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

const HOME: &str = "/court";
const CLOCK_AGAIN: &str = "Recorded; the clock was worked out again";
const LOOK: &[Duty] = &[Duty::View];
const EITHER: &[Duty] = &[Duty::WorkCases, Duty::ReferToCourt];
const SIZE: i64 = 100;
/// Days of the diary that are shown.
const AHEAD: i64 = 60;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add(HOME, LOOK, get(list))
        .add("/court/diary", LOOK, get(diary))
        .add("/court/limitation", LOOK, get(limitation))
        .add("/court/files", LOOK, get(files).post(export))
        .add("/court/files/{number}", &[Duty::ReferToCourt], get(file))
        .add("/court/{number}", LOOK, get(one).post(act))
        .add("/court/{number}/claim", &[Duty::WorkCases], get(claim).post(prepare))
        .add("/court/{number}/bundle", LOOK, get(bundle))
        .add("/customers/{number}/court", &[Duty::WorkCases], get(blank).post(refer))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/court".into();
    frame
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let state = asked(&query, "state").to_owned();
    let before = asked(&query, "before").parse().ok();
    let rows = court::cases_list(&doors.desk, &visitor.actor, &state, before, SIZE).await?;
    let last = rows.last().filter(|_| rows.len() as i64 == SIZE).map(|row| row.id);
    let next = last.map(|id| format!("{}before={id}", open_address(HOME, &[("state", &state)]))).unwrap_or_default();
    let may_file = visitor.actor.holds(Duty::ReferToCourt);
    page(&Cases { frame: room(&doors, &visitor).await, state, rows, next, may_file })
}

async fn diary(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let today = doors.desk.today();
    let rows = court::court_diary(&doors.desk, &visitor.actor, AHEAD).await?;
    let rows = rows.into_iter().map(|line| (line.due_on < today, line)).map(|(late, line)| (line, late)).collect();
    page(&Diary { frame: room(&doors, &visitor).await, rows })
}

async fn limitation(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let rows = court::limitation_soon(&doors.desk, &visitor.actor).await?;
    page(&LimitationPage { frame: room(&doors, &visitor).await, rows })
}

async fn filed(doors: &Shared, visitor: &Visitor) -> Outcome<CourtFiles> {
    Ok(CourtFiles {
        frame: room(doors, visitor).await,
        rows: court::court_files(&doors.desk, &visitor.actor).await?,
        left: Vec::new(),
        may_take: visitor.actor.holds(Duty::ReferToCourt),
    })
}

async fn files(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&filed(&doors, &visitor).await?)
}

async fn export(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let cases: Vec<String> = posted.all("case").map(ToOwned::to_owned).collect();
    let done = court::export_claims(&doors.desk, &visitor.actor, ExportClaims { key: posted.key(), cases }).await;
    match done {
        Ok(done) if done.left.is_empty() => {
            let count = crate::web::ui::count_of(done.cases.len() as i64, "claim", "claims");
            told("/court/files", &format!("{count} in {}", done.name))
        }
        Ok(done) => {
            let mut seen = filed(&doors, &visitor).await?;
            let why = |one: &court::LeftBehind| {
                let all: Vec<&str> = one.why.iter().map(|why| why.sentence.as_str()).collect();
                (one.case.clone(), all.join("; "))
            };
            seen.left = done.left.iter().map(why).collect();
            page(&seen)
        }
        Err(no) => {
            let mut seen = filed(&doors, &visitor).await?;
            let status = onto(&mut seen.frame, no, &[])?;
            page_with(status, &seen)
        }
    }
}

async fn file(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let (name, bytes) = court::court_file(&doors.desk, &visitor.actor, &number).await?;
    download(&name, "application/xml", bytes)
}

async fn bundle(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let (name, bytes) = court::case_bundle(&doors.desk, &visitor.actor, &number).await?;
    download(&name, "application/pdf", bytes)
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str, work: &str) -> Outcome<OneCase> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let shown = court::case(desk, by, number).await?;
    let ways = match shown.case.state.as_str() {
        "judgment" => court::choices(desk, by, number, work).await?,
        _ => Vec::new(),
    };
    let not_yet = match shown.case.state.as_str() {
        "issued" => court::judgment_not_yet(desk, by, number).await?,
        _ => None,
    };
    let may = [Duty::WorkCases, Duty::ReferToCourt].map(|duty| by.holds(duty));
    let today = desk.today().format("%-d %b %Y").to_string();
    let days = ["on", "step_on", "issued_on", "judgment_on"];
    let mut typed: Vec<(String, String)> = days.iter().map(|field| ((*field).to_owned(), today.clone())).collect();
    typed.push(("served".into(), "online".into()));
    Ok(OneCase { frame: room(doors, visitor).await, shown, ways, not_yet, may, reader: by.user.0, typed })
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number, "").await?)
}

/// Everything a form of a case can hold, kept as it was typed.
const TYPED: &[&str] = &[
    "accept",
    "words",
    "on",
    "kind",
    "step_on",
    "step",
    "step_words",
    "claim_number",
    "issued_on",
    "fee",
    "served",
    "judgment_on",
    "judgment_kind",
    "instalment",
    "every",
    "first_on",
    "method",
    "amount",
    "proportion",
    "circumstances",
    "instalments_kept",
    "facts",
    "asks",
    "cost",
    "cost_words",
    "charged",
    "firm",
    "reference",
    "end_words",
];

struct Typed<'a> {
    frame: &'a mut Frame,
    posted: &'a Posted,
    today: NaiveDate,
}

impl Typed<'_> {
    fn day(&mut self, field: &str) -> NaiveDate {
        let typed = self.posted.get(field).to_owned();
        if typed.is_empty() {
            self.frame.errors.add(field, "Enter a date such as 19/11/26, 19 Nov 2026 or +14");
        }
        date_field(self.frame, field, &typed, self.today).unwrap_or(self.today)
    }

    fn maybe_day(&mut self, field: &str) -> Option<NaiveDate> {
        let typed = self.posted.get(field).to_owned();
        date_field(self.frame, field, &typed, self.today)
    }

    fn amount(&mut self, field: &str) -> Option<Pence> {
        let typed = self.posted.get(field).to_owned();
        amount_field(self.frame, field, &typed)
    }

    fn text(&self, field: &str) -> String {
        self.posted.get(field).to_owned()
    }

    fn ticked(&self, field: &str, value: &str) -> bool {
        self.posted.all(field).any(|one| one == value)
    }

    fn failed(&self) -> bool {
        !self.frame.errors.is_empty()
    }
}

async fn act(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    if !EITHER.iter().any(|duty| by.holds(*duty)) {
        by.must_hold(Duty::WorkCases).map_err(No::from)?;
    }
    let mut seen = shown(&doors, &visitor, &number, posted.get("work")).await?;
    // Several boxes of one name are kept as words on a line.
    let kept = |field: &str| posted.all(field).collect::<Vec<_>>().join(" ");
    seen.typed = TYPED
        .iter()
        .map(|field| match *field {
            "facts" | "asks" => ((*field).to_owned(), kept(field)),
            _ => ((*field).to_owned(), posted.get(field).to_owned()),
        })
        .collect();
    let mut typed = Typed { frame: &mut seen.frame, posted: &posted, today: desk.today() };
    let (key, case) = (posted.key(), number.clone());
    let outcome: Outcome<String> = match posted.get("act") {
        "decide" => {
            let ask = DecideReferral { key, case, accept: posted.get("accept") == "yes", words: typed.text("words") };
            court::decide_referral(desk, by, ask)
                .await
                .map(|done| format!("{} is {}", done.number, done.state.replace('_', " ")))
        }
        "reply" => {
            let on = typed.day("on");
            if typed.failed() {
                return again(&seen);
            }
            let (kind, words) = (typed.text("kind"), typed.text("words"));
            let (documents, offer) = (typed.ticked("asks", "documents"), typed.ticked("asks", "offer"));
            let ask = RecordReply { key, case, on, kind, documents, offer, words };
            court::record_reply(desk, by, ask)
                .await
                .map(|_| "Reply form recorded; the clock was worked out again".into())
        }
        "step" => {
            let on = typed.day("step_on");
            if typed.failed() {
                return again(&seen);
            }
            let ask = CaseStep { key, case, step: typed.text("step"), on, words: typed.text("step_words") };
            let said = if seen.shown.case.issued_on.is_some() { "Recorded" } else { CLOCK_AGAIN };
            court::record_step(desk, by, ask).await.map(|_| said.into())
        }
        "sign" => {
            let i_believe = posted.all("i_believe").any(|one| one == "yes");
            let ask = SignClaim { key, case, i_believe, version: typed.text("version").parse().ok() };
            court::sign_claim(desk, by, ask).await.map(|done| format!("Claim of {} signed", Pence(done.value_pence)))
        }
        "issue" => {
            let (issued_on, fee) = (typed.day("issued_on"), typed.amount("fee"));
            if typed.failed() {
                return again(&seen);
            }
            let ask = RecordIssue {
                key,
                case,
                claim_number: typed.text("claim_number"),
                issued_on,
                fee: fee.unwrap_or(Pence::ZERO),
                served: typed.text("served"),
            };
            let done = court::record_issue(desk, by, ask).await;
            done.map(|done| format!("Issued: to answer by {}", done.respond_by.format("%-d %B %Y")))
        }
        "response" => {
            let on = typed.day("on");
            if typed.failed() {
                return again(&seen);
            }
            let ask = RecordResponse { key, case, kind: typed.text("kind"), on, words: typed.text("words") };
            court::record_response(desk, by, ask).await.map(|done| format!("Recorded. Next: {}", done.next))
        }
        "request" => {
            let done = court::request_judgment(desk, by, RequestJudgment { key, case }).await;
            done.map(|_| "Judgment is asked for".into())
        }
        "judgment" => {
            let (on, first_on, instalment) =
                (typed.day("judgment_on"), typed.maybe_day("first_on"), typed.amount("instalment"));
            if typed.failed() {
                return again(&seen);
            }
            let kind = typed.text("judgment_kind");
            let ask =
                EnterJudgment { key, case, on, kind, interest: None, instalment, every: typed.text("every"), first_on };
            court::enter_judgment(desk, by, ask)
                .await
                .map(|done| format!("Judgment for {}", Pence(done.judgment_pence)))
        }
        "enforce" => {
            let amount = typed.amount("amount");
            let kept = posted.get("instalments_kept");
            if seen.shown.case.terms.is_some() && !["yes", "no"].contains(&kept) {
                typed.frame.errors.add("instalments_kept", "Say whether the instalments are kept");
            }
            if typed.failed() {
                return again(&seen);
            }
            let ask = Enforce {
                key,
                case,
                method: typed.text("method"),
                amount,
                work: typed.text("work"),
                proportion: typed.text("proportion"),
                circumstances: typed.text("circumstances"),
                instalments_kept: kept == "yes",
                one_instalment: typed.ticked("facts", "one_instalment"),
                consumer_credit: typed.ticked("facts", "consumer_credit"),
                joint_account: typed.ticked("facts", "joint_account"),
                permission: typed.ticked("facts", "permission"),
            };
            let done = court::enforce(desk, by, ask).await;
            done.map(|done| format!("Step taken: {} is added to the debt", Pence(done.fee_pence)))
        }
        "cost" => {
            let amount = typed.amount("cost");
            if typed.failed() {
                return again(&seen);
            }
            let ask = AddCost {
                key,
                case,
                amount: amount.unwrap_or(Pence::ZERO),
                charged: posted.get("charged") == "yes",
                words: typed.text("cost_words"),
            };
            court::add_cost(desk, by, ask).await.map(|_| "Cost added".into())
        }
        "solicitor" => {
            let ask = HandToSolicitor { key, case, firm: typed.text("firm"), reference: typed.text("reference") };
            court::hand_to_solicitor(desk, by, ask).await.map(|_| "Saved".into())
        }
        "end" => {
            let done = court::end_case(desk, by, EndCase { key, case, words: typed.text("end_words") }).await;
            done.map(|done| format!("{} is closed", done.case))
        }
        "told" => court::tell_court(desk, by, TellCourt { key, case }).await.map(|_| "The court was told".into()),
        _ => Err(No::Absent("act".into())),
    };
    match outcome {
        Ok(news) => told(&format!("{HOME}/{number}"), &news),
        Err(no) => {
            let fields: &[(&str, &str)] = match posted.get("act") {
                "step" => &[("on", "step_on"), ("words", "step_words")],
                "judgment" => &[("on", "judgment_on"), ("kind", "judgment_kind")],
                "cost" => &[("amount", "cost"), ("words", "cost_words")],
                "end" => &[("words", "end_words")],
                "issue" => &[("CT-05-CLAIM-NUMBER", "claim_number")],
                _ => &[],
            };
            let status = onto(&mut seen.frame, no, fields)?;
            page_with(status, &seen)
        }
    }
}

async fn claim(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let shown = court::case(desk, by, &number).await?;
    let account = customer_account(desk, by, &shown.customer).await?;
    let who = &account.customer;
    let known = shown.claim.as_ref();
    let first = known.and_then(|claim| claim.defendants.first().cloned());
    let first = first.unwrap_or_else(|| Defendant {
        name: who.name.clone(),
        lines: [&who.address1, &who.address2, &who.town].into_iter().filter(|line| !line.is_empty()).cloned().collect(),
        postcode: who.postcode.clone(),
        ..Defendant::default()
    });
    let second = known.and_then(|claim| claim.defendants.get(1).cloned()).unwrap_or_default();
    let line = |one: &Defendant, at: usize| one.lines.get(at).cloned().unwrap_or_default();
    let status = match who.kind.as_str() {
        "company" => "company",
        "sole_trader" => "trading_as",
        _ => "individual",
    };
    let issue_on = known.map_or_else(|| desk.today(), |claim| claim.issue_on.max(desk.today()));
    let values = [
        issue_on.format("%-d %b %Y").to_string(),
        known.map_or_else(|| status.to_owned(), |claim| claim.status.as_str().to_owned()),
        known.map(|claim| claim.company_number.clone()).unwrap_or_default(),
        first.name.clone(),
        line(&first, 0),
        line(&first, 1),
        line(&first, 2),
        line(&first, 3),
        first.postcode.clone(),
        second.name.clone(),
        line(&second, 0),
        line(&second, 1),
        line(&second, 2),
        second.postcode.clone(),
        known.map(|claim| claim.basis.clone()).unwrap_or_default(),
        known.map(|claim| claim.particulars.clone()).unwrap_or_default(),
        String::new(),
        String::new(),
    ];
    let typed = ClaimPage::FIELDS.into_iter().zip(values).collect();
    page(&ClaimPage { frame: room(&doors, &visitor).await, case: number, typed, prepared: None })
}

async fn prepare(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    court::case(desk, by, &number).await?;
    let ways = posted.all("ways").collect::<Vec<_>>().join(" ");
    let value = |field: &str| if field == "ways" { ways.clone() } else { posted.get(field).to_owned() };
    let mut frame = room(&doors, &visitor).await;
    let issue_on = date_field(&mut frame, "issue_on", posted.get("issue_on"), desk.today());
    let typed = ClaimPage::FIELDS.iter().map(|field| (*field, value(field))).collect();
    let mut seen = ClaimPage { frame, case: number.clone(), typed, prepared: None };
    if !seen.frame.errors.is_empty() {
        return again(&seen);
    }
    let text = |field: &str| posted.get(field).to_owned();
    let ticked = |what: &str| posted.all("ways").any(|one| one == what);
    let party = |name: &str, lines: &[&str], postcode: &str| Defendant {
        name: text(name),
        lines: lines.iter().map(|line| text(line)).collect(),
        postcode: text(postcode),
        confirmed_in_england: ticked("border"),
        ..Defendant::default()
    };
    let mut defendants = vec![party("name", &["line1", "line2", "line3", "line4"], "postcode")];
    if !posted.get("name2").is_empty() {
        defendants.push(party("name2", &["line21", "line22", "line23"], "postcode2"));
    }
    let ask = PrepareClaim {
        key: posted.key(),
        case: number,
        issue_on,
        status: text("status"),
        company_number: text("company_number"),
        defendants,
        basis: text("basis"),
        particulars: text("particulars"),
        separately: ticked("separately"),
        represented: ticked("represented"),
    };
    match court::prepare_claim(desk, by, ask).await {
        Ok(made) => {
            seen.prepared = Some(made);
            page(&seen)
        }
        Err(no) => {
            let status = onto(&mut seen.frame, no, &[("defendants", "name"), ("CT-01-CHECK-FEE", "issue_on")])?;
            page_with(status, &seen)
        }
    }
}

async fn referral(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<ReferPage> {
    let account = customer_account(&doors.desk, &visitor.actor, number).await?;
    let overdue =
        |item: &&AccountItemShown| item.open_pence > 0 && item.kind == "invoice" && item.due_on < account.today;
    let overdue: Vec<&AccountItemShown> = account.items.iter().filter(overdue).collect();
    let ids: Vec<i64> = overdue.iter().map(|item| item.item).collect();
    let not_yet = court::not_referable(&doors.desk, &visitor.actor, number, &ids).await?;
    let (mut debts, mut apart) = (Vec::new(), Vec::new());
    for item in overdue {
        let (number, open) = (item.number.clone(), Pence(item.open_pence));
        match not_yet.get(&item.item) {
            Some(why) => apart.push((number, item.due_on, open, why.clone())),
            None => debts.push((number, item.due_on, open)),
        }
    }
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/court".into();
    Ok(ReferPage {
        frame,
        debts,
        apart,
        customer: (account.customer.number, account.customer.name),
        typed: Default::default(),
        chosen: Vec::new(),
    })
}

async fn blank(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&referral(&doors, &visitor, &number).await?)
}

async fn refer(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut seen = referral(&doors, &visitor, &number).await?;
    seen.typed = ["why", "means", "assets"].map(|field| posted.get(field).to_owned());
    seen.chosen = posted.all("debts").map(ToOwned::to_owned).collect();
    // No tick would mean all of them to the desk; here it means that nobody chose.
    if seen.chosen.is_empty() {
        seen.frame.errors.add("debts", "Choose at least one debt");
        return again(&seen);
    }
    let [why, means, assets] = seen.typed.clone();
    let ask = ReferToCourt { key: posted.key(), customer: number, debts: seen.chosen.clone(), why, means, assets };
    match court::refer_to_court(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            told(&format!("{HOME}/{}", done.number), &format!("{} is referred; somebody else decides", done.number))
        }
        Err(no) => {
            let status: StatusCode = onto(&mut seen.frame, no, &[])?;
            page_with(status, &seen)
        }
    }
}
