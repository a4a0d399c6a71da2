//! P10: a run that is killed, anywhere, and begun again ends as if nothing had happened.
use crate::bin::{Place, on_both, sundry};
use std::fmt::Write;
use std::process::{Child, Stdio};
use std::time::Duration;

/// People, each with three invoices long overdue: several chunks of a day's run.
const PEOPLE: usize = 450;

/// A home with many overdue debts. Its database is the engine's, its day is set.
fn indebted(engine: sundry_store::Engine) -> Place {
    let place = Place::test(engine);
    let mut customers =
        String::from("customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n");
    let mut invoices = String::from("invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross\n");
    for i in 0..PEOPLE {
        let kind = ["person", "company"][i % 2];
        let _ = writeln!(customers, "C{},Ŵyn Q{i},{kind},{i} Mill Lane,Oakham,ZZ1 1ZZ,,30,,", 100_001 + i);
        for n in 0..3 {
            let amount = 1_000 + i * 3 + n;
            let _ = writeln!(
                invoices,
                "OLD{i:05}{n},C{},2026-0{}-01,2026-0{}-31,,{amount}.00,0.00,{amount}.00",
                100_001 + i,
                1 + n * 2,
                1 + n * 2
            );
        }
    }
    place.file("customers.csv", customers);
    place.file("invoices.csv", invoices);
    place.run(&["--today", "2026-06-15", "import", "customers", "customers.csv", "--json"]).code(0);
    place.run(&["--today", "2026-06-15", "import", "invoices", "invoices.csv", "--json"]).code(0);
    place
}

/// The command, begun and left to itself.
pub fn start(place: &Place, arguments: &[&str]) -> Child {
    let mut command = sundry();
    command.current_dir(place.folder.path()).env("SUNDRY_HOME", &place.home).args(arguments);
    if let Some(url) = &place.database {
        command.env("SUNDRY_DATABASE", url);
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts")
}

/// Runs the command, killing it ever later, until it ends by itself. Says how often it was killed.
fn killed_until_done(place: &Place, arguments: &[&str]) -> u32 {
    let mut killed = 0;
    for attempt in 1..60u64 {
        let mut child = start(place, arguments);
        let mut ended = None;
        for _ in 0..attempt * 4 {
            std::thread::sleep(Duration::from_millis(25));
            ended = child.try_wait().expect("the child can be asked");
            if ended.is_some() {
                break;
            }
        }
        match ended {
            Some(status) => {
                assert!(status.success(), "ended with {status} after {killed} kills");
                return killed;
            }
            None => {
                child.kill().expect("SIGKILL is sent");
                child.wait().expect("it ends");
                killed += 1;
            }
        }
    }
    panic!("the run never came to its end");
}

const DAY: &[&str] = &["--today", "2026-06-15", "run", "day", "--date", "2026-06-15", "--release", "--json"];

/// Contracts that a billing run bills, every one of two charges, some to two payers, in two cycles.
const CONTRACTS: usize = 1_200;

/// A home with forty companies to bill.
fn payers(engine: sundry_store::Engine) -> Place {
    let place = Place::test(engine);
    let mut customers =
        String::from("customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n");
    for i in 0..40 {
        let _ = writeln!(customers, "C{},Payer Q{i},company,{i} Mill Lane,Oakham,ZZ1 1ZZ,,30,,", 100_001 + i);
    }
    place.file("customers.csv", customers);
    place.run(&["--today", "2026-05-31", "import", "customers", "customers.csv", "--json"]).code(0);
    place
}

/// A home with many contracts that are due, put in as an old ledger's would be.
fn contracted(engine: sundry_store::Engine) -> Place {
    let place = payers(engine);
    let url = match &place.database {
        Some(url) => url.clone(),
        None => format!("sqlite:{}", place.home.join("sundry.sqlite").display()),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let db = sundry_store::Db::open(&url).await.expect("the home's database opens");
        crate::many_contracts::fill(&db, CONTRACTS, true).await;
        db.close().await;
    });
    place
}

const BILL: &[&str] = &["--today", "2026-05-31", "billing", "run", "--up-to", "2026-05-31", "--release", "--json"];

/// Every invoice with its number, account and sum.
fn invoices(place: &Place) -> String {
    place.run(&["export", "items", "--format", "csv"]).code(0).out
}

