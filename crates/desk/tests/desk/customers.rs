//! Accounts: opening, changing, flags, notes, search, timeline, and customers from a file.
use sundry_desk::No;
use sundry_desk::approvals::{DecideApproval, approval, decide_approval};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::*;
use sundry_domain::control::Role;

/// Opens an account and gives its number.
pub async fn customer(t: &TestDesk, key: &str, name: &str) -> String {
    let ask = AddCustomer { key: key.into(), fields: fields(name), confirmed_alike: true, ..AddCustomer::default() };
    add_customer(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("opens").number
}

pub fn fields(name: &str) -> CustomerFields {
    CustomerFields {
        name: name.into(),
        kind: "company".into(),
        address1: "1 High Street".into(),
        town: "Ashford".into(),
        postcode: "tn231aa".into(),
        ..CustomerFields::default()
    }
}

const HEADER: &str = "customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no";

fn file(rows: &[&str]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

pub async fn import(t: &TestDesk, key: &str, bytes: Vec<u8>, accept_good: bool) -> Result<Imported, No> {
    let ask =
        ImportCustomers { key: key.into(), file_name: "customers.csv".into(), bytes, dry_run: false, accept_good };
    import_customers(&t.desk, &t.role(Role::BillingOfficer), ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_an_account_is_opened_changed_and_found() {
    on_both("2026-05-01", async |t| {
        let officer = t.role(Role::BillingOfficer);
        let number = customer(&t, "c1", "Ŵyn & Siân's Café Ltd").await;
        assert_eq!(number, "C100001");
        let account = customer_account(&t.desk, &officer, &number).await.expect("shows");
        assert_eq!((account.customer.postcode.as_str(), account.addresses.len()), ("TN23 1AA", 1));
        let change = |version, address1: &str| ChangeCustomer {
            key: format!("change{version}{address1}"),
            number: number.clone(),
            version,
            fields: CustomerFields { address1: address1.into(), ..fields("Ŵyn & Siân's Café Ltd") },
            source: "letter".into(),
        };
        let changed = change_customer(&t.desk, &officer, change(1, "2 Mill Lane")).await.expect("changes");
        let late = change_customer(&t.desk, &officer, change(1, "3 Park Road")).await.expect_err("an old version");
        assert_eq!(late.code(), Some("CUS-CHANGED"));
        // A second person has called back: only then does the address count.
        let leader = t.role(Role::TeamLeader);
        let waits = approval(&t.desk, &leader, &changed.address_waits).await.expect("waits");
        let yes = DecideApproval {
            key: "yes".into(),
            number: changed.address_waits.clone(),
            approve: true,
            reason: "Rang the number we held".into(),
            content_hash: waits.content_hash.clone(),
        };
        decide_approval(&t.desk, &leader, yes).await.expect("a yes");
        let account = customer_account(&t.desk, &officer, &number).await.expect("shows");
        assert_eq!(account.addresses[0].address, "2 Mill Lane, Ashford, TN23 1AA");
        assert_eq!((account.addresses.len(), account.customer.version), (2, 3));
        super::court::trail_is_without(&t, &["Siân", "High Street", "Mill Lane", "TN23", "Rang"]).await;
        // What was known before stays with the account, where the trail names the fields alone (SEC-02).
        let other = ChangeCustomer {
            fields: CustomerFields {
                address1: "2 Mill Lane".into(),
                email: "sian@example.org".into(),
                phone: "01233 555010".into(),
                ..fields("Ŵyn & Siân's Café Ltd")
            },
            ..change(3, "other")
        };
        change_customer(&t.desk, &officer, other).await.expect("changes");
        let told = timeline(&t.desk, &officer, &number, "", 2).await.expect("shows").events;
        let told: Vec<&str> = told.iter().map(|event| event.words.as_str()).collect();
        assert_eq!(told, ["Telephone recorded: 01233 555010", "E-mail address recorded: sian@example.org"]);
        super::court::trail_is_without(&t, &["01233", "sian@example.org"]).await;
        let mut look = t.desk.look().await.expect("looks");
        let trail = sundry_store::control::audit_of(&mut look, t.org, "customer C100001").await.expect("a trail");
        drop(look);
        let last: serde_json::Value = serde_json::from_str(&trail.last().expect("an event").detail).expect("JSON");
        assert_eq!(last["changed"], serde_json::json!(["email", "phone"]));
        for text in ["c100001", "wyn sian", "cafe wyn"] {
            let found = search(&t.desk, &officer, text).await.expect("searches");
            assert_eq!(found.customers.first().map(|c| c.number.as_str()), Some("C100001"), "{text}");
        }
        assert!(search(&t.desk, &officer, "c100001").await.expect("searches").exact.is_some());
        let page = customers_list(&t.desk, &officer, CustomersAsk::default()).await.expect("lists");
        assert_eq!((page.rows.len(), page.total, page.next), (1, 1, None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_every_wrong_field_at_once_and_no_one_else_may() {
    on_both("2026-05-01", async |t| {
        let ask = |fields| AddCustomer { key: "c1".into(), fields, confirmed_alike: true, ..AddCustomer::default() };
        let wrong = CustomerFields { kind: "pirate".into(), postcode: "12".into(), email: "x".into(), ..fields(" ") };
        let no = add_customer(&t.desk, &t.role(Role::BillingOfficer), ask(wrong)).await.expect_err("invalid");
        let No::Invalid(all) = no else { panic!("{no}") };
        assert_eq!(all.iter().map(|i| i.field.as_str()).collect::<Vec<_>>(), ["name", "kind", "postcode", "email"]);
        let no = add_customer(&t.desk, &t.role(Role::Cashier), ask(fields("A"))).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let absent = customer_account(&t.desk, &t.role(Role::Auditor), "C999999").await.expect_err("not there");
        assert!(matches!(absent, No::Absent(_)));
        let number = customer(&t, "c2", "Ours").await;
        let mut other = t.role(Role::BillingOfficer);
        other.org = sundry_domain::ids::OrgId(7);
        let absent = customer_account(&t.desk, &other, &number).await.expect_err("another organisation's");
        assert!(matches!(absent, No::Absent(_)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_a_call_and_a_flag_have_their_first_answer_on_a_later_day() {
    on_both("2026-05-01", async |t| {
        let (controller, number) = (t.role(Role::CreditController), customer(&t, "c1", "Ada Obi").await);
        let call = RecordCall {
            key: "call".into(),
            number: number.clone(),
            outcome: "will_pay".into(),
            words: "Paying soon".into(),
            next_step: "Call again".into(),
            next_on: "2026-05-08".parse().ok(),
        };
        let flag = SetFlag {
            key: "flag".into(),
            number: number.clone(),
            kind: "vulnerable".into(),
            evidence: "A letter from the hospital".into(),
            from_on: None,
            to_on: "2026-05-05".parse().ok(),
            review_on: None,
        };
        let called = record_call(&t.desk, &controller, call.clone()).await.expect("records").note;
        let set = set_flag(&t.desk, &controller, flag.clone()).await.expect("sets").flag;
        t.go_to("2026-06-01");
        assert_eq!(record_call(&t.desk, &controller, call).await.expect("the same request").note, called);
        assert_eq!(set_flag(&t.desk, &controller, flag.clone()).await.expect("the same request").flag, set);
        let new = set_flag(&t.desk, &controller, SetFlag { key: "new".into(), ..flag }).await;
        assert!(matches!(new, Err(No::Invalid(_))), "it would end before it begins");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_flags_notes_and_calls_are_in_the_timeline() {
    on_both("2026-05-01", async |t| {
        let (controller, number) = (t.role(Role::CreditController), customer(&t, "c1", "Ada Obi").await);
        let flag = |key: &str, evidence: &str| SetFlag {
            key: key.into(),
            number: number.clone(),
            kind: "vulnerable".into(),
            evidence: evidence.into(),
            from_on: None,
            to_on: None,
            review_on: None,
        };
        assert!(matches!(set_flag(&t.desk, &controller, flag("f0", "")).await, Err(No::Invalid(_))));
        let set = set_flag(&t.desk, &controller, flag("f1", "Told us on a call")).await.expect("sets");
        let note = |key: &str, words: &str| AddNote {
            key: key.into(),
            number: number.clone(),
            kind: String::new(),
            words: words.into(),
            pinned: true,
        };
        let no = add_note(&t.desk, &controller, note("n0", "paid with 4111 1111 1111 1111")).await;
        assert_eq!(no.expect_err("ctl_e5").code(), Some("CTL-06-CARD-NUMBER"));
        add_note(&t.desk, &controller, note("n1", "Prefers mornings")).await.expect("adds");
        let call = RecordCall {
            key: "call".into(),
            number: number.clone(),
            outcome: "will_pay".into(),
            words: "Paying soon".into(),
            next_step: "Call again".into(),
            next_on: "2026-05-08".parse().ok(),
        };
        record_call(&t.desk, &controller, call).await.expect("records");
        t.go_to("2026-05-02");
        let end = EndFlag {
            key: "e1".into(),
            number: number.clone(),
            flag: set.flag,
            ended_on: None,
            reason: "Reviewed".into(),
        };
        end_flag(&t.desk, &controller, end.clone()).await.expect("ends");
        let again = end_flag(&t.desk, &controller, EndFlag { key: "e2".into(), ..end }).await.expect_err("is over");
        assert_eq!(again.code(), Some("CUS-FLAG-ENDED"));
        let first = timeline(&t.desk, &controller, &number, "", 2).await.expect("shows");
        assert_eq!(first.events[0].words, "Flag ended: Vulnerable");
        assert_eq!(first.events[1].words, "Call: will pay. Paying soon. Next: Call again on 8 May 2026");
        let rest = timeline(&t.desk, &controller, &number, &first.older.expect("more"), 10).await.expect("shows");
        let words: Vec<&str> = rest.events.iter().map(|e| e.words.as_str()).collect();
        assert_eq!(words, ["Note. Prefers mornings", "Flag: Vulnerable. Told us on a call"]);
        super::court::trail_is_without(&t, &["Told us", "mornings", "Paying soon", "Call again", "Reviewed"]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_customers_from_a_file_all_errors_at_once() {
    on_both("2026-05-01", async |t| {
        let good = "C100005,Ada Obi,person,1 High St,Ashford,ZZ1 1AA,a@b.example,14,00-00-12,12345678";
        let bad = "C100006,,pirate,1 High St,Ashford,ZZ1 1AA,nope,14,00-00-12,12";
        let told = import(&t, "i1", file(&[good, bad]), false).await.expect("tells");
        assert_eq!((told.rows, told.taken, told.refused), (2, 0, 2));
        assert!(told.problems.len() >= 3 && told.problems.iter().all(|p| p.row == 3), "{:?}", told.problems);
        let kept = import(&t, "i2", file(&[good, bad]), true).await.expect("keeps the good");
        assert_eq!((kept.taken, kept.refused), (1, 1));
        let csv = kept.bad_rows_csv.clone().expect("the bad rows");
        assert!(csv.starts_with("customer_id,") && csv.contains("C100006") && !csv.contains("C100005"));
        assert_eq!(import(&t, "i2", file(&[good, bad]), true).await.expect("the same key"), kept);
        let again = import(&t, "i3", file(&[good, bad]), true).await.expect_err("the same file");
        assert_eq!(again.code(), Some("CUS-ALREADY-IMPORTED"));
        assert!(again.to_string().contains("Already imported on 1 May 2026"));
        let taken = import(&t, "i4", file(&[good, ""]), false).await.expect("tells");
        assert_eq!(taken.problems[0].field, "customer_id");
        let account = customer_account(&t.desk, &t.role(Role::Auditor), "C100005").await.expect("shows");
        assert_eq!((account.customer.kind.as_str(), account.banks[0].shown.as_str()), ("individual", "••••••78"));
        assert_eq!(customer(&t, "c1", "The next").await, "C100006");
    })
    .await;
}
