//! Pathways from a draft to the day's run: checks, the trial on the book, somebody else's yes, choices and splits.
use crate::recovery::{customer, flag, open, release};
use chrono::NaiveDate;
use std::sync::atomic::{AtomicI64, Ordering};
use sundry_desk::approvals::{DecideApproval, Decided, approval, decide_approval};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::recovery::debt_facts::{RecordDebtFact, record_debt_fact};
use sundry_desk::recovery::pathways::{
    AskForPathway, AskedForPathway, ChoosePathway, EndPathwayChoice, EndTrial, PathwaySimulation, SavePathwayDraft,
    SimulatePathway, StartTrial, WithdrawPathwayDraft, ask_for_pathway, check_pathway_draft, choose_pathway,
    end_pathway_choice, end_trial, pathway_choices, save_pathway_draft, simulate_pathway, simulation, standing_choices,
    start_trial, trial as trial_of, trials, withdraw_pathway_draft,
};
use sundry_desk::recovery::{ReleaseDay, case, pathway, pathway_draft, pathways, preview_day, release_day};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{Channel, Step, StepKind, Verdict};
use sundry_store::args;

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

/// The newest version of a pathway, as a draft of the next.
pub(crate) async fn draft_of(t: &TestDesk, code: &str) -> SavePathwayDraft {
    let all = pathways(&t.desk, &t.role(Role::Administrator)).await.expect("pathways");
    let last = all.into_iter().rfind(|one| one.pathway.code == code).expect("one").pathway;
    SavePathwayDraft {
        key: format!("draft {code} {}", last.version + 1),
        code: last.code,
        changes: 0,
        name: last.name,
        words: last.words,
        applies: last.applies,
        moves_open: false,
        steps: last.steps,
    }
}

async fn simulate(t: &TestDesk, code: &str, kind: &str) -> Outcome<PathwaySimulation> {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    let key = format!("simulate {}", NEXT.fetch_add(1, Ordering::Relaxed));
    let ask = SimulatePathway { key, code: code.into(), kind: kind.into() };
    simulate_pathway(&t.desk, &t.role(Role::Administrator), ask, &|_, _| {}).await
}

async fn ask(t: &TestDesk, code: &str, from: Option<&str>) -> Outcome<AskedForPathway> {
    let by = t.role(Role::Administrator);
    let changes = pathway_draft(&t.desk, &by, code).await.expect("reads").map_or(0, |draft| draft.changes);
    let key = format!("ask {code} {changes} {from:?}");
    ask_for_pathway(&t.desk, &by, AskForPathway { key, code: code.into(), changes, live_from: from.map(d) }).await
}

pub(crate) async fn decide(t: &TestDesk, number: &str, approve: bool) -> Outcome<Decided> {
    let by = t.role(Role::Approver);
    let shown = approval(&t.desk, &by, number).await.expect("an approval");
    let key = format!("decide {number}");
    let reason = if approve { String::new() } else { "Too quick for people on pensions".into() };
    let ask = DecideApproval { key, number: number.into(), approve, reason, content_hash: shown.content_hash };
    decide_approval(&t.desk, &by, ask).await
}

/// Keeps a draft, tries it, asks and approves.
pub(crate) async fn put_live(t: &TestDesk, draft: SavePathwayDraft, from: Option<&str>) -> AskedForPathway {
    let code = draft.code.clone();
    save_pathway_draft(&t.desk, &t.role(Role::Administrator), draft).await.expect("kept");
    simulate(t, &code, "live").await.expect("tried");
    let asked = ask(t, &code, from).await.expect("asked");
    decide(t, &asked.approval, true).await.expect("approved");
    asked
}

async fn steps(t: &TestDesk, item: ItemId) -> Vec<(String, String)> {
    let view = case(&t.desk, &t.role(Role::CreditController), item).await.expect("a case");
    view.steps.into_iter().map(|step| (step.step_code, step.taken_on.to_string())).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(code, day)| ((*code).to_owned(), (*day).to_owned())).collect()
}

