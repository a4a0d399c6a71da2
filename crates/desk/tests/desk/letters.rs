//! Letters as an administrator edits them (DEL-10).
use crate::recovery::{customer, open, pdf_words, release};
use std::path::PathBuf;
use sundry_desk::No;
use sundry_desk::approvals::{DecideApproval, approval, decide_approval};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{ReceiverForm, SetReceiver, set_receiver};
use sundry_desk::delivery::templates::{
    AskForDraft, DraftBlock, PreviewTemplate, SaveDraft, WithdrawDraft, ask_for_draft, check_draft, preview_template,
    sample_accounts, save_draft, template, template_differences, template_version, templates, withdraw_draft,
};
use sundry_desk::delivery::{
    AttachBacking, WithdrawBacking, attach_backing, bundle_pdf, letter, letter_pdf, letters_of_customer,
    withdraw_backing,
};
use sundry_desk::plans::{PlaceHold, place_hold};
use sundry_desk::recovery::{SendStatements, StatementsAsk, preview_statements, send_statements};
use sundry_domain::control::Role;
use sundry_domain::money::Pence;
use sundry_paper::{Language, Template};

async fn as_it_is(t: &TestDesk, key: &str, code: &str) -> SaveDraft {
    let shown = template(&t.desk, &t.role(Role::Administrator), code).await.expect("a letter");
    let (wording, changes) = match shown.draft {
        Some(draft) => (draft.template, draft.changes),
        None => (shown.template, 0),
    };
    SaveDraft {
        key: key.into(),
        code: code.into(),
        changes,
        title_en: wording.title_en.clone(),
        title_cy: wording.title_cy.clone().unwrap_or_default(),
        blocks: wording.blocks.iter().map(DraftBlock::of).collect(),
    }
}

fn fields(no: &No) -> Vec<(String, String)> {
    match no {
        No::Invalid(all) => all.iter().map(|one| (one.field.clone(), one.message.clone())).collect(),
        other => panic!("{other}"),
    }
}