#[test]
fn bil_10_a_billing_run_killed_at_random_moments_ends_as_if_undisturbed() {
    on_both(|engine| {
        let quiet = contracted(engine);
        quiet.run(BILL).code(0);
        let troubled = contracted(engine);
        let mut killed = 0;
        // Ten moments that no clock of the run's own decides, over more than its length.
        for moment in [37u64, 411, 90, 233, 620, 151, 340, 505, 60, 288] {
            let mut child = start(&troubled, BILL);
            std::thread::sleep(Duration::from_millis(moment * 3));
            if child.try_wait().expect("the child can be asked").is_none() {
                child.kill().expect("SIGKILL is sent");
                killed += 1;
            }
            child.wait().expect("it ends");
        }
        killed += killed_until_done(&troubled, BILL);
        assert!(killed > 0, "the run was never caught in the middle");
        let (as_it_should, as_it_is) = (invoices(&quiet), invoices(&troubled));
        assert_eq!(as_it_should.lines().count(), 1 + CONTRACTS + CONTRACTS / 3, "one invoice a payer");
        assert_eq!(as_it_should, as_it_is, "after {killed} kills");
        let numbers = as_it_is.matches("INV-").count();
        assert!(as_it_is.contains(&format!("INV-{numbers:06}")), "gapless");
        troubled.run(&["verify"]).code(0);
    });
}

/// Kills a command at moments that no clock of its own decides, then lets it come to its end. Says how often it was
/// killed, and how often at a moment for which `midway` is true.
fn killed_midway(place: &Place, arguments: &[&str], moments: [u64; 10], midway: impl Fn() -> bool) -> (u32, u32) {
    let (mut killed, mut caught) = (0, 0);
    for moment in moments {
        let mut child = start(place, arguments);
        std::thread::sleep(Duration::from_millis(moment));
        if child.try_wait().expect("the child can be asked").is_none() {
            child.kill().expect("SIGKILL is sent");
            killed += 1;
        }
        child.wait().expect("it ends");
        caught += u32::from(midway());
    }
    killed += killed_until_done(place, arguments);
    (killed, caught)
}

/// Charges of a feeder file, two to an invoice.
const CHARGES: usize = 6_000;

/// A home with a feeder file that is judged and waits.
fn fed(engine: sundry_store::Engine) -> Place {
    let place = payers(engine);
    let columns = r#"{"reference":"Charge no","customer":"Account","document":"Document","description":"What","amount":"Net","vat_code":"VAT"}"#;
    let feeder = format!(
        r#"{{"code":"LICENCES","name":"Licensing system","columns":{columns},"service":"Licensing","rejects_to":"Licensing"}}"#
    );
    place.file("feeder.json", feeder);
    place.run(&["--today", "2026-05-31", "feeder", "set", "feeder.json", "--json"]).code(0);
    let mut file = String::from("Charge no,Account,Document,What,Net,VAT\n");
    for i in 0..CHARGES {
        let (account, document, vat) = (100_001 + i / 2 % 40, i / 2, ["O", "E"][i % 2]);
        let _ =
            writeln!(file, "L/{i:06},C{account},D{document},Premises licence,{}.{:02},{vat}", 100 + i % 300, i % 100);
    }
    let pence: usize = (0..CHARGES).map(|i| (100 + i % 300) * 100 + i % 100).sum();
    place.file("licences.csv", file);
    let (rows, sum) = (CHARGES.to_string(), format!("{}.{:02}", pence / 100, pence % 100));
    let send = ["feeder", "send", "licences.csv", "--feeder", "LICENCES", "--rows", &rows, "--sum", &sum, "--json"];
    let sent = place.run(&send).code(0).json();
    assert_eq!((&sent["number"], &sent["good"]), (&"FDR-000001".into(), &CHARGES.into()), "{sent}");
    place
}

