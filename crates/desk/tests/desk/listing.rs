//! A funder's own listing against our ledger: columns once, every difference explained, totals that prove.
use super::ledger::{customers, day, owe, pay};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::reports::listing::{
    BringListing, ListingFilter, ListingReconciled, NameColumns, ReconcileListing, SignListing, bring_listing, listing,
    listing_head, listing_lines, listings, name_columns, reconcile_listing, sign_listing,
};
use sundry_desk::{Actor, No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::money::Pence;
use sundry_store::listing::LineRow;

const OCTOBER: &str = "Northmere ICB,,,\nInvoice No,Doc Date,Gross Amount,Status\nINV-000101,01/10/2026,500.00,\nINV-000102,01/10/2026,119.99,\nINV-000103,01/10/2026,80.00,Paid\nINV-000104,01/10/2026,75.00,\nX-77,05/10/2026,12.34,\nINV-000105,01/10/2026,60.00,In dispute\nTotal,,847.33,\n";
const NOVEMBER: &str = "Northmere ICB,,,\nInvoice No,Doc Date,Gross Amount,Status\nINV-000101,01/10/2026,500.00,\nINV-000102,01/10/2026,119.99,\nX-78,05/11/2026,1.00,\nINV-000105,01/10/2026,55.00,In dispute\n";

/// Six bills of October, one of them paid in part and one in full; one of another customer.
async fn a_ledger(t: &TestDesk) {
    let ids = customers(t, 2).await;
    let bills = [("101", 50_000), ("102", 12_000), ("103", 8_000), ("104", 7_500), ("105", 6_000), ("106", 4_000)];
    for (number, pence) in bills {
        owe(&t.desk, t.org, &format!("INV-000{number}"), ids["C1"], day("2026-10-01"), pence).await.expect("owes");
    }
    owe(&t.desk, t.org, "INV-000900", ids["C2"], day("2026-10-01"), 99_900).await.expect("owes");
    t.go_to("2026-10-20");
    pay(t, "p", "C1", 7_500, Some(("INV-000104", 7_500))).await;
    t.go_to("2026-11-10");
    pay(t, "q", "C1", 50_000, Some(("INV-000101", 50_000))).await;
}

fn bring(key: &str, as_at: &str, text: &str) -> BringListing {
    BringListing {
        key: key.into(),
        funder: "Northmere ICB".into(),
        as_at: day(as_at),
        basis: "open".into(),
        from_on: None,
        customers: vec!["C1".into()],
        whole_ledger: false,
        file_name: "icb.csv".into(),
        bytes: text.into(),
        our_file_name: String::new(),
        our_bytes: None,
    }
}

async fn named(t: &TestDesk, by: &Actor, number: &str) -> Outcome<()> {
    let head = listing_head(&t.desk, by, number).await?;
    let our_layout = head.ours.map(|head| head.layout);
    let ask = NameColumns {
        key: format!("columns {number}"),
        number: number.into(),
        layout: head.theirs.layout,
        our_layout,
        rules: None,
    };
    name_columns(&t.desk, by, ask).await.map(drop)
}

async fn run(t: &TestDesk, by: &Actor, key: &str, number: &str) -> Outcome<ListingReconciled> {
    reconcile_listing(&t.desk, by, ReconcileListing { key: key.into(), number: number.into() }, &|_, _| ()).await
}

async fn lines(t: &TestDesk, number: &str, class: &str, change: &str) -> Vec<LineRow> {
    let ask = ListingFilter { class: class.into(), change: change.into(), ..ListingFilter::default() };
    listing_lines(&t.desk, &t.role(Role::Auditor), number, &ask).await.expect("lines").lines
}

fn told(lines: &[LineRow]) -> Vec<(&str, &str, i64)> {
    let name = |line: &'_ LineRow| -> i64 { line.difference_pence };
    lines
        .iter()
        .map(|line| {
            let which =
                if line.our_number.is_empty() { line.their_reference.as_str() } else { line.our_number.as_str() };
            (line.class.as_str(), which, name(line))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_a_funders_listing_is_reconciled_to_the_penny_as_at_a_past_day() {
    on_both("2026-10-01", async |t| {
        a_ledger(&t).await;
        let cashier = t.role(Role::Cashier);
        let brought = bring_listing(&t.desk, &cashier, bring("b", "2026-10-31", OCTOBER)).await.expect("brought");
        assert_eq!((brought.number.as_str(), brought.columns_known), ("LST-000001", false));
        let early = run(&t, &cashier, "early", "LST-000001").await.expect_err("no columns");
        assert_eq!(early.code(), Some("G7-LISTING-COLUMNS"));
        named(&t, &cashier, "LST-000001").await.expect("named");
        let heard = AtomicI64::new(0);
        let ask = ReconcileListing { key: "r".into(), number: "LST-000001".into() };
        let hear = |done, total| {
            heard.fetch_max(done * 100 / total, Ordering::Relaxed);
        };
        let done = reconcile_listing(&t.desk, &cashier, ask.clone(), &hear).await.expect("reconciled");
        assert!(heard.load(Ordering::Relaxed) >= 50);
        // Open at 31 October: 500 (paid in November), 120, 80, 60, 40.
        assert_eq!((done.theirs_pence, done.ours_pence), (76_733, 80_000));
        assert_eq!((done.differences, done.agreed, done.gone), (6, 1, 0));
        let again = reconcile_listing(&t.desk, &cashier, ask, &hear).await.expect("the same key, the same answer");
        assert_eq!(again, done);
        let all = lines(&t, "LST-000001", "", "").await;
        assert_eq!(
            told(&all),
            [
                ("only_theirs", "X-77", -1_234),
                ("only_ours", "INV-000106", 4_000),
                ("paid_not_received", "INV-000103", 8_000),
                ("received_not_shown", "INV-000104", -7_500),
                ("disputed", "INV-000105", 0),
                ("rounding", "INV-000102", 1),
            ]
        );
        assert_eq!(lines(&t, "LST-000001", "agreed", "").await[0].our_number, "INV-000101");
        let proof = listing(&t.desk, &t.role(Role::Auditor), "LST-000001").await.expect("a list").proof.expect("proof");
        assert_eq!((proof.listed, proof.shown_paid, proof.theirs), (Pence(84_733), Pence(8_000), Pence(76_733)));
        assert_eq!((proof.explained(), proof.left()), (Pence(3_267), Pence::ZERO));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_somebody_else_signs_and_next_month_shows_what_moved() {
    on_both("2026-10-01", async |t| {
        a_ledger(&t).await;
        let (leader, other) = (t.role(Role::TeamLeader), t.somebody(Role::TeamLeader, 2));
        bring_listing(&t.desk, &leader, bring("b1", "2026-10-31", OCTOBER)).await.expect("brought");
        named(&t, &leader, "LST-000001").await.expect("named");
        let sign =
            |key: &str| SignListing { key: key.into(), number: "LST-000001".into(), words: "Queries sent".into() };
        let early = sign_listing(&t.desk, &other, sign("s0")).await.expect_err("not done");
        assert_eq!(early.code(), Some("G7-LISTING-NOT-DONE"));
        run(&t, &leader, "r1", "LST-000001").await.expect("reconciled");
        let own = sign_listing(&t.desk, &leader, sign("s1")).await.expect_err("own work");
        assert_eq!(own.code(), Some("G7-LISTING-OWN-WORK"));
        let cashier = sign_listing(&t.desk, &t.role(Role::Cashier), sign("s2")).await.expect_err("no duty");
        assert_eq!(cashier.code(), Some("CTL-01-NO-DUTY"));
        let signed = sign_listing(&t.desk, &other, sign("s3")).await.expect("signed");
        assert_eq!((signed.signed_by.as_str(), signed.signed_on), ("Team leader 2", day("2026-11-10")));
        let fixed = run(&t, &leader, "r1b", "LST-000001").await.expect_err("signed");
        assert_eq!(fixed.code(), Some("G7-LISTING-SIGNED"));

        t.go_to("2026-11-30");
        let next = BringListing { customers: Vec::new(), ..bring("b2", "2026-11-30", NOVEMBER) };
        let brought = bring_listing(&t.desk, &leader, next).await.expect("brought");
        assert!(brought.columns_known, "the columns and the customers are remembered");
        let done = run(&t, &leader, "r2", &brought.number).await.expect("reconciled");
        assert_eq!((done.theirs_pence, done.ours_pence, done.gone), (67_599, 30_000, 2));
        let moved = lines(&t, &brought.number, "", "moved").await;
        let changes: Vec<(&str, &str)> = moved.iter().map(|line| (line.change.as_str(), line.class.as_str())).collect();
        assert_eq!(
            changes,
            [
                ("new", "only_theirs"),
                ("changed", "only_ours"),
                ("new", "received_not_shown"),
                ("changed", "disputed"),
                ("gone", "received_not_shown"),
                ("gone", "only_theirs"),
            ]
        );
        let same = lines(&t, &brought.number, "", "same").await;
        assert_eq!(told(&same), [("only_ours", "INV-000106", 4_000), ("rounding", "INV-000102", 1)]);
        let all = listings(&t.desk, &t.role(Role::Auditor)).await.expect("lists");
        assert_eq!(all.iter().map(|row| row.state.as_str()).collect::<Vec<_>>(), ["done", "signed"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_broken_off_it_begins_again_and_nobody_sees_a_part() {
    on_both("2026-10-01", async |t| {
        a_ledger(&t).await;
        let cashier = t.role(Role::Cashier);
        bring_listing(&t.desk, &cashier, bring("b", "2026-10-31", OCTOBER)).await.expect("brought");
        named(&t, &cashier, "LST-000001").await.expect("named");
        let ask = ReconcileListing { key: "r".into(), number: "LST-000001".into() };
        // Dropped while its lines are being written, as a stopped job is.
        let (first, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let (desk, by) = (t.desk.clone(), cashier.clone());
        let half = ask.clone();
        let broken = tokio::spawn(async move {
            let tell = |done: i64, total: i64| {
                let _ = first.send(done * 2 >= total);
            };
            reconcile_listing(&desk, &by, half, &tell).await
        });
        while let Some(false) = heard.recv().await {}
        broken.abort();
        let _ = broken.await;
        let seen = listing(&t.desk, &t.role(Role::Auditor), "LST-000001").await.expect("a list");
        assert!(seen.listing.state == "waiting" && seen.counts.is_empty() || seen.listing.state == "done");
        let done = reconcile_listing(&t.desk, &cashier, ask, &|_, _| ()).await.expect("goes on");
        assert_eq!((done.differences, done.agreed), (6, 1));
        assert_eq!(lines(&t, "LST-000001", "", "").await.len(), 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_two_files_and_the_bills_of_a_period() {
    on_both("2026-10-01", async |t| {
        a_ledger(&t).await;
        let cashier = t.role(Role::Cashier);
        let ours = "Reference,Amount,Date\nA1,10.00,01/10/2026\nA2,20.00,01/10/2026\n";
        let theirs = "Ref,Total\nA1,10.00\nA3,5.00\n";
        let two = BringListing {
            funder: "Old ledger".into(),
            customers: Vec::new(),
            our_file_name: "ours.csv".into(),
            our_bytes: Some(ours.into()),
            ..bring("b1", "2026-10-31", theirs)
        };
        let number = bring_listing(&t.desk, &cashier, two).await.expect("brought").number;
        named(&t, &cashier, &number).await.expect("named");
        let done = run(&t, &cashier, "r1", &number).await.expect("reconciled");
        assert_eq!((done.theirs_pence, done.ours_pence, done.differences), (1_500, 3_000, 2));

        let billed =
            "Ref,Amount,Date\nINV-000101,500.00,01/10/2026\nINV-000104,75.00,28/09/2026\nINV-000103,80.00,01/10/2026\n";
        let period = BringListing {
            basis: "billed".into(),
            from_on: Some(day("2026-10-01")),
            ..bring("b2", "2026-10-31", billed)
        };
        let number = bring_listing(&t.desk, &cashier, period).await.expect("brought").number;
        named(&t, &cashier, &number).await.expect("named");
        let done = run(&t, &cashier, "r2", &number).await.expect("reconciled");
        assert_eq!((done.theirs_pence, done.ours_pence), (65_500, 87_500), "what was billed, paid or not");
        let all = lines(&t, &number, "", "").await;
        let only: Vec<&str> =
            all.iter().filter(|line| line.class == "only_ours").map(|l| l.our_number.as_str()).collect();
        assert_eq!(only, ["INV-000102", "INV-000105", "INV-000106"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_a_list_that_cannot_be_used_is_refused_with_everything_wrong() {
    on_both("2026-10-01", async |t| {
        a_ledger(&t).await;
        let cashier = t.role(Role::Cashier);
        let auditor = bring_listing(&t.desk, &t.role(Role::Auditor), bring("x", "2026-10-31", OCTOBER)).await;
        assert_eq!(auditor.expect_err("no duty").code(), Some("CTL-01-NO-DUTY"));
        let nobody = BringListing { customers: Vec::new(), ..bring("n", "2026-10-31", OCTOBER) };
        let no_side = bring_listing(&t.desk, &cashier, nobody).await.expect_err("nothing on our side");
        assert_eq!(no_side.code(), Some("G7-LISTING-NO-SIDE"));
        let wrong = BringListing {
            funder: " ".into(),
            basis: "billed".into(),
            bytes: b"PK\x03\x04 no list".to_vec(),
            ..bring("w", "2027-01-01", "")
        };
        let Err(No::Invalid(all)) = bring_listing(&t.desk, &cashier, wrong).await else { panic!("taken") };
        let fields: Vec<&str> = all.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["funder", "as_at", "from_on", "file"]);
        let strange = BringListing { customers: vec!["C1".into(), "C9".into()], ..bring("s", "2026-10-31", OCTOBER) };
        let Err(No::Invalid(all)) = bring_listing(&t.desk, &cashier, strange).await else { panic!("taken") };
        assert_eq!(all[0].message, "No customer has the number C9");
        let file = "Ref,Amount,Date\nA1,1.234,01/10/2026\nA2,5.00,31/02/2026\n";
        let number = bring_listing(&t.desk, &cashier, bring("b", "2026-10-31", file)).await.expect("kept").number;
        let Err(No::Invalid(all)) = named(&t, &cashier, &number).await else { panic!("taken") };
        let rows: HashMap<Option<u64>, &str> = all.iter().map(|one| (one.row, one.typed.as_str())).collect();
        assert_eq!(rows, HashMap::from([(Some(2), "1.234"), (Some(3), "31/02/2026")]));
    })
    .await;
}