async fn decide(t: &TestDesk, key: &str, number: &str, approve: bool) -> Result<String, No> {
    let approver = t.role(Role::Approver);
    let read = approval(&t.desk, &approver, number).await.expect("an approval");
    assert!(read.may_decide, "{}", read.why_not);
    let ask = DecideApproval {
        key: key.into(),
        number: number.into(),
        approve,
        reason: if approve { String::new() } else { "Say it more kindly".into() },
        content_hash: read.content_hash,
    };
    Ok(decide_approval(&t.desk, &approver, ask).await?.made.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn del_10_a_letter_is_drafted_checked_approved_by_another_and_live_from_its_day() {
    on_both("2026-05-02", async |t| {
        let admin = t.role(Role::Administrator);
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-1", "2026-05-02", 10_000).await;
        let mut ask = as_it_is(&t, "draft", "reminder_1").await;
        ask.blocks[0].text_en = "This is for {for_what}. Thank you if you have paid.".into();
        let saved = save_draft(&t.desk, &admin, ask.clone()).await.expect("kept");
        let again = save_draft(&t.desk, &admin, ask).await.expect("the same answer");
        assert_eq!((saved.version, saved.changes, again.changes), (2, 1, 1));
        let checks = check_draft(&t.desk, &admin, "reminder_1").await.expect("checks");
        assert!(checks.iter().all(|one| one.verdict != "fix"), "{checks:?}");
        assert!(checks.iter().any(|one| one.words.starts_with("Set for 5 sample accounts")), "{checks:?}");
        assert!(checks.iter().any(|one| one.words.contains("reads at about age")), "{checks:?}");
        let ask = AskForDraft {
            key: "ask".into(),
            code: "reminder_1".into(),
            changes: 1,
            live_from: Some("2026-05-12".parse().expect("a date")),
        };
        let asked = ask_for_draft(&t.desk, &admin, ask).await.expect("asked");
        let own = DecideApproval {
            key: "own".into(),
            number: asked.approval.clone(),
            approve: true,
            reason: String::new(),
            content_hash: String::new(),
        };
        let no = decide_approval(&t.desk, &admin, own).await.expect_err("their own work");
        assert_eq!(no.code(), Some("CTL-01-OWN-WORK"));
        let no = save_draft(&t.desk, &admin, as_it_is(&t, "late", "reminder_1").await).await.expect_err("it waits");
        assert_eq!(no.code(), Some("DLV-DRAFT-STATE"));
        assert_eq!(decide(&t, "yes", &asked.approval, true).await.expect("a yes"), "version 2 of reminder_1");
        let line = templates(&t.desk, &admin).await.expect("letters");
        let line = line.into_iter().find(|one| one.code == "reminder_1").expect("there");
        assert_eq!((line.version, line.draft.as_str()), (1, ""));
        assert_eq!(line.next.map(|(version, day)| (version, day.to_string())), Some((2, "2026-05-12".into())));
        t.go_to("2026-05-11");
        release(&t, "2026-05-11").await.expect("a day");
        let view = t.role(Role::CreditController);
        let sent = letters_of_customer(&t.desk, &view, who).await.expect("letters");
        assert_eq!((sent[0].template_code.as_str(), sent[0].template_version), ("reminder_1", 1));
        let other = customer(&t, "C100002", "individual", "").await;
        open(&t, other, "invoice", "INV-2", "2026-05-03", 10_000).await;
        t.go_to("2026-05-12");
        release(&t, "2026-05-12").await.expect("a day");
        let next = letters_of_customer(&t.desk, &view, other).await.expect("letters");
        assert_eq!(next[0].template_version, 2);
        let said = letter(&t.desk, &view, &next[0].number).await.expect("a letter").content;
        assert!(said.blocks[0].text.ends_with("Thank you if you have paid."));
        let first = letter(&t.desk, &view, &sent[0].number).await.expect("a letter").content;
        assert!(first.blocks[0].text.contains("paid in the last 5 days"), "as it was sent, for ever");
        let shown = template(&t.desk, &admin, "reminder_1").await.expect("a letter");
        let states: Vec<(i64, &str)> = shown.versions.iter().map(|one| (one.version, one.state.as_str())).collect();
        assert_eq!(states, [(2, "live"), (1, "ended")]);
        assert_eq!(shown.versions[0].approved_by, t.role(Role::Approver).name);
        assert_eq!(shown.versions[0].drafted_by_name, admin.name);
        let old = template_version(&t.desk, &admin, "reminder_1", 1).await.expect("readable for ever");
        assert!(old.blocks[0].text_en.contains("paid in the last 5 days"));
        let differ = template_differences(&t.desk, &admin, "reminder_1", (1, 2)).await.expect("differences");
        assert_eq!(differ.len(), 1);
        assert_eq!(differ[0].place, "the text of block opening");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_10_a_field_that_is_not_there_is_refused_with_its_place_and_the_nearest() {
    on_both("2026-05-02", async |t| {
        let admin = t.role(Role::Administrator);
        let mut ask = as_it_is(&t, "wrong", "reminder_1").await;
        ask.title_en = "You owe {amuont}".into();
        ask.blocks[0].text_en = "For {original_number}, on {due_on".into();
        let no = save_draft(&t.desk, &admin, ask).await.expect_err("refused");
        let told = fields(&no);
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(told[0].0, "title_en");
        assert!(told[0].1.contains("Did you mean {amount}?"), "{told:?}");
        // A field of other letters is none of this one: a reminder corrects no invoice.
        assert!(told.iter().any(|(field, words)| field == "text_en-opening" && words.contains("{original_number}")));
        assert!(told.iter().any(|(_, words)| words.contains("has no partner")));
        let mut ask = as_it_is(&t, "wrong blocks", "reminder_1").await;
        ask.blocks[0].text_en = String::new();
        ask.blocks[1].id = "cannot_pay".into();
        ask.blocks[2].panel = "fireworks".into();
        let told = fields(&save_draft(&t.desk, &admin, ask).await.expect_err("refused"));
        assert_eq!(told.len(), 3, "{told:?}");
        let no = save_draft(&t.desk, &t.role(Role::Approver), as_it_is(&t, "x", "reminder_1").await).await;
        assert_eq!(no.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_10_what_the_law_fixes_stays_as_it_is() {
    on_both("2026-05-02", async |t| {
        let admin = t.role(Role::Administrator);
        let mut ask = as_it_is(&t, "changed", "letter_of_claim").await;
        let debt = ask.blocks.iter().position(|block| block.id == "debt").expect("a locked block");
        ask.blocks[debt].text_en.push_str(" Pay now.");
        let no = save_draft(&t.desk, &admin, ask).await.expect_err("locked");
        assert_eq!(no.code(), Some("DLV-LOCKED-BLOCK"));
        assert!(no.to_string().contains("REC-02"), "{no}");
        let mut ask = as_it_is(&t, "gone", "letter_of_claim").await;
        ask.blocks.remove(debt);
        let no = save_draft(&t.desk, &admin, ask).await.expect_err("missing");
        assert_eq!(no.code(), Some("DLV-LEGAL-BLOCK"));
        let mut ask = as_it_is(&t, "moved", "letter_of_claim").await;
        let free = ask.blocks.iter().position(|block| block.id == "contact").unwrap_or(ask.blocks.len() - 1);
        ask.blocks[free].heading_en = "Call us".into();
        let saved = save_draft(&t.desk, &admin, ask).await.expect("the rest may change");
        assert_eq!(saved.version, 2);
        let draft = template_version(&t.desk, &admin, "letter_of_claim", 0).await.expect("the draft");
        let locked = draft.blocks.iter().filter(|block| block.locked).count();
        assert!(locked >= 7 && draft.blocks.iter().all(|block| block.locked == block.rule.is_some()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_10_a_no_gives_the_draft_back_and_a_draft_taken_back_finds_no_yes() {
    on_both("2026-05-02", async |t| {
        let admin = t.role(Role::Administrator);
        let asking =
            |key: &str, changes| AskForDraft { key: key.into(), code: "statement".into(), changes, live_from: None };
        save_draft(&t.desk, &admin, as_it_is(&t, "same", "statement").await).await.expect("kept");
        let no = ask_for_draft(&t.desk, &admin, asking("a", 1)).await.expect_err("it says the same");
        assert_eq!(no.code(), Some("DLV-DRAFT-SAME"));
        let mut ask = as_it_is(&t, "other", "statement").await;
        ask.title_en = "Your account with {organisation}".into();
        assert_eq!(save_draft(&t.desk, &admin, ask).await.expect("kept").changes, 2);
        let no = ask_for_draft(&t.desk, &admin, asking("b", 1)).await.expect_err("changed meanwhile");
        assert_eq!(no.code(), Some("DLV-DRAFT-STATE"));
        let mut late = asking("c", 2);
        late.live_from = Some("2026-05-01".parse().expect("a date"));
        let no = ask_for_draft(&t.desk, &admin, late).await.expect_err("past");
        assert_eq!(fields(&no)[0], ("live_from".into(), "Enter a date on or after 2 May 2026".into()));
        let asked = ask_for_draft(&t.desk, &admin, asking("d", 2)).await.expect("asked");
        decide(&t, "no", &asked.approval, false).await.expect("a no");
        let draft = template(&t.desk, &admin, "statement").await.expect("a letter").draft.expect("given back");
        assert_eq!((draft.state.as_str(), draft.turned_down.as_str()), ("draft", "Say it more kindly"));
        let asked = ask_for_draft(&t.desk, &admin, asking("e", draft.changes)).await.expect("asked again");
        let take = WithdrawDraft { key: "w".into(), code: "statement".into() };
        withdraw_draft(&t.desk, &admin, take.clone()).await.expect("taken back");
        withdraw_draft(&t.desk, &admin, take).await.expect("the same answer");
        let no = decide(&t, "yes", &asked.approval, true).await.expect_err("nothing to say yes to");
        assert_eq!(no.code(), Some("DLV-DRAFT-STATE"));
        let no = withdraw_draft(&t.desk, &admin, WithdrawDraft { key: "v".into(), code: "statement".into() }).await;
        assert!(matches!(no.expect_err("none"), No::Absent(_)));
        let shown = template(&t.desk, &admin, "statement").await.expect("a letter");
        assert!(shown.draft.is_none() && shown.versions.len() == 1);
        let mut ask = as_it_is(&t, "anew", "statement").await;
        ask.title_en = "Your account".into();
        assert_eq!(save_draft(&t.desk, &admin, ask).await.expect("begun anew").version, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_10_a_draft_is_shown_on_a_real_account_in_every_shape_and_looking_is_told() {
    on_both("2026-05-12", async |t| {
        let admin = t.role(Role::Administrator);
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-1", "2026-05-02", 12_345).await;
        customer(&t, "C100002", "individual", "").await;
        let mut ask = as_it_is(&t, "draft", "reminder_1").await;
        ask.blocks[0].text_en = "Home truths for {for_what}.".into();
        save_draft(&t.desk, &admin, ask).await.expect("kept");
        let on = |account: &str| PreviewTemplate {
            code: "reminder_1".into(),
            account: account.into(),
            ..PreviewTemplate::default()
        };
        let shown = preview_template(&t.desk, &admin, on("C100001")).await.expect("a letter");
        assert!(shown.letter.title.contains("£123.45"), "{}", shown.letter.title);
        assert!(shown.mail.html.contains("Home truths") && shown.mail.text.contains("INV-1"));
        let pdf = shown.pdf().await.expect("a PDF");
        assert!(pdf_words(&pdf).is_none_or(|words| words.contains("Home truths")));
        let large = PreviewTemplate { large_print: true, ..on("C100001") };
        let pages = preview_template(&t.desk, &admin, large).await.expect("a letter").pictures().await.expect("pages");
        assert!(pages.len() > 1 && pages[0].starts_with("<svg"));
        let welsh = PreviewTemplate { language: "cy".into(), ..on("C100001") };
        let welsh = preview_template(&t.desk, &admin, welsh).await.expect("a letter").letter;
        assert!(welsh.title.starts_with("Mae arnoch"), "{}", welsh.title);
        let told = fields(&preview_template(&t.desk, &admin, on("C100002")).await.err().expect("owes nothing"));
        assert_eq!(told[0].0, "account");
        assert!(matches!(preview_template(&t.desk, &admin, on("C9")).await.err().expect("absent"), No::Absent(_)));
        let no = preview_template(&t.desk, &t.role(Role::Cashier), on("C100001")).await.err().expect("not theirs");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let mut look = t.desk.db().read().await.expect("reads");
        let told: Vec<(String,)> = look
            .all(
                "select subject from audit where org_id = $1 and event = 'LetterPreviewed'",
                sundry_store::args![t.org],
            )
            .await
            .expect("the audit trail");
        assert_eq!(told, [("customer C100001".to_owned(),)], "once a day for each letter and account");
        drop(look);
        let plan = PreviewTemplate { code: "plan_agreed".into(), version: 1, language: "cy".into(), ..on("C100001") };
        let plan = preview_template(&t.desk, &admin, plan).await.expect("a letter").letter;
        assert!(plan.title.contains("£39.28 bob 4 wythnos, o 1 Rhagfyr 2026"), "examples are Welsh: {}", plan.title);
    })
    .await;
}

/// Texts of a wording that whoever reads Welsh would get in English.
fn without_welsh(wording: &Template) -> Vec<&str> {
    let mut all: Vec<&str> = wording.title_cy.is_none().then_some("title").into_iter().collect();
    let lacks = |english: &str, welsh: &Option<String>| !english.trim().is_empty() && welsh.is_none();
    let blocks = wording.blocks.iter().filter(|block| {
        lacks(&block.text_en, &block.text_cy)
            || lacks(block.heading_en.as_deref().unwrap_or_default(), &block.heading_cy)
    });
    all.extend(blocks.map(|block| block.id.as_str()));
    all
}

/// Keeps the pages of a letter as pictures where `SUNDRY_LETTERS` names a folder.
fn keep(code: &str, account: &str, pages: &[String]) {
    let Some(folder) = std::env::var_os("SUNDRY_LETTERS").map(PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).expect("a folder");
    let account = account.replace([' ', ','], "-").replace("--", "-");
    for (at, page) in pages.iter().enumerate() {
        std::fs::write(folder.join(format!("{code}-{account}-{}.svg", at + 1)), page).expect("written");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_14_every_letter_is_drawn_in_english_in_large_print_and_in_welsh() {
    on_both("2026-05-12", async |t| {
        let admin = t.role(Role::Administrator);
        for code in templates(&t.desk, &admin).await.expect("letters").into_iter().map(|one| one.code) {
            let wording = template(&t.desk, &admin, &code).await.expect("a letter");
            assert_eq!(without_welsh(&wording.template), [""; 0], "{code}");
            let mut drawn = Vec::new();
            for account in sample_accounts() {
                let sample = account.sample;
                let ask = PreviewTemplate {
                    code: code.clone(),
                    version: wording.version,
                    sample,
                    ..PreviewTemplate::default()
                };
                let shown = preview_template(&t.desk, &admin, ask).await.expect("a sample");
                let (language, large) = match sample {
                    1 => (Language::English, true),
                    2 => (Language::Welsh, false),
                    _ => (Language::English, false),
                };
                let (name, title) = (account.name, shown.letter.title.clone());
                assert_eq!((shown.letter.language, shown.letter.large_print), (language, large), "{code} for {name}");
                let pages = shown.pictures().await.unwrap_or_else(|no| panic!("{code} for {name}: {no}"));
                assert!(pages.iter().all(|page| page.starts_with("<svg")), "{code} for {name}");
                keep(&code, &name, &pages);
                drawn.push((title, pages));
            }
            assert!(drawn[1].1.len() >= drawn[0].1.len(), "{code}: large print takes no less paper");
            assert_ne!(drawn[1].1[0], drawn[0].1[0], "{code}: large print looks otherwise");
            assert_ne!(drawn[2].0, drawn[0].0, "{code}: its Welsh has a title of its own");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_05_statements_go_on_demand_with_ageing_once_a_day_and_only_for_a_balance() {
    on_both("2026-05-20", async |t| {
        let (leader, view) = (t.role(Role::TeamLeader), t.role(Role::CreditController));
        let owes = customer(&t, "C100001", "individual", "").await;
        open(&t, owes, "invoice", "INV-1", "2026-06-20", 12_000).await;
        open(&t, owes, "invoice", "INV-2", "2026-05-05", 5_000).await;
        open(&t, owes, "invoice", "INV-3", "2026-01-05", 700).await;
        open(&t, owes, "receipt", "RCT-1", "2026-05-20", -2_000).await;
        let mail = customer(&t, "C100002", "company", "pay@example.org").await;
        open(&t, mail, "invoice", "INV-4", "2026-05-05", 4_000).await;
        let credit = customer(&t, "C100003", "individual", "").await;
        open(&t, credit, "invoice", "INV-5", "2026-05-05", 1_000).await;
        open(&t, credit, "receipt", "RCT-2", "2026-05-20", -1_000).await;
        let dead = customer(&t, "C100004", "individual", "").await;
        open(&t, dead, "invoice", "INV-6", "2026-05-05", 9_000).await;
        let hold = PlaceHold {
            key: "h".into(),
            customer: dead,
            item: None,
            reason: "deceased".into(),
            until: None,
            words: "A call from the family".into(),
        };
        place_hold(&t.desk, &view, hold).await.expect("a hold");
        let seen = preview_statements(&t.desk, &view, &StatementsAsk::default()).await.expect("a preview");
        assert_eq!((seen.count, seen.total_pence, seen.without), (2, 19_700, 1), "{seen:?}");
        assert_eq!((seen.ways["post"], seen.ways["email"]), (1, 1));
        assert_eq!(seen.refused.values().sum::<i64>(), 1, "{:?}", seen.refused);
        assert!(letters_of_customer(&t.desk, &view, owes).await.expect("letters").is_empty(), "a preview writes none");
        let send = SendStatements { key: "s".into(), ask: StatementsAsk::default() };
        let wrote = send_statements(&t.desk, &leader, send.clone(), &|_, _| {}).await.expect("written");
        let again = send_statements(&t.desk, &leader, send, &|_, _| {}).await.expect("the same answer");
        assert_eq!((wrote.count, wrote.total_pence, wrote.refused), (2, 19_700, 1));
        assert_eq!(wrote, again);
        let other = SendStatements { key: "t".into(), ask: StatementsAsk::default() };
        let wrote = send_statements(&t.desk, &leader, other, &|_, _| {}).await.expect("written");
        assert_eq!((wrote.count, wrote.refused), (0, 3), "nobody gets two on a day");
        let all = letters_of_customer(&t.desk, &view, owes).await.expect("letters");
        assert_eq!((all.len(), all[0].kind.as_str(), all[0].channel.as_str()), (1, "statement", "post"));
        let said = letter(&t.desk, &view, &all[0].number).await.expect("a letter").content;
        let ageing = said.ageing.expect("its ageing");
        assert_eq!(ageing.as_at.to_string(), "2026-05-20");
        let bands: Vec<i64> = ageing.bands.iter().map(|(_, pence)| *pence).collect();
        assert_eq!(bands, [12_000, 5_000, 0, 0, 700, 0, 0]);
        assert_eq!(ageing.unallocated_pence, -2_000);
        let pdf = letter_pdf(&t.desk, &view, &all[0].number).await.expect("a PDF");
        assert!(pdf_words(&pdf).is_none_or(|words| words.contains("How old it is, as at 20 May 2026")));
        let mailed = letters_of_customer(&t.desk, &view, mail).await.expect("letters");
        assert_eq!((mailed[0].channel.as_str(), mailed[0].sent_to.as_str()), ("email", "pay@example.org"));
        let some = StatementsAsk { accounts: vec!["C9".into()], ..StatementsAsk::default() };
        let told = fields(&preview_statements(&t.desk, &view, &some).await.expect_err("no such account"));
        assert_eq!(told, [("accounts".to_owned(), "There is no account C9".to_owned())]);
        t.go_to("2026-05-21");
        let large = StatementsAsk { at_least_pence: Pence(10_000), ..StatementsAsk::default() };
        assert_eq!(preview_statements(&t.desk, &view, &large).await.expect("a preview").count, 1);
        let no = SendStatements { key: "u".into(), ask: large };
        let no = send_statements(&t.desk, &view, no, &|_, _| {}).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_07_backing_is_masked_joined_with_its_invoice_and_no_larger_than_taken() {
    on_both("2026-05-01", async |t| {
        let (billing, view) = (t.role(Role::BillingOfficer), t.role(Role::CreditController));
        let who = customer(&t, "C100001", "nhs_body", "pay@example.org").await;
        let number = crate::proof::raise(&t, "C100001").await;
        let attach = |key: &str, name: &str, looked_through| AttachBacking {
            key: key.into(),
            number: number.clone(),
            name: name.into(),
            looked_through,
        };
        let log = "Date,Patient Name,NHS no,Hours,Note\n2026-05-01,Ann Bell,943 476 5919,2,Seen with 9434765919\n";
        let now = attach_backing(&t.desk, &billing, attach("a", "../log.csv", false), log.into()).await.expect("kept");
        assert_eq!((now.files[0].name.as_str(), now.files[0].masked_count), ("log.csv", 3));
        let kept = t.desk.files().get(t.org.0, &now.files[0].file_sha256).expect("the file");
        let kept = String::from_utf8(kept).expect("text");
        assert_eq!(kept, "Date,Patient Name,NHS no,Hours,Note\n2026-05-01,***,***,2,Seen with ***\n");
        let text = "Ward log\nPatient: Ann Bell\nSeen: 943 476 5919 on 1 May\n";
        let now = attach_backing(&t.desk, &billing, attach("b", "ward.txt", false), text.into()).await.expect("kept");
        assert_eq!((now.files[1].name.as_str(), now.files[1].masked_count), ("ward.pdf", 2));
        assert!(now.bundle_bytes > 0);
        let pdf = bundle_pdf(&t.desk, &view, &number).await.expect("a bundle");
        assert_eq!(pdf.len() as i64, now.bundle_bytes);
        if let Some(words) = pdf_words(&pdf) {
            assert!(words.contains("what backs it") && words.contains("Ward log"), "{words}");
            assert!(!words.contains("Ann Bell") && !words.contains("943 476 5919"), "{words}");
        }
        sound_pdf(&pdf);
        let named =
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
            3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>endobj\n\
            4 0 obj<</Length 32>>stream\nBT (NHS 943 476 5919) Tj ET     \nendstream endobj\n\
            trailer<</Root 1 0 R/Size 5>>\n%%EOF";
        let no = attach_backing(&t.desk, &billing, attach("c", "log.pdf", true), named.to_vec()).await;
        assert_eq!(no.expect_err("it names somebody").code(), Some("DLV-BACKING-NAMES"));
        let own = letter_of(&t, &number).await;
        let no = attach_backing(&t.desk, &billing, attach("d", "clean.pdf", false), own.clone()).await;
        assert_eq!(no.expect_err("nobody looked").code(), Some("DLV-BACKING-UNSEEN"));
        for (name, bytes) in [("a.exe", b"MZ".to_vec()), ("a.pdf", b"MZ".to_vec()), ("a.csv", b"a\0b".to_vec())] {
            let no =
                attach_backing(&t.desk, &billing, attach(name, name, true), bytes).await.expect_err("no such kind");
            assert_eq!(no.code(), Some("DLV-BACKING-KIND"), "{name}");
        }
        let rules = ReceiverForm { way: "letters".into(), pdf_longest_kb: Some(10), ..ReceiverForm::default() };
        let rules = SetReceiver { key: "r".into(), number: "C100001".into(), version: 0, rules };
        set_receiver(&t.desk, &t.operator(), rules).await.expect("their rules");
        let no = attach_backing(&t.desk, &billing, attach("e", "clean.pdf", true), own).await.expect_err("too large");
        assert_eq!(no.code(), Some("DLV-PDF-SIZE"));
        let no = bundle_pdf(&t.desk, &view, &number).await.expect_err("they would not take it");
        assert_eq!(no.code(), Some("DLV-PDF-SIZE"));
        let away = WithdrawBacking { key: "w".into(), number: number.clone(), file: now.files[0].id };
        assert_eq!(withdraw_backing(&t.desk, &billing, away).await.expect("taken away").files.len(), 1);
        let no = attach_backing(&t.desk, &view, attach("f", "log.csv", false), log.into()).await;
        assert_eq!(no.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
        assert!(letters_of_customer(&t.desk, &view, who).await.expect("letters").is_empty());
    })
    .await;
}

/// Some PDF that names nobody.
async fn letter_of(t: &TestDesk, _number: &str) -> Vec<u8> {
    let ask = PreviewTemplate { code: "receipt".into(), version: 1, ..PreviewTemplate::default() };
    preview_template(&t.desk, &t.role(Role::Administrator), ask).await.expect("a letter").pdf().await.expect("a PDF")
}

/// Where qpdf is installed, it finds nothing wrong.
fn sound_pdf(pdf: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bundle.pdf");
    std::fs::write(&path, pdf).expect("written");
    if let Ok(said) = std::process::Command::new("qpdf").arg("--check").arg(&path).output() {
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    }
}
