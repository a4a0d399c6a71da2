//! P10 in recovery: what is killed before and just after it is kept, and asked again with its key, is done once.
use crate::bin::{Place, on_both};
use crate::kill::{letters, start};
use chrono::NaiveDate;
use std::fmt::Write;
use std::process::Child;
use std::time::Duration;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::close::allowance::{RequestAllowanceRun, allowance_preview, request_allowance_run};
use sundry_desk::control::security_code::{begin_security_code, code_of_test_person, confirm_security_code};
use sundry_desk::court::{
    DecideReferral, Defendant, PrepareClaim, ReferToCourt, SignClaim, decide_referral, prepare_claim, refer_to_court,
    sign_claim,
};
use sundry_desk::delivery::{PutCourtForm, demonstration_form, put_court_form};
use sundry_desk::recovery::{ReleaseDay, release_day};
use sundry_desk::setup::settings::{ChangeSettings, change_settings};
use sundry_desk::writeoff::{
    AddDebtEvidence, ProposeWriteOffs, RequestSmallBalances, SmallBalancesAsk, add_debt_evidence,
    preview_small_balances, propose_write_offs, request_small_balances,
};
use sundry_desk::{Actor, Desk};
use sundry_domain::delivery::court_forms::CourtForm;
use sundry_domain::ids::{OrgId, UserId};
use sundry_domain::money::Pence;
use sundry_store::{Db, Engine, args, control};

/// The trail of a home, read from outside while a command runs.
struct Trail {
    runtime: tokio::runtime::Runtime,
    db: Db,
    org: OrgId,
}

impl Trail {
    fn of(place: &Place) -> Trail {
        let url = match &place.database {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", place.home.join("sundry.sqlite").display()),
        };
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let (db, org) = runtime.block_on(async {
            let db = Db::open(&url).await.expect("the home's database opens");
            let mut look = db.read().await.expect("reads");
            let org = OrgId(control::organisations(&mut look).await.expect("organisations")[0].id);
            drop(look);
            (db, org)
        });
        Trail { runtime, db, org }
    }

    /// How many events it has.
    fn length(&self) -> i64 {
        self.runtime.block_on(async {
            let mut look = self.db.read().await.expect("reads");
            control::audit_head(&mut look, self.org).await.expect("reads").map_or(0, |(seq, _)| seq)
        })
    }

    /// How often it tells of something.
    fn told(&self, event: &str) -> i64 {
        self.runtime.block_on(async {
            let mut look = self.db.read().await.expect("reads");
            let sql = "select cast(count(*) as bigint) from audit where org_id = $1 and event = $2";
            let (count,): (i64,) = look.one(sql, args![self.org, event]).await.expect("reads");
            count
        })
    }

    fn close(self) {
        self.runtime.block_on(self.db.close());
    }
}

/// Kills what still runs; says whether it did.
fn killed(mut child: Child) -> bool {
    let running = child.try_wait().expect("the child can be asked").is_none();
    if running {
        child.kill().expect("SIGKILL is sent");
    }
    child.wait().expect("it ends");
    running
}

/// Kills a command twice early on, and twice as soon as the trail tells of anything it did, before its answer is out;
/// then lets it come to its end, and asks it once more. Gives its answer.
fn killed_and_resumed(place: &Place, arguments: &[&str]) -> serde_json::Value {
    let mut kills = 0;
    for moment in [30, 120] {
        let child = start(place, arguments);
        std::thread::sleep(Duration::from_millis(moment));
        kills += u32::from(killed(child));
    }
    let trail = Trail::of(place);
    for _ in 0..2 {
        let before = trail.length();
        let mut child = start(place, arguments);
        while trail.length() == before && child.try_wait().expect("the child can be asked").is_none() {}
        kills += u32::from(killed(child));
    }
    assert!(kills > 0, "it was never caught: {arguments:?}");
    let answer = place.run(arguments).code(0).json();
    let length = trail.length();
    assert_eq!(place.run(arguments).code(0).json(), answer, "the same key has the same answer");
    assert_eq!(trail.length(), length, "nothing is done twice: {arguments:?}");
    trail.close();
    answer
}