#[test]
fn bil_08_a_feeder_file_killed_at_random_moments_ends_as_if_undisturbed() {
    const RELEASE: &[&str] = &["--today", "2026-05-31", "feeder", "release", "FDR-000001", "--json"];
    on_both(|engine| {
        let quiet = fed(engine);
        quiet.run(RELEASE).code(0);
        let troubled = fed(engine);
        let stands = |place: &Place| place.run(&["feeder", "files", "FDR-000001", "--json"]).code(0).json();
        let begun = || {
            let file = stands(&troubled);
            file["state"] == "releasing" && file["done_count"].as_i64().is_some_and(|done| done > 0)
        };
        let moments = [190, 1_233, 270, 699, 1_860, 453, 2_410, 1_515, 2_990, 864];
        let (killed, caught) = killed_midway(&troubled, RELEASE, moments, begun);
        assert!(killed > 0 && caught > 0, "never caught in the middle: {killed} kills");
        let (as_it_should, as_it_is) = (invoices(&quiet), invoices(&troubled));
        assert_eq!(as_it_should.lines().count(), 1 + CHARGES / 2, "one invoice a document");
        assert_eq!(as_it_should, as_it_is, "after {killed} kills");
        assert!(as_it_is.contains(&format!("INV-{:06}", CHARGES / 2)), "gapless");
        assert_eq!(stands(&quiet)["totals"], stands(&troubled)["totals"]);
        troubled.run(&["verify"]).code(0);
        troubled.run(RELEASE).code(0);
        assert_eq!(invoices(&troubled), as_it_should, "nothing is billed twice");
    });
}

/// Somebody else says yes to the one approval that waits.
fn somebody_approves(place: &Place) {
    use sundry_desk::approvals::{DecideApproval, approval, approvals_list, decide_approval};
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let home = sundry::home::Home::at(&place.home, place.database.clone());
        let desk = home.open("2026-05-31".parse().ok()).await.expect("the home opens");
        let org = sundry::home::organisation(&desk, None).await.expect("one organisation");
        let me = sundry::home::operator(&org);
        let other = sundry_desk::Actor { user: sundry_domain::ids::UserId(77), name: "Second person".into(), ..me };
        let number = approvals_list(&desk, &other, "").await.expect("approvals").rows.remove(0).number;
        let content_hash = approval(&desk, &other, &number).await.expect("an approval").content_hash;
        let ask = DecideApproval { key: "yes".into(), number, approve: true, reason: String::new(), content_hash };
        decide_approval(&desk, &other, ask).await.expect("is approved");
        desk.db().close().await;
    });
}

#[test]
fn bil_04_an_uplift_killed_at_random_moments_ends_as_if_undisturbed() {
    const ASK: &[&str] =
        &["--today", "2026-05-31", "uplift", "ask", "4.5%", "--from", "2026-07-06", "--reason", "Cabinet", "--json"];
    const APPLY: &[&str] = &["--today", "2026-05-31", "uplift", "apply", "UPL-000001", "--json"];
    on_both(|engine| {
        let approved = || {
            let place = contracted(engine);
            place.run(ASK).code(0);
            somebody_approves(&place);
            place
        };
        let shown = |place: &Place| place.run(&["uplift", "show", "UPL-000001", "--json"]).code(0).json();
        let quiet = approved();
        let done = quiet.run(APPLY).code(0).json();
        assert_eq!((&done["state"], &done["done"]), (&"applied".into(), &(2 * CONTRACTS).into()), "{done}");
        let troubled = approved();
        // All is done in a tenth of a second, so the moments lie close together, from before the first piece on.
        let unfinished =
            || shown(&troubled)["uplift"]["done_count"].as_i64().is_some_and(|done| done < 2 * CONTRACTS as i64);
        let moments = [5, 12, 19, 26, 33, 41, 50, 60, 75, 90];
        let (killed, caught) = killed_midway(&troubled, APPLY, moments, unfinished);
        assert!(killed > 0 && caught > 0, "never caught before its end: {killed} kills");
        let mut lines = [shown(&quiet), shown(&troubled)].map(|found| found["lines"].clone());
        for line in lines.iter_mut().flat_map(|all| all.as_array_mut().expect("lines").iter_mut()) {
            line.as_object_mut().expect("a line").remove("uplift_id");
        }
        assert_eq!(lines[0], lines[1], "after {killed} kills");
        assert_eq!(shown(&troubled)["uplift"]["done_count"], 2 * CONTRACTS);
        // The next bills are the same to the penny, and each rate is there once.
        let year = |place: &Place| {
            let ask = ["--today", "2026-05-31", "uplift", "preview", "1%", "--from", "2026-08-03", "--json"];
            let found = place.run(&ask).code(0).json();
            (found["rates"].clone(), found["before_pence"].clone())
        };
        assert_eq!(year(&quiet), year(&troubled));
        troubled.run(&["verify"]).code(0);
    });
}