pub(crate) async fn set(t: &TestDesk, item: ItemId, column: &'static str, value: &str) {
    let sql = match column {
        "debt_type" => "update open_item set debt_type = $3 where org_id = $1 and id = $2",
        _ => "update open_item set service = $3 where org_id = $1 and id = $2",
    };
    let mut tx = t.desk.db().begin().await.expect("begins");
    tx.run(sql, args![t.org, item, value]).await.expect("runs");
    tx.commit().await.expect("commits");
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_01_a_draft_goes_live_by_somebody_elses_yes_and_old_versions_stay() {
    on_both("2026-05-11", async |t| {
        let admin = t.role(Role::Administrator);
        let who = customer(&t, "C100001", "individual", "").await;
        let item = open(&t, who, "invoice", "INV-1", "2026-05-04", 12_000).await;
        let mut draft = draft_of(&t, "individual").await;
        draft.steps[1].day = 10;
        draft.steps[1].clause = "4.2".into();
        let saved = save_pathway_draft(&t.desk, &admin, draft.clone()).await.expect("kept");
        assert_eq!((saved.version, saved.changes), (2, 1));
        let again = SavePathwayDraft { key: "again".into(), ..draft.clone() };
        let no = save_pathway_draft(&t.desk, &admin, again).await.expect_err("somebody changed it");
        assert_eq!(no.code(), Some("REC-PATHWAY-DRAFT"));
        let no = ask(&t, "individual", None).await.expect_err("nobody tried it");
        assert_eq!(no.code(), Some("REC-PATHWAY-FAULTS"));
        simulate(&t, "individual", "live").await.expect("tried");
        let no = ask(&t, "individual", Some("2026-05-11")).await.expect_err("a run may be under way");
        assert_eq!(no.code(), Some("REC-PATHWAY-LIVE-FROM"));
        let asked = ask(&t, "individual", Some("2026-05-12")).await.expect("asked");
        let shown = approval(&t.desk, &t.role(Role::Approver), &asked.approval).await.expect("shown");
        assert!(shown.may_decide && shown.summary.contains("in force from 12 May 2026"), "{shown:?}");
        let changed = SavePathwayDraft { key: "late".into(), changes: 2, ..draft };
        assert!(save_pathway_draft(&t.desk, &admin, changed).await.is_err(), "what waits is not changed");
        decide(&t, &asked.approval, true).await.expect("approved");
        let state = async |version| pathway(&t.desk, &admin, "individual", version).await.expect("one").state;
        assert_eq!((state(1).await.as_str(), state(2).await.as_str()), ("live", "next"));
        release(&t, "2026-05-11").await.expect("today goes by the version of today");
        assert_eq!(steps(&t, item).await, pairs(&[("R1", "2026-05-11")]));
        t.go_to("2026-05-12");
        assert_eq!((state(1).await.as_str(), state(2).await.as_str()), ("ended", "live"));
        let old = pathway(&t.desk, &admin, "individual", 1).await.expect("readable for ever");
        assert_eq!((old.pathway.steps[1].day, old.approved_by.as_str()), (7, "Sundry"));
        let new = pathway(&t.desk, &admin, "individual", 2).await.expect("the new one");
        assert_eq!((new.drafted_by.as_str(), new.approved_by.as_str()), ("Administrator 1", "Approver 1"));
        let later = open(&t, who, "invoice", "INV-2", "2026-05-12", 12_000).await;
        release(&t, "2026-05-21").await.expect("a day");
        assert_eq!(steps(&t, later).await, [], "ten days' grace");
        release(&t, "2026-05-22").await.expect("a day");
        let view = case(&t.desk, &t.role(Role::CreditController), later).await.expect("a case");
        assert_eq!((view.steps[0].step_code.as_str(), view.steps[0].pathway_version), ("R1", 2));
        assert!(view.steps[0].note.contains("(pathway individual 2, clause 4.2)"), "{}", view.steps[0].note);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_01_who_may_and_what_is_refused() {
    on_both("2026-05-11", async |t| {
        let admin = t.role(Role::Administrator);
        let draft = draft_of(&t, "individual").await;
        let no = save_pathway_draft(&t.desk, &t.role(Role::TeamLeader), draft.clone()).await;
        assert_eq!(no.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
        let mut bad = draft.clone();
        bad.key = "bad".into();
        bad.name.clear();
        bad.steps[1].day = -30;
        bad.steps[2].code = "R1".into();
        match save_pathway_draft(&t.desk, &admin, bad).await {
            Err(No::Invalid(wrong)) => {
                let fields: Vec<(Option<u64>, &str)> = wrong.iter().map(|one| (one.row, one.field.as_str())).collect();
                assert_eq!(fields, [(None, "name"), (Some(2), "day"), (Some(3), "code")]);
            }
            other => panic!("each at its place: {other:?}"),
        }
        let mut absurd = draft.clone();
        absurd.key = "absurd".into();
        absurd.steps[0].day = i32::MIN;
        absurd.steps[1].wait_days = i32::MAX;
        match save_pathway_draft(&t.desk, &admin, absurd).await {
            Err(No::Invalid(wrong)) => {
                let fields: Vec<(Option<u64>, &str)> = wrong.iter().map(|one| (one.row, one.field.as_str())).collect();
                assert_eq!(fields, [(Some(1), "day"), (Some(2), "wait")]);
            }
            other => panic!("no day so far away: {other:?}"),
        }
        let mut unlawful = draft.clone();
        unlawful.key = "unlawful".into();
        unlawful.steps[6].channel = Channel::Email;
        unlawful.steps[1].template = "no_such_letter".into();
        save_pathway_draft(&t.desk, &admin, unlawful).await.expect("a draft may be wrong");
        simulate(&t, "individual", "live").await.expect("tried");
        let checks = check_pathway_draft(&t.desk, &t.role(Role::Auditor), "individual").await.expect("checks");
        let fixes: Vec<&str> =
            checks.iter().filter(|one| one.verdict == Verdict::Fix).map(|one| one.words.as_str()).collect();
        assert_eq!(fixes.len(), 2, "{fixes:?}");
        assert!(fixes[0].contains("goes by post") && fixes[1].contains("no_such_letter"), "{fixes:?}");
        assert!(checks.iter().any(|one| one.words.starts_with("0 accounts skip a step")));
        assert_eq!(ask(&t, "individual", None).await.expect_err("faults").code(), Some("REC-PATHWAY-FAULTS"));
        let back = WithdrawPathwayDraft { key: "back".into(), code: "individual".into() };
        withdraw_pathway_draft(&t.desk, &admin, back).await.expect("taken back");
        assert!(pathway_draft(&t.desk, &admin, "individual").await.expect("reads").is_none());
        let mut gentle = SavePathwayDraft { key: "gentle".into(), ..draft };
        gentle.steps[2].day = 28;
        gentle.steps[3].day = 32;
        save_pathway_draft(&t.desk, &admin, gentle).await.expect("kept");
        simulate(&t, "individual", "live").await.expect("tried");
        let asked = ask(&t, "individual", None).await.expect("asked");
        decide(&t, &asked.approval, false).await.expect("a no");
        let draft = pathway_draft(&t.desk, &admin, "individual").await.expect("reads").expect("given back");
        assert_eq!((draft.state.as_str(), draft.turned_down.as_str()), ("draft", "Too quick for people on pensions"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_03_each_debt_has_the_pathway_of_its_kind_type_and_amount() {
    on_both("2026-05-01", async |t| {
        let kinds = [
            ("C100001", "individual", "trade_waste", "individual"),
            ("C100002", "individual", "Care contribution", "care"),
            ("C100003", "employee", "Salary overpayment", "staff"),
            ("C100004", "company", "Care fees", "business"),
            ("C100005", "nhs_body", "", "nhs"),
            ("C100006", "public_body", "", "public"),
            ("C100007", "individual", "Overseas visitor", "overseas"),
            ("C100008", "individual", "Housing benefit overpayment", "housing_benefit"),
            ("C100009", "company", "Housing benefit overpayment", "housing_benefit"),
            ("C100010", "sole_trader", "Client contribution", "care"),
        ];
        let mut items = Vec::new();
        for (number, kind, debt, _) in kinds {
            let who = customer(&t, number, kind, "").await;
            let item = open(&t, who, "invoice", &format!("INV-{number}"), "2026-04-24", 12_000).await;
            set(&t, item, "debt_type", debt).await;
            items.push(item);
        }
        let by = t.role(Role::CreditController);
        for (item, (number, _, _, code)) in items.iter().zip(kinds) {
            let view = case(&t.desk, &by, *item).await.expect("a case");
            assert_eq!(view.pathway.code, code, "{number}");
        }
        release(&t, "2026-05-01").await.expect("a day");
        assert_eq!(steps(&t, items[0]).await.len(), 1);
        assert_eq!(steps(&t, items[7]).await, [], "the month of appeal");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_03_a_service_and_a_single_invoice_have_a_pathway_of_their_own() {
    on_both("2026-05-11", async |t| {
        let mut halls = draft_of(&t, "individual").await;
        halls.code = "halls".into();
        halls.name = "Hire of halls".into();
        halls.applies.rank = 5;
        halls.applies.services = vec!["Halls".into()];
        halls.steps[1].day = 3;
        put_live(&t, halls, None).await;
        t.go_to("2026-05-12");
        let hirer = customer(&t, "C100001", "individual", "").await;
        let other = customer(&t, "C100002", "individual", "").await;
        let mut items = Vec::new();
        for (who, number) in [(hirer, "INV-1"), (other, "INV-2"), (other, "INV-3")] {
            items.push(open(&t, who, "invoice", number, "2026-05-20", 9_000).await);
        }
        set(&t, items[0], "service", "Halls").await;
        let by = t.role(Role::CreditController);
        let choice = ChoosePathway {
            key: "one".into(),
            customer: other,
            item: Some(items[1]),
            code: "halls".into(),
            reason: "A hall was hired by way of trade waste".into(),
            until_on: None,
        };
        choose_pathway(&t.desk, &by, choice).await.expect("chosen");
        let on = async |item| case(&t.desk, &by, item).await.expect("a case").pathway.code;
        assert_eq!(on(items[0]).await, "halls", "by its service");
        assert_eq!(on(items[1]).await, "halls", "this invoice alone");
        assert_eq!(on(items[2]).await, "individual", "the others of its customer stay");
        release(&t, "2026-05-23").await.expect("a day");
        assert_eq!(steps(&t, items[0]).await, pairs(&[("R1", "2026-05-23")]));
        assert_eq!(steps(&t, items[1]).await, pairs(&[("R1", "2026-05-23")]));
        assert_eq!(steps(&t, items[2]).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_03_a_step_is_asked_only_of_the_debts_it_is_for() {
    on_both("2026-05-11", async |t| {
        let mut draft = draft_of(&t, "individual").await;
        draft.steps[1].when.least = Some(Pence(5_000));
        draft.steps[1].when.without_flags = vec![sundry_domain::customers::FlagKind::ExtraSupport];
        put_live(&t, draft, None).await;
        let large = customer(&t, "C100001", "individual", "").await;
        let small = customer(&t, "C100002", "individual", "").await;
        let flagged = customer(&t, "C100003", "individual", "").await;
        flag(&t, flagged, "extra_support", "2026-05-01", "2027-05-01").await;
        let mut items = Vec::new();
        for (who, number, pence) in [(large, "INV-1", 5_000), (small, "INV-2", 4_999), (flagged, "INV-3", 9_000)] {
            items.push(open(&t, who, "invoice", number, "2026-05-12", pence).await);
        }
        release(&t, "2026-05-19").await.expect("a day");
        release(&t, "2026-06-02").await.expect("a day");
        assert_eq!(steps(&t, items[0]).await, pairs(&[("R1", "2026-05-19"), ("R2", "2026-06-02")]));
        assert_eq!(steps(&t, items[1]).await, pairs(&[("R2", "2026-06-02")]));
        assert_eq!(steps(&t, items[2]).await, pairs(&[("R2", "2026-06-02")]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_07_the_trial_on_the_book_says_who_would_skip_a_step() {
    on_both("2026-05-11", async |t| {
        let admin = t.role(Role::Administrator);
        let who = customer(&t, "C100001", "individual", "").await;
        let begun = open(&t, who, "invoice", "INV-1", "2026-05-04", 12_000).await;
        open(&t, who, "invoice", "INV-2", "2026-06-04", 8_000).await;
        release(&t, "2026-05-11").await.expect("a day");
        let mut draft = draft_of(&t, "individual").await;
        let early = Step { code: "R0-CALL".into(), day: 3, kind: StepKind::Task, ..draft.steps[3].clone() };
        draft.steps.insert(1, early);
        draft.moves_open = true;
        save_pathway_draft(&t.desk, &admin, draft.clone()).await.expect("kept");
        let found = simulate(&t, "individual", "live").await.expect("tried");
        assert_eq!((found.debts, found.on_draft, found.skips), (2, 2, 1), "{found:?}");
        assert_eq!(found.sample.len(), found.changes as usize);
        assert_eq!(found.draft.steps["R0-CALL"].times, 1);
        assert!(!found.live.steps.contains_key("R0-CALL"));
        assert_eq!((found.live.customers, found.draft.customers), (1, 1));
        assert!(found.draft.cost > found.live.cost);
        assert_eq!(ask(&t, "individual", None).await.expect_err("it skips").code(), Some("REC-PATHWAY-FAULTS"));
        let kept = simulation(&t.desk, &admin, "individual", "live").await.expect("reads").expect("kept");
        assert_eq!(kept, found);
        let stay = SavePathwayDraft { key: "stay".into(), changes: 1, moves_open: false, ..draft };
        save_pathway_draft(&t.desk, &admin, stay).await.expect("kept");
        assert!(simulation(&t.desk, &admin, "individual", "live").await.expect("reads").is_none(), "it changed");
        assert_eq!(simulate(&t, "individual", "live").await.expect("tried").skips, 0);
        ask(&t, "individual", None).await.expect("cases that began keep their version");
        assert_eq!(steps(&t, begun).await.len(), 1, "trying changes nothing");
        let no = simulate(&t, "business", "live").await.expect_err("no draft");
        assert!(matches!(no, No::Absent(_)));
        let ask = SimulatePathway { key: "no".into(), code: "individual".into(), kind: "live".into() };
        let no = simulate_pathway(&t.desk, &t.role(Role::CreditController), ask, &|_, _| {}).await;
        assert_eq!(no.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_a_trial_has_its_answer_again_though_its_draft_is_gone() {
    on_both("2026-05-11", async |t| {
        let admin = t.role(Role::Administrator);
        let draft = draft_of(&t, "individual").await;
        save_pathway_draft(&t.desk, &admin, draft).await.expect("kept");
        let ask = |key: &str| SimulatePathway { key: key.into(), code: "individual".into(), kind: "live".into() };
        let first = simulate_pathway(&t.desk, &admin, ask("one"), &|_, _| {}).await.expect("tried");
        let gone = WithdrawPathwayDraft { key: "gone".into(), code: "individual".into() };
        withdraw_pathway_draft(&t.desk, &admin, gone).await.expect("taken back");
        let again = simulate_pathway(&t.desk, &admin, ask("one"), &|_, _| {}).await.expect("the same request");
        assert_eq!(again, first);
        let other = simulate_pathway(&t.desk, &admin, ask("two"), &|_, _| {}).await;
        assert!(matches!(other, Err(No::Absent(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_07_the_check_names_pathways_that_would_take_the_same_accounts() {
    on_both("2026-05-11", async |t| {
        let admin = t.role(Role::Administrator);
        let who = customer(&t, "C100001", "individual", "").await;
        for number in ["INV-1", "INV-2"] {
            open(&t, who, "invoice", number, "2026-06-04", 8_000).await;
        }
        let mut gentle = draft_of(&t, "individual").await;
        gentle.code = "gentle".into();
        gentle.name = "Gentle".into();
        save_pathway_draft(&t.desk, &admin, gentle.clone()).await.expect("kept");
        let found = simulate(&t, "gentle", "live").await.expect("tried");
        assert_eq!(found.clashes.get("individual"), Some(&1), "one account, not two debts: {:?}", found.clashes);
        let checks = check_pathway_draft(&t.desk, &admin, "gentle").await.expect("checks");
        let told = checks.iter().find(|one| one.words.starts_with("2 pathways would take 1 account:"));
        assert_eq!(told.map(|one| one.verdict), Some(Verdict::Look), "{checks:?}");
        gentle.applies.rank = 5;
        let ranked = SavePathwayDraft { key: "ranked".into(), changes: 1, ..gentle.clone() };
        save_pathway_draft(&t.desk, &admin, ranked).await.expect("kept");
        assert!(simulate(&t, "gentle", "live").await.expect("tried").clashes.is_empty(), "a rank decides");
        let mut wrong = SavePathwayDraft { key: "wrong".into(), changes: 2, ..gentle };
        (wrong.applies.when.least, wrong.applies.when.most) = (Some(Pence(900)), Some(Pence(100)));
        wrong.applies.when.most_score = Some(101);
        match save_pathway_draft(&t.desk, &admin, wrong).await {
            Err(No::Invalid(all)) => {
                let fields: Vec<&str> = all.iter().map(|one| one.field.as_str()).collect();
                assert_eq!(fields, ["most", "most_score"]);
            }
            other => panic!("each at its field: {other:?}"),
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_17_last_year_is_replayed_with_its_invoices_and_payments() {
    on_both("2026-05-11", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        let paid = open(&t, who, "invoice", "INV-1", "2025-10-01", 12_000).await;
        let unpaid = open(&t, who, "invoice", "INV-2", "2026-01-05", 6_000).await;
        pay(&t, who, paid, 12_000, "2025-10-20").await;
        let mut draft = draft_of(&t, "individual").await;
        draft.steps[1].day = 2;
        save_pathway_draft(&t.desk, &t.role(Role::Administrator), draft).await.expect("kept");
        let told = AtomicI64::new(0);
        let progress = |done: i64, _: i64| told.store(done, Ordering::Relaxed);
        let ask = SimulatePathway { key: "replay".into(), code: "individual".into(), kind: "replay".into() };
        let found = simulate_pathway(&t.desk, &t.role(Role::Administrator), ask, &progress).await.expect("replayed");
        assert_eq!(told.load(Ordering::Relaxed), 1);
        assert_eq!((found.customers, found.debts, found.open_pence), (1, 2, Pence(18_000)));
        let times = |side: &sundry_domain::recovery::SideTotals, code: &str| side.steps[code].debts;
        assert_eq!((times(&found.live, "R1"), times(&found.live, "R2")), (2, 1), "paid before the second");
        assert_eq!(found.live.cash, Pence(12_000));
        assert_eq!(found.draft.steps["R1"].debts, 2);
        assert_eq!((found.skips, found.changes), (0, 0));
        assert_eq!(steps(&t, unpaid).await, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_17_a_replay_knows_the_flags_and_facts_of_each_day() {
    on_both("2026-05-11", async |t| {
        let frozen = customer(&t, "C100001", "individual", "").await;
        open(&t, frozen, "invoice", "INV-1", "2025-10-01", 12_000).await;
        flag(&t, frozen, "breathing_space", "2025-09-20", "2025-12-01").await;
        let overpaid = customer(&t, "C100002", "individual", "").await;
        let benefit = open(&t, overpaid, "invoice", "INV-2", "2025-07-01", 12_000).await;
        set(&t, benefit, "debt_type", "Housing benefit overpayment").await;
        let notice = RecordDebtFact {
            key: "notice".into(),
            item: benefit,
            fact: "benefit_notice".into(),
            on: Some(d("2026-01-10")),
            method: String::new(),
            evidence: "Decision notice HB/2214".into(),
        };
        record_debt_fact(&t.desk, &t.role(Role::CreditController), notice).await.expect("recorded");
        let mut draft = draft_of(&t, "individual").await;
        draft.steps[1].day = 2;
        save_pathway_draft(&t.desk, &t.role(Role::Administrator), draft).await.expect("kept");
        let found = simulate(&t, "individual", "replay").await.expect("replayed");
        assert_eq!((found.debts, found.from_on), (2, d("2025-05-11")));
        for side in [&found.live, &found.draft] {
            assert!(side.kept_back.keys().any(|code| code.starts_with("BS-03")), "{:?}", side.kept_back);
            assert!(side.kept_back.keys().any(|code| code.starts_with("REC-05")), "{:?}", side.kept_back);
            let first = side.weeks.iter().position(|week| week.letters > 0);
            assert_eq!(first, Some(29), "the first letter is of the day after breathing space");
            assert_eq!(side.steps["R1"].debts, 2, "and the other, after its notice, has one too");
        }
    })
    .await;
}

/// A payment set against a debt, put straight into the store.
async fn pay(t: &TestDesk, who: CustomerId, item: ItemId, pence: i64, on: &str) {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "customer_id",
        "debit_item_id",
        "credit_item_id",
        "amount_pence",
        "allocated_on",
        "made_by",
        "actor_id",
        "reason",
        "confidence_ppm",
        "recorded_at",
    ];
    let id: i64 = t.desk.id();
    let now = t.desk.clock().now();
    let row = args![t.org, id, who, item, 1i64, pence, d(on), "person", 1i64, "In a test", 1_000_000i64, now];
    let mut tx = t.desk.db().begin().await.expect("begins");
    tx.insert("allocation", COLUMNS, vec![row]).await.expect("an allocation");
    sundry_store::ledger::reduce_debit(&mut tx, t.org, item, Pence(pence)).await.expect("reduced");
    tx.commit().await.expect("commits");
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_16_a_score_chooses_the_pathway_and_a_person_may_choose_another_with_a_reason() {
    on_both("2026-05-11", async |t| {
        let mut firm_hand = draft_of(&t, "individual").await;
        firm_hand.code = "late_payers".into();
        firm_hand.name = "People who paid late before".into();
        firm_hand.applies.rank = 5;
        firm_hand.applies.when.most_score = Some(40);
        firm_hand.steps[1].day = 3;
        put_live(&t, firm_hand, None).await;
        t.go_to("2026-05-12");
        let good = customer(&t, "C100001", "individual", "").await;
        let late = customer(&t, "C100002", "individual", "").await;
        let new = customer(&t, "C100003", "individual", "").await;
        for (who, number, on) in [(good, "OLD-1", "2026-03-02"), (late, "OLD-2", "2026-04-20")] {
            let old = open(&t, who, "invoice", number, "2026-03-01", 5_000).await;
            pay(&t, who, old, 5_000, on).await;
        }
        let mut items = Vec::new();
        for (who, number) in [(good, "INV-1"), (late, "INV-2"), (new, "INV-3")] {
            items.push(open(&t, who, "invoice", number, "2026-05-20", 9_000).await);
        }
        let by = t.role(Role::CreditController);
        let on = async |item| case(&t.desk, &by, item).await.expect("a case").pathway.code;
        assert_eq!(on(items[0]).await, "individual");
        assert_eq!(on(items[1]).await, "late_payers");
        assert_eq!(on(items[2]).await, "individual", "no history is not a bad one");
        let choose = |key: &str, code: &str, reason: &str| ChoosePathway {
            key: key.into(),
            customer: late,
            item: Some(items[1]),
            code: code.into(),
            reason: reason.into(),
            until_on: None,
        };
        let no = choose_pathway(&t.desk, &by, choose("a", "individual", " ")).await.expect_err("no reason");
        assert!(matches!(no, No::Invalid(_)));
        let no = choose_pathway(&t.desk, &by, choose("b", "nowhere", "Ill")).await.expect_err("no such pathway");
        assert_eq!(no.code(), Some("REC-PATHWAY-NOT-LIVE"));
        choose_pathway(&t.desk, &by, choose("c", "individual", "Was in hospital then")).await.expect("chosen");
        assert_eq!(on(items[1]).await, "individual");
        let kept = pathway_choices(&t.desk, &by, late).await.expect("choices");
        assert_eq!((kept.len(), kept[0].reason.as_str()), (1, "Was in hospital then"));
        let end = EndPathwayChoice { key: "d".into(), customer: late, item: Some(items[1]) };
        end_pathway_choice(&t.desk, &by, end).await.expect("ended");
        assert_eq!(on(items[1]).await, "late_payers");
        let past = ChoosePathway { until_on: Some(d("2026-05-12")), ..choose("e", "individual", "Ill") };
        assert!(matches!(choose_pathway(&t.desk, &by, past).await, Err(No::Invalid(_))), "today is too soon");
        let month = ChoosePathway { until_on: Some(d("2026-06-12")), ..choose("f", "individual", "Ill for a month") };
        choose_pathway(&t.desk, &by, month).await.expect("chosen");
        assert_eq!(on(items[1]).await, "individual");
        let listed = standing_choices(&t.desk, &by).await.expect("a list");
        assert_eq!((listed[0].item_number.as_str(), listed[0].reason.as_str()), ("INV-2", "Ill for a month"));
        t.go_to("2026-06-13");
        assert_eq!(on(items[1]).await, "late_payers", "the month is over");
        assert!(standing_choices(&t.desk, &by).await.expect("a list").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_17_two_pathways_are_compared_on_a_random_split() {
    on_both("2026-05-11", async |t| {
        let admin = t.role(Role::Administrator);
        let mut quick = draft_of(&t, "individual").await;
        quick.code = "quick".into();
        quick.name = "A reminder after three days".into();
        quick.applies.rank = -1;
        quick.steps[1].day = 3;
        put_live(&t, quick, None).await;
        t.go_to("2026-05-12");
        let trial = |key: &str, share: i64| StartTrial {
            key: key.into(),
            champion: "individual".into(),
            challenger: "quick".into(),
            share_percent: share,
            from_on: d("2026-05-13"),
            until_on: d("2026-08-31"),
            reason: "Does an early reminder bring money sooner?".into(),
        };
        let no = start_trial(&t.desk, &admin, trial("a", 0)).await.expect_err("no share");
        assert!(matches!(no, No::Invalid(_)));
        let asked = start_trial(&t.desk, &admin, trial("b", 50)).await.expect("is asked for").approval;
        assert!(trials(&t.desk, &admin).await.expect("trials").is_empty(), "nothing begins without a yes");
        let hash = approval(&t.desk, &t.role(Role::Approver), &asked).await.expect("an approval").content_hash;
        let own = DecideApproval {
            key: "own".into(),
            number: asked.clone(),
            approve: true,
            reason: String::new(),
            content_hash: hash,
        };
        decide_approval(&t.desk, &admin, own).await.expect_err("nobody approves what they asked for");
        let number = decide(&t, &asked, true).await.expect("approved").made.expect("a trial");
        let no = start_trial(&t.desk, &admin, trial("c", 50)).await.expect_err("one runs");
        assert_eq!(no.code(), Some("DUN-17-TRIAL"));
        let mut items = Vec::new();
        for n in 0..40 {
            let who = customer(&t, &format!("C2{n:05}"), "individual", "").await;
            items.push(open(&t, who, "invoice", &format!("INV-{n}"), "2026-05-13", 9_000).await);
        }
        release(&t, "2026-05-16").await.expect("a day");
        let mut early = 0;
        for item in &items {
            early += steps(&t, *item).await.len();
        }
        assert!((8..=32).contains(&early), "{early} of 40 on the quick side");
        release(&t, "2026-05-20").await.expect("a day");
        let shown = trials(&t.desk, &admin).await.expect("trials").remove(0);
        assert_eq!(shown.challenger.debts, early as i64);
        assert_eq!(shown.champion.debts + shown.challenger.debts, 40);
        assert_eq!((shown.champion.left_out, shown.challenger.collected_pence), (0, Pence::ZERO));
        assert_eq!(shown.challenger.letters, early as i64, "one letter each so far");
        assert_eq!(shown.challenger.cost_pence, Pence(95 * early as i64));
        assert_eq!((shown.challenger.paid_customers, shown.challenger.complaints), (0, 0));
        let one = trial_of(&t.desk, &admin, &number).await.expect("a trial");
        assert_ne!(one.trial.asked_by_name, one.trial.approved_by_name);
        assert!(!one.trial.approved_by_name.is_empty());
        assert_eq!((one.champion, one.challenger), (shown.champion, shown.challenger));
        assert!(one.says.starts_with("Too few customers to tell"), "{}", one.says);
        assert!(matches!(trial_of(&t.desk, &admin, "TRY-9999").await, Err(No::Absent(_))));
        end_trial(&t.desk, &admin, EndTrial { key: "end".into(), number }).await.expect("ends");
        release(&t, "2026-05-21").await.expect("what began goes on where it is");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_17_a_yes_to_a_trial_is_held_against_what_holds_by_then() {
    on_both("2026-05-11", async |t| {
        let admin = t.role(Role::Administrator);
        let mut quick = draft_of(&t, "individual").await;
        quick.code = "quick".into();
        quick.name = "A reminder after three days".into();
        quick.applies.rank = -1;
        quick.steps[1].day = 3;
        put_live(&t, quick, None).await;
        t.go_to("2026-05-12");
        let trial = |key: &str, from: &str| StartTrial {
            key: key.into(),
            champion: "individual".into(),
            challenger: "quick".into(),
            share_percent: 50,
            from_on: d(from),
            until_on: d("2026-08-31"),
            reason: "Does an early reminder bring money sooner?".into(),
        };
        let clerk = t.role(Role::CreditController);
        assert!(start_trial(&t.desk, &clerk, trial("a", "2026-05-13")).await.is_err(), "not everybody asks");
        let late = start_trial(&t.desk, &admin, trial("b", "2026-05-13")).await.expect("asked").approval;
        let first = start_trial(&t.desk, &admin, trial("c", "2026-05-20")).await.expect("asked").approval;
        let second = start_trial(&t.desk, &admin, trial("d", "2026-05-20")).await.expect("asked").approval;
        let down = start_trial(&t.desk, &admin, trial("e", "2026-05-20")).await.expect("asked").approval;
        decide(&t, &down, false).await.expect("turned down");
        t.go_to("2026-05-13");
        let no = decide(&t, &late, true).await.expect_err("its first day has come");
        assert_eq!(no.code(), Some("DUN-17-LATE"));
        decide(&t, &first, true).await.expect("begins");
        let no = decide(&t, &second, true).await.expect_err("one runs by now");
        assert_eq!(no.code(), Some("DUN-17-TRIAL"));
        let all = trials(&t.desk, &admin).await.expect("trials");
        assert_eq!((all.len(), all[0].trial.from_on), (1, d("2026-05-20")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_05_three_days_without_a_scheduler_lose_and_double_nothing() {
    on_both("2026-05-11", async |t| {
        let mut items = Vec::new();
        for (n, due) in ["2026-05-04", "2026-05-05", "2026-05-06", "2026-05-07"].iter().enumerate() {
            let who = customer(&t, &format!("C10000{n}"), "individual", "").await;
            items.push(open(&t, who, "invoice", &format!("INV-{n}"), due, 12_000).await);
        }
        release(&t, "2026-05-11").await.expect("a day");
        // Down on the 12th, 13th and 14th.
        let back = release(&t, "2026-05-15").await.expect("up again");
        assert_eq!(back.totals.letters["reminder"].count, 3);
        let days = ["2026-05-11", "2026-05-15", "2026-05-15", "2026-05-15"];
        for (item, day) in items.iter().zip(days) {
            assert_eq!(steps(&t, *item).await, pairs(&[("R1", day)]));
        }
        assert_eq!(release(&t, "2026-05-15").await.expect("again").totals, back.totals);
        release(&t, "2026-05-16").await.expect("a day");
        for item in &items {
            assert_eq!(steps(&t, *item).await.len(), 1, "no second letter within a week");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hard_day_a_pathway_changed_in_the_middle_of_a_run_changes_none_of_it() {
    on_both("2026-05-11", async |t| {
        let mut items = Vec::new();
        for n in 0..450 {
            let who = customer(&t, &format!("C3{n:05}"), "individual", "").await;
            items.push(open(&t, who, "invoice", &format!("INV-{n}"), "2026-05-04", 9_000).await);
        }
        let mut draft = draft_of(&t, "individual").await;
        draft.steps[1].day = 20;
        draft.steps[2].day = 34;
        draft.steps[3].day = 40;
        for (at, day) in [(4, 48), (5, 49), (6, 60), (7, 91)] {
            draft.steps[at].day = day;
        }
        draft.moves_open = true;
        // The run dies after some of its customers; meanwhile the new version is approved.
        let (desk, by) = (t.desk.clone(), t.role(Role::TeamLeader));
        let killed = tokio::spawn(async move {
            let told = AtomicI64::new(0);
            let ask = ReleaseDay { key: "release 2026-05-11".into(), date: d("2026-05-11") };
            let die = |_: i64, _: i64| assert!(told.fetch_add(1, Ordering::Relaxed) + 1 < 4, "killed");
            release_day(&desk, &by, ask, &die).await
        });
        assert!(killed.await.is_err(), "the worker died");
        let asked = put_live(&t, draft, None).await;
        assert_eq!(asked.live_from, d("2026-05-12"), "after the run that is under way");
        let done = release(&t, "2026-05-11").await.expect("it goes on");
        assert_eq!(done.totals.letters["reminder"].count, 450);
        let by = t.role(Role::CreditController);
        for item in [items[0], items[449]] {
            let view = case(&t.desk, &by, item).await.expect("a case");
            assert_eq!((view.steps.len(), view.steps[0].pathway_version), (1, 1), "one run, one version");
        }
        let tomorrow = preview_day(&t.desk, &by, d("2026-05-25")).await.expect("a preview");
        assert!(tomorrow.letters.is_empty(), "by the new version the second comes on day 34");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hard_day_two_workers_and_a_clock_that_goes_back_an_hour_write_one_letter_each() {
    on_both("2026-10-25", async |t| {
        for n in 0..60 {
            let who = customer(&t, &format!("C4{n:05}"), "individual", "").await;
            open(&t, who, "invoice", &format!("INV-{n}"), "2026-10-18", 9_000).await;
        }
        // In the night of 25 October the hour from one to two comes twice: two schedulers ask, an hour apart.
        let start = |key: &'static str| {
            let (desk, by) = (t.desk.clone(), t.role(Role::TeamLeader));
            tokio::spawn(async move {
                release_day(&desk, &by, ReleaseDay { key: key.into(), date: d("2026-10-25") }, &|_, _| {}).await
            })
        };
        let both = [start("01:30 BST"), start("01:30 GMT")];
        let mut totals = Vec::new();
        for one in both {
            totals.push(one.await.expect("runs").expect("answers").totals);
        }
        assert_eq!(totals[0], totals[1]);
        assert_eq!(totals[0].letters["reminder"].count, 60);
        let by = t.role(Role::CreditController);
        let written = sundry_desk::delivery::letters_since(&t.desk, &by, d("2026-10-25")).await.expect("letters");
        assert_eq!(written.len(), 60);
        let yesterday = release(&t, "2026-10-24").await.expect_err("a day does not come twice");
        assert_eq!(yesterday.code(), Some("REC-RUN-ORDER"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hard_day_a_bank_holiday_added_the_day_before_moves_the_statements_and_no_step() {
    on_both("2026-05-31", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        let item = open(&t, who, "invoice", "INV-1", "2026-05-25", 12_000).await;
        release(&t, "2026-05-31").await.expect("a day");
        // A day of mourning is proclaimed for the morrow, which was to be the first working day of June.
        let holiday = sundry_domain::reference::ReferenceRow {
            kind: "bank_holiday".into(),
            key: "england-and-wales".into(),
            from_on: d("2026-06-01"),
            to_on: Some(d("2026-06-01")),
            value: 1,
            note: "Day of mourning".into(),
            source: "Proclamation".into(),
            entered_by: "Ann".into(),
            approved_by: "Ben".into(),
        };
        let mut tx = t.desk.db().begin().await.expect("begins");
        let now = t.desk.clock().now();
        sundry_store::control::add_reference_rows(&mut tx, &[holiday], now).await.expect("a row");
        tx.commit().await.expect("commits");
        t.desk.load_book().await.expect("the calendar is read again");
        let monday = release(&t, "2026-06-01").await.expect("a run on a holiday");
        assert_eq!(monday.totals.steps.get("STATEMENT"), None, "{:?}", monday.totals);
        assert_eq!(steps(&t, item).await, pairs(&[("R1", "2026-06-01")]), "policy counts days, not working days");
        let tuesday = release(&t, "2026-06-02").await.expect("a day");
        assert_eq!(tuesday.totals.steps.get("STATEMENT"), Some(&1), "{:?}", tuesday.totals);
        let wednesday = release(&t, "2026-06-03").await.expect("a day");
        assert_eq!(wednesday.totals.steps.get("STATEMENT"), None, "once a month");
    })
    .await;
}