/// Undisturbed in one home, killed and resumed in the other: the answers are the same, and the event is told as often.
fn same(homes: &[Place; 2], arguments: &[&str], event: &str) -> serde_json::Value {
    let [quiet, troubled] = homes;
    let as_it_should = quiet.run(arguments).code(0).json();
    let as_it_is = killed_and_resumed(troubled, arguments);
    assert_eq!(as_it_should, as_it_is, "{arguments:?}");
    for place in homes {
        let trail = Trail::of(place);
        assert_eq!(trail.told(event), 1, "{event}");
        trail.close();
    }
    as_it_is
}

fn both_prove(homes: &[Place; 2]) {
    for place in homes {
        place.run(&["verify"]).code(0);
    }
    let items = |place: &Place| place.run(&["export", "items", "--format", "csv"]).code(0).out;
    assert_eq!(items(&homes[0]), items(&homes[1]));
}

/// Does something at a home's own desk: as the operator, and as somebody else.
fn at_desk<T>(place: &Place, day: &str, work: impl AsyncFnOnce(&Desk, &Actor, &Actor) -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let home = sundry::home::Home::at(&place.home, place.database.clone());
        let desk = home.open(day.parse().ok()).await.expect("the home opens");
        let org = sundry::home::organisation(&desk, None).await.expect("one organisation");
        let me = sundry::home::operator(&org);
        let other = Actor { user: UserId(77), name: "Second person".into(), ..me.clone() };
        let done = Box::pin(work(&desk, &me, &other)).await;
        desk.db().close().await;
        done
    })
}

/// The letters that tell people apart.
fn initials(i: usize) -> String {
    [b'A' + (i / 26 % 26) as u8, b'a' + (i % 26) as u8].map(char::from).into_iter().collect()
}

/// Two equal homes of people who owe since 1 April, one debt each; the first `small` of them four pounds and some pence.
fn owing(engine: Engine, people: usize, small: usize) -> [Place; 2] {
    let mut customers =
        String::from("customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n");
    let mut invoices = String::from("invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross\n");
    for i in 0..people {
        let number = 100_001 + i;
        let _ = writeln!(customers, "C{number},Mary H{},person,{i} Mill Lane,Morpeth,NE61 1AA,,30,,", initials(i));
        let pounds = if i < small { 4 } else { 600 };
        let sum = format!("{pounds}.{:02}", i % 100);
        let _ = writeln!(invoices, "OLD{i:05},C{number},2026-03-02,2026-04-01,,{sum},0.00,{sum}");
    }
    [(); 2].map(|()| {
        let place = Place::test(engine);
        place.file("customers.csv", &customers);
        place.file("invoices.csv", &invoices);
        place.run(&["--today", "2026-04-07", "import", "customers", "customers.csv", "--json"]).code(0);
        place.run(&["--today", "2026-04-07", "import", "invoices", "invoices.csv", "--json"]).code(0);
        place
    })
}

/// The protocol's own forms: a home that was opened as a live one has none until somebody supplies them.
async fn supply_forms(desk: &Desk, me: &Actor) {
    for form in CourtForm::ALL {
        let ask = PutCourtForm {
            key: form.as_str().into(),
            form: form.as_str().into(),
            language: "en".into(),
            large: false,
            from_on: Some(desk.today()),
            name: format!("{}.pdf", form.as_str()),
            source: "The protocol of 1 October 2017".into(),
        };
        put_court_form(desk, me, ask, demonstration_form(form.name())).await.expect("supplied");
    }
}

/// The same, to whom every letter up to the letter of claim of 13 May was written.
fn chased(engine: Engine, people: usize) -> [Place; 2] {
    let homes = owing(engine, people, 0);
    for place in &homes {
        at_desk(place, "2026-04-08", async |desk, me, _| {
            supply_forms(desk, me).await;
            for day in ["2026-04-08", "2026-04-22", "2026-04-29", "2026-05-06", "2026-05-07", "2026-05-13"] {
                let date = day.parse::<NaiveDate>().expect("a date");
                desk.set_today(date).expect("a test's day is set");
                release_day(desk, me, ReleaseDay { key: day.into(), date }, &|_, _| {}).await.expect("released");
            }
            let mut tx = desk.db().begin().await.expect("begins");
            let posted = "update letter set state = 'printed' where org_id = $1 and kind = 'letter_of_claim'";
            tx.run(posted, args![me.org]).await.expect("the letters of claim have left");
            tx.commit().await.expect("commits");
        });
    }
    homes
}