/// Every letter with its account, kind and day.
pub fn letters(place: &Place) -> String {
    place.run(&["export", "letters", "--format", "csv"]).code(0).out
}

#[test]
fn p10_a_days_run_killed_anywhere_ends_as_if_undisturbed() {
    on_both(|engine| {
        let quiet = indebted(engine);
        quiet.run(DAY).code(0);
        let troubled = indebted(engine);
        let killed = killed_until_done(&troubled, DAY);
        assert!(killed > 0, "the run was never caught in the middle");
        let (as_it_should, as_it_is) = (letters(&quiet), letters(&troubled));
        assert!(as_it_should.lines().count() > PEOPLE, "the day writes letters");
        assert_eq!(as_it_should, as_it_is, "after {killed} kills");
        troubled.run(&["verify"]).code(0);
        let again = troubled.run(DAY).code(0);
        assert_eq!(letters(&troubled), as_it_should, "{}", again.out);
    });
}

#[test]
fn p10_an_import_killed_anywhere_is_whole_or_absent() {
    on_both(|engine| {
        let place = Place::test(engine);
        let other = indebted(engine);
        for name in ["customers.csv", "invoices.csv"] {
            std::fs::copy(other.folder.path().join(name), place.folder.path().join(name)).expect("a copy");
        }
        place.run(&["import", "customers", "customers.csv"]).code(0);
        let killed = killed_until_done(&place, &["import", "invoices", "invoices.csv"]);
        let items = place.run(&["export", "items", "--format", "csv"]).code(0).out;
        assert_eq!(items.lines().count(), 1 + PEOPLE * 3, "after {killed} kills");
        place.run(&["verify"]).code(0);
    });
}

/// A funder's list of every invoice, some a pound more, some unknown here, as a workbook.
fn funders_list(place: &Place) {
    use sundry_formats::csv_out::Cell;
    use sundry_formats::xlsx_out::{About, Column, ColumnKind, WorkbookWriter};
    let column = |heading: &str, kind| Column { heading: heading.into(), kind };
    let columns = vec![column("Invoice No", ColumnKind::Text), column("Gross Amount", ColumnKind::Money)];
    let about = About { title: "List".into(), facts: Vec::new(), made_on: None };
    let mut book = WorkbookWriter::new(about, columns).expect("a workbook");
    for i in 0..PEOPLE {
        for n in 0..3 {
            let pence = (1_000 + i * 3 + n) as i64 * 100 + if i % 10 == 0 { 100 } else { 0 };
            let number = if i % 25 == 3 { format!("X9{i:05}{n}77") } else { format!("OLD{i:05}{n}") };
            book.row(&[Cell::Text(number), Cell::Pence(pence)]).expect("a row");
        }
    }
    std::fs::write(place.folder.path().join("list.xlsx"), book.finish().expect("written")).expect("a file");
}

#[test]
fn g7_a_workbook_reconciled_killed_anywhere_ends_as_if_undisturbed() {
    const LIST: &[&str] = &[
        "--today",
        "2026-06-15",
        "--key",
        "june",
        "listing",
        "reconcile",
        "list.xlsx",
        "--funder",
        "ICB",
        "--whole-ledger",
        "--json",
    ];
    on_both(|engine| {
        let quiet = indebted(engine);
        funders_list(&quiet);
        quiet.run(LIST).code(0);
        let troubled = indebted(engine);
        funders_list(&troubled);
        killed_until_done(&troubled, LIST);
        let lines = |place: &Place| place.run(&["listing", "lines", "LST-000001"]).code(0).out;
        let (as_it_should, as_it_is) = (lines(&quiet), lines(&troubled));
        let differing = PEOPLE / 10 * 3 + PEOPLE / 25 * 6;
        assert_eq!(as_it_should.lines().count(), 1 + differing, "{}", as_it_should.lines().take(5).collect::<String>());
        assert_eq!(as_it_should, as_it_is);
        // Killed after its end, before its answer was read: the same request again has the same answer.
        let again = troubled.run(LIST).code(0).json();
        assert_eq!(again["listing"]["state"], "done", "{again}");
        assert_eq!(lines(&troubled), as_it_should);
        assert_eq!(troubled.run(&["listing", "list", "--json"]).code(0).out.matches("LST-").count(), 1);
        troubled.run(&["verify"]).code(0);
    });
}
