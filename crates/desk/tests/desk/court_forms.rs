//! The protocol's own forms: supplied, kept by version, and never missing from a letter of claim.
use super::recovery::{customer, live, open, release};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::delivery::{
    PutCourtForm, court_forms, demonstration_form, letter_pdf, letters_of_customer, put_court_form,
};
use sundry_desk::recovery::{preview_day, run};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, LetterId};
use sundry_store::args;
use sundry_store::delivery::LetterRow;
use sundry_store::delivery::court_forms::{CourtFormRow, forms_of_letter};

async fn put(t: &TestDesk, key: &str, form: &str, bytes: Vec<u8>) -> Outcome<CourtFormRow> {
    let (form, language) = (form.to_owned(), "en".to_owned());
    let (source, name) = ("The protocol's own annex".to_owned(), "annex.pdf".to_owned());
    let ask = PutCourtForm { key: key.into(), form, language, source, name, ..PutCourtForm::default() };
    put_court_form(&t.desk, &t.role(Role::Administrator), ask, bytes).await
}

async fn claim_of(t: &TestDesk, who: CustomerId) -> Option<LetterRow> {
    let all = letters_of_customer(&t.desk, &t.role(Role::CreditController), who).await.expect("letters");
    all.into_iter().find(|one| one.kind == "letter_of_claim")
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_02_no_letter_of_claim_without_the_three_forms_and_then_with_them() {
    on_both("2026-09-20", async |t| {
        let person = customer(&t, "C100001", "individual", "").await;
        open(&t, person, "invoice", "INV-1", "2026-10-01", 12_000).await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        tx.run("delete from court_form where org_id = $1", args![t.org]).await.expect("no form is left");
        tx.commit().await.expect("commits");

        live(&t, "2026-09-21", "2026-11-11").await;
        t.go_to("2026-11-12");
        let controller = t.role(Role::CreditController);
        let today = "2026-11-12".parse().expect("a date in a test");
        let seen = preview_day(&t.desk, &controller, today).await.expect("a preview");
        assert!(seen.refusals.iter().any(|one| one.refusal.code == "REC-02-FORMS"), "the preview says it too");
        let day = release(&t, "2026-11-12").await.expect("the day goes on without it");
        assert_eq!(seen.totals, day.totals);
        assert!(claim_of(&t, person).await.is_none());
        let (_, refused) = run(&t.desk, &controller, &day.number, 0, 100).await.expect("the run");
        let said = refused.iter().find(|one| one.code == "REC-02-FORMS").expect("it says why");
        assert_eq!(said.sentence, "There is no information sheet in English for a letter of claim of 12 November 2026");

        for (key, form) in [("a", "information_sheet"), ("b", "reply_form"), ("c", "financial_statement")] {
            let row = put(&t, key, form, demonstration_form(form)).await.expect("is put");
            assert_eq!((row.pages, row.large), (1, false));
        }
        live(&t, "2026-11-13", "2026-11-13").await;
        let claim = claim_of(&t, person).await.expect("it is written the next day");
        let mut look = t.desk.look().await.expect("looks");
        let went = forms_of_letter(&mut look, t.org, LetterId(claim.id)).await.expect("asks");
        drop(look);
        let went: Vec<&str> = went.iter().map(|row| row.form.as_str()).collect();
        assert_eq!(went, ["information_sheet", "reply_form", "financial_statement"]);
        let pdf = letter_pdf(&t.desk, &controller, &claim.number).await.expect("is set with its forms");
        assert!(pdf.starts_with(b"%PDF-"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_02_a_form_that_cannot_leave_is_refused_and_old_versions_stay() {
    on_both("2026-11-22", async |t| {
        let before = court_forms(&t.desk, &t.role(Role::Administrator)).await.expect("are listed");
        assert_eq!(before.len(), 12, "three forms in two languages and two sizes");
        for (key, bytes) in [("a", b"<html>".to_vec()), ("b", Vec::new()), ("c", vec![b' '; 5 * 1024 * 1024 + 1])] {
            match put(&t, key, "reply_form", bytes).await {
                Err(No::Refused(refusal)) => assert_eq!(refusal.code, "REC-02-FORM-FILE"),
                other => panic!("not refused: {other:?}"),
            }
        }
        let new = put(&t, "d", "reply_form", demonstration_form("Another")).await.expect("is put");
        let after = court_forms(&t.desk, &t.role(Role::Administrator)).await.expect("are listed");
        assert_eq!(after.len(), 13);
        assert!(after.iter().any(|row| row.id == new.id) && before.iter().all(|row| after.contains(row)));
    })
    .await;
}