#[test]
fn p10_statements_and_the_trial_of_a_pathway_are_killed_and_done_once() {
    const SEND: &[&str] = &["--today", "2026-06-15", "--key", "june", "run", "statements", "--release", "--json"];
    const TRY: &[&str] = &["--today", "2026-06-15", "--key", "trial", "pathway", "try", "individual", "--json"];
    const REPLAY: &[&str] =
        &["--today", "2026-06-15", "--key", "year", "pathway", "try", "individual", "--replay", "--json"];
    on_both(|engine| {
        let homes = owing(engine, 300, 0);
        for place in &homes {
            let words = place.run(&["pathway", "words", "individual"]).code(0).out;
            place.file("draft.json", words);
            place.run(&["--today", "2026-06-15", "pathway", "draft", "individual", "draft.json", "--json"]).code(0);
        }
        // Of the trials, all that does not name a row by its id.
        for ask in [TRY, REPLAY] {
            let [quiet, troubled] = &homes;
            let found = [quiet.run(ask).code(0).json(), killed_and_resumed(troubled, ask)];
            for part in ["customers", "debts", "open_pence", "on_draft", "live", "draft", "skips", "changes"] {
                assert!(found[0].get(part).is_some(), "{part}");
                assert_eq!(found[0][part], found[1][part], "{part}");
            }
        }
        let trail = Trail::of(&homes[1]);
        assert_eq!(trail.told("PathwaySimulated"), 2, "each trial is kept once");
        trail.close();

        let [quiet, troubled] = &homes;
        let sent = quiet.run(SEND).code(0).json();
        assert!(sent["count"].as_i64().is_some_and(|count| count > 200), "more than one piece of work: {sent}");
        killed_and_resumed(troubled, SEND);
        assert_eq!(letters(quiet), letters(troubled));
        both_prove(&homes);
    });
}

const AGENCY: &str = r#"{"code":"MERC","version":0,"name":"Mercia Collections Ltd","first_bp":1200,"second_bp":2000,
"vat_bp":2000,"settlement":"net","least":5000,"agreement":"DSA 2026/14","agreement_from":"2026-01-01","active":true}"#;

#[test]
fn p10_leg_01_a_placement_and_a_days_recall_are_killed_and_each_is_told_once() {
    const PEOPLE: usize = 60;
    on_both(|engine| {
        let homes = chased(engine, PEOPLE);
        let numbers: Vec<String> = (0..PEOPLE).map(|i| format!("C{}", 100_001 + i)).collect();
        let mut place_all = vec!["--today", "2026-07-01", "--key", "place", "agency", "place", "MERC"];
        place_all.extend(numbers.iter().map(String::as_str));
        place_all.push("--json");
        for place in &homes {
            place.file("agency.json", AGENCY);
            place.run(&["--today", "2026-07-01", "agency", "set", "agency.json", "--json"]).code(0);
        }
        let placed = same(&homes, &place_all, "DebtsPlaced");
        assert_eq!(placed["placements"].as_array().map(Vec::len), Some(PEOPLE), "{placed}");
        let number = placed["file"].as_str().expect("a number").to_owned();
        let files = homes.each_ref().map(|place| {
            place.run(&["agency", "file", &number, "--out", "placed.csv"]).code(0);
            place.read("placed.csv")
        });
        assert_eq!(files[0], files[1], "the same bytes for the agency");

        let mut answers = String::from("account_number,agency_ref,status,reason\n");
        for number in &numbers {
            let _ = writeln!(answers, "{number}-1,A{number},ACCEPTED,");
        }
        for place in &homes {
            place.file("answers.csv", &answers);
            place.run(&["--today", "2026-07-02", "agency", "answers", "MERC", "answers.csv", "--json"]).code(0);
            at_desk(place, "2026-07-02", async |desk, me, _| {
                for (i, number) in numbers.iter().enumerate().take(20) {
                    // The first ten pay a part; the next ten pay all, and are called back.
                    let pence = if i < 10 { 10_000 } else { 60_000 + i as i64 };
                    let ask = RecordReceipt {
                        key: format!("paid {i}"),
                        method: "cash".into(),
                        customer: number.clone(),
                        amount: Pence(pence),
                        received_on: desk.today(),
                        payer_name: String::new(),
                        words: "till".into(),
                        lines: vec![AllocationLine { item: format!("OLD{i:05}"), amount: Pence(pence) }],
                    };
                    record_receipt(desk, me, ask).await.expect("records");
                }
            });
        }
        let told =
            same(&homes, &["--today", "2026-07-02", "--key", "tell", "agency", "tell", "--json"], "AgenciesTended");
        assert_eq!((&told["payments"], &told["recalls"]), (&20.into(), &10.into()), "{told}");
        both_prove(&homes);
    });
}

/// The number of what waits for the operator's yes, the same in both homes.
fn asked(homes: &[Place; 2], ask: impl AsyncFn(&Desk, &Actor) -> String) -> String {
    let [one, other] =
        homes.each_ref().map(|place| at_desk(place, "2026-11-20", async |desk, _, him| ask(desk, him).await));
    assert_eq!(one, other);
    one
}

fn approve<'a>(key: &'a str, number: &'a str) -> Vec<&'a str> {
    vec!["--today", "2026-11-20", "--key", key, "approvals", "decide", number, "--approve", "--json"]
}

#[test]
fn p10_wof_03_wof_06_small_balances_and_the_allowance_are_killed_and_posted_once() {
    on_both(|engine| {
        let homes = owing(engine, 60, 40);
        let number = asked(&homes, async |desk, him| {
            let seen = preview_small_balances(desk, him, SmallBalancesAsk::default()).await.expect("previews");
            assert_eq!(seen.count, 40, "{:?}", seen.left_out);
            let (maximum, total) = (Pence(seen.maximum_pence), Pence(seen.total_pence));
            let ask = RequestSmallBalances { key: "small".into(), maximum, count: seen.count, total };
            request_small_balances(desk, him, ask).await.expect("asks").approval
        });
        same(&homes, &approve("small yes", &number), "SmallBalancesWrittenOff");

        let number = asked(&homes, async |desk, him| {
            let charge = allowance_preview(desk, him, None).await.expect("previews").movement.charge;
            assert!(charge > Pence::ZERO);
            let ask = RequestAllowanceRun { key: "allow".into(), as_at: desk.today(), charge };
            request_allowance_run(desk, him, ask).await.expect("asks").approval
        });
        same(&homes, &approve("allow yes", &number), "AllowanceChanged");
        for place in &homes {
            let after = place.run(&["--today", "2026-11-20", "allowance", "show", "--json"]).code(0).json();
            assert_eq!(after["movement"]["charge"], 0, "{after}");
        }
        both_prove(&homes);
    });
}

#[test]
fn p10_wof_02_a_schedule_of_write_offs_is_killed_and_posted_once() {
    const DEBTS: usize = 8;
    on_both(|engine| {
        let homes = owing(engine, DEBTS, 0);
        let debts: Vec<String> = (0..DEBTS).map(|i| format!("OLD{i:05}")).collect();
        let total = format!("{}.{:02}", 600 * DEBTS, (0..DEBTS).sum::<usize>());
        let codes = homes.each_ref().map(|place| {
            at_desk(place, "2026-11-20", async |desk, me, him| {
                for debt in &debts {
                    for kind in ["letters", "trace_proof", "service_answer"] {
                        let (key, kind) = (format!("{debt} {kind}"), kind.to_owned());
                        let words = "On the papers".to_owned();
                        let ask = AddDebtEvidence { key, debt: debt.clone(), kind, words, on: None };
                        add_debt_evidence(desk, him, ask, None).await.expect("on file");
                    }
                }
                let ask = ProposeWriteOffs {
                    key: "propose".into(),
                    debts: debts.clone(),
                    amount: None,
                    reason: "untraceable".into(),
                    words: "Letters came back, two searches".into(),
                };
                propose_write_offs(desk, him, ask).await.expect("proposes");
                begin_security_code(desk, me, "begin", "").await.expect("begins");
                let first = code_of_test_person(desk, me).await.expect("a code");
                confirm_security_code(desk, me, "confirm", &first).await.expect("confirms");
                code_of_test_person(desk, me).await.expect("a code")
            })
        });
        let mut decide = vec!["--today", "2026-11-20", "--key", "decide", "write-off", "decide", "WO-2026-11"];
        decide.extend(debts.iter().flat_map(|debt| ["--approve", debt.as_str()]));
        decide.extend(["--total", total.as_str(), "--json", "--code"]);
        let [quiet, troubled] = &homes;
        let as_it_should = quiet.run(&[decide.as_slice(), &[codes[0].as_str()]].concat()).code(0).json();
        let as_it_is = killed_and_resumed(troubled, &[decide.as_slice(), &[codes[1].as_str()]].concat());
        assert_eq!(as_it_should, as_it_is);
        assert_eq!(as_it_is["write_offs"].as_array().map(Vec::len), Some(DEBTS), "{as_it_is}");
        let trail = Trail::of(troubled);
        assert_eq!((trail.told("ScheduleDecided"), trail.told("DebtWrittenOff")), (1, DEBTS as i64));
        trail.close();
        both_prove(&homes);
    });
}

/// Three signed claims, prepared by the operator and signed by somebody else.
async fn claims_signed(desk: &Desk, me: &Actor, other: &Actor) {
    let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
    let changes = [("limits.sdt_customer_id".to_owned(), "10009999".to_owned())].into();
    change_settings(desk, me, ChangeSettings { key: "sdt".into(), changes }).await.expect("changes");
    for i in 1..=3 {
        let ask = ReferToCourt {
            key: format!("refer {i}"),
            customer: format!("C10000{i}"),
            debts: Vec::new(),
            why: "Three reminders, no answer, in work".into(),
            means: "Works at the mill".into(),
            assets: String::new(),
        };
        let case = refer_to_court(desk, me, ask).await.expect("referred").number;
        let ask = DecideReferral { key: format!("yes {i}"), case, accept: true, words: String::new() };
        decide_referral(desk, other, ask).await.expect("accepted");
    }
    desk.set_today(day("2026-06-15")).expect("a test's day is set");
    for i in 1..=3 {
        let case = format!("CRT-00000{i}");
        let ask = PrepareClaim {
            key: format!("prepare {i}"),
            case: case.clone(),
            issue_on: Some(day("2026-06-15")),
            status: "individual".into(),
            defendants: vec![Defendant {
                name: format!("Mary H{}", initials(i - 1)),
                lines: vec![format!("{} Mill Lane", i - 1), "Morpeth".into()],
                postcode: "NE61 1AA".into(),
                ..Defendant::default()
            }],
            basis: "a contract for trade waste of 2 March 2026".into(),
            ..PrepareClaim::default()
        };
        prepare_claim(desk, me, ask).await.expect("prepared");
        let ask = SignClaim { key: format!("sign {i}"), case, i_believe: true, version: None };
        sign_claim(desk, other, ask).await.expect("signed");
    }
}

#[test]
fn p10_leg_03_the_file_for_the_court_is_killed_and_takes_each_claim_once() {
    on_both(|engine| {
        let homes = chased(engine, 3);
        for place in &homes {
            at_desk(place, "2026-05-20", async |desk, me, other| claims_signed(desk, me, other).await);
        }
        let cases = ["CRT-000001", "CRT-000002", "CRT-000003"];
        let ask = ["--today", "2026-06-15", "--key", "file", "court", "export"];
        let filed = same(&homes, &[ask.as_slice(), &cases, &["--json"]].concat(), "ClaimsExported");
        assert_eq!(filed["cases"], serde_json::json!(cases), "{filed}");
        let number = filed["file"].as_str().expect("a number").to_owned();
        let files = homes.each_ref().map(|place| {
            place.run(&["court", "file", &number, "--out", "claims"]).code(0);
            place.read("claims")
        });
        assert_eq!(files[0], files[1], "the same bytes for the court");
        both_prove(&homes);
    });
}
