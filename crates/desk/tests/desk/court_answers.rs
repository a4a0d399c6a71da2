//! The court's answer files on both engines: taken once, done by the commands of the case, left to a person where not.
use super::cash::agrees;
use super::court::{claim, code, controller, d, export, issued, manager, our_number, posted, prepare, sign, signed};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::court::{
    CourtAnswersTaken, RequestJudgment, SettleCourtAnswer, TakeCourtAnswers, WorkCourtAnswers, case, court_answer,
    court_diary, court_file, request_judgment, settle_court_answer, take_court_answers, work_court_answers,
};
use sundry_desk::work::worklist::{AskWorklist, Worklist, worklist};
use sundry_desk::{Actor, No, Outcome};
use sundry_store::args;

fn feedback(reference: &str, items: &[String]) -> Vec<u8> {
    format!(
        "<f:bulkFeedbackResponse xmlns:f=\"f\" xmlns:base=\"b\"><f:bulkRequestStatus><base:status code=\"Ok\"/>\
         {reference}<f:sdtService>mcol</f:sdtService><f:bulkStatus code=\"Completed\"/></f:bulkRequestStatus>\
         <f:responses>{}</f:responses></f:bulkFeedbackResponse>",
        items.concat()
    )
    .into_bytes()
}

fn ours(reference: &str) -> String {
    format!("<f:customerReference>{reference}</f:customerReference>")
}

fn item(kind: &str, id: &str, status: &str, detail: &str) -> String {
    format!(
        "<f:response requestId=\"{id}\" requestType=\"{kind}\"><f:responseDetail><f:mcolResponseDetail>{detail}\
         </f:mcolResponseDetail></f:responseDetail>{status}</f:response>"
    )
}

const ACCEPTED: &str = "<f:status code=\"Accepted\"/>";
const REJECTED: &str = "<f:status code=\"Rejected\"><base:error><base:code>8</base:code>\
                        <base:description>First defendant's postcode is not in England or Wales</base:description>\
                        </base:error></f:status>";

fn made(claim: &str) -> String {
    format!("<r:claimNumber>{claim}</r:claimNumber><r:issueDate>2026-06-15</r:issueDate><r:fee>8000</r:fee>")
}

fn response(claim: &str, kind: &str, on: &str) -> Vec<u8> {
    format!(
        "<q:submitQueryResponse xmlns:q=\"q\"><status code=\"Ok\"/><q:sdtCustomerId>10009999</q:sdtCustomerId>\
         <q:sdtService>mcol</q:sdtService><q:resultCount>1</q:resultCount><q:results><q:mcolDefenceDetail>\
         <claimNumber>{claim}</claimNumber><defendantResponse defendantId=\"1\"><filedDate>{on}</filedDate>\
         <eventCreatedDateOnMcol>{on}T10:00:00</eventCreatedDateOnMcol><raisedOnMcol>true</raisedOnMcol>\
         <responseType>{kind}</responseType></defendantResponse></q:mcolDefenceDetail></q:results>\
         </q:submitQueryResponse>"
    )
    .into_bytes()
}

async fn take(t: &TestDesk, by: &Actor, key: &str, bytes: &[u8]) -> Outcome<CourtAnswersTaken> {
    let ask = TakeCourtAnswers { key: key.into(), file_name: "answer.xml".into(), bytes: bytes.to_vec() };
    take_court_answers(&t.desk, by, ask).await
}

async fn state(t: &TestDesk) -> String {
    case(&t.desk, &controller(t), "CRT-000001").await.expect("shown").case.state
}

async fn on_the_list(t: &TestDesk) -> Worklist {
    let ask = AskWorklist { view: "court-answers".into(), ..AskWorklist::default() };
    worklist(&t.desk, &controller(t), &ask).await.expect("a list")
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_a_line_left_to_a_person_is_on_the_worklist_until_it_is_settled() {
    on_both("2026-04-07", async |t| {
        issued(&t).await;
        let by = controller(&t);
        t.go_to("2026-07-21");
        assert_eq!((on_the_list(&t).await.total_count, on_the_list(&t).await.answers_astray), (0, 0));
        let entered = "<r:claimNumber>K1QZ12AB</r:claimNumber>\
                       <r:judgmentEnteredDate>2026-07-21</r:judgmentEnteredDate>";
        let early = feedback("", &[item("mcolJudgment", "J-1", ACCEPTED, entered)]);
        let told = take(&t, &manager(&t), "t1", &early).await.expect("taken");
        assert_eq!(told.open, 1, "nobody asked for the judgment");
        let list = on_the_list(&t).await;
        assert_eq!((list.total_count, list.answers_astray), (1, 0));
        assert!(list.rows[0].why.starts_with("The court's answer CTA-000001, line 1: "), "{}", list.rows[0].why);
        let today = worklist(&t.desk, &by, &AskWorklist::default()).await.expect("a list");
        assert!(today.rows.iter().any(|row| row.customer_id == list.rows[0].customer_id), "it is for today");
        let strange = take(&t, &by, "t2", &response("A0ZZ9999", "DE", "2026-07-20")).await.expect("taken");
        assert_eq!((strange.open, on_the_list(&t).await.answers_astray), (1, 1), "of no case, and yet not lost");
        for (key, file) in [("s1", told.file), ("s2", strange.file)] {
            let line = court_answer(&t.desk, &by, &file).await.expect("shown").lines.remove(0).id;
            let ask = SettleCourtAnswer { key: key.into(), line, words: "The court was told".into() };
            settle_court_answer(&t.desk, &by, ask).await.expect("settled");
        }
        assert_eq!((on_the_list(&t).await.total_count, on_the_list(&t).await.answers_astray), (0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_an_answer_is_taken_once_and_what_it_tells_is_done_once() {
    on_both("2026-04-07", async |t| {
        signed(&t).await;
        our_number(&t).await;
        let reference = export(&t, "e").await.expect("goes").reference;
        let known = item("mcolClaim", "CRT-000001", ACCEPTED, &made("A0ZZ1234"));
        let strange = item("mcolClaim", "CRT-000009", ACCEPTED, &made("A0ZZ9999"));
        let bytes = feedback(&ours(&reference), &[known.clone(), strange]);
        let by = controller(&t);
        let told = take(&t, &by, "t1", &bytes).await.expect("taken");
        assert_eq!((told.file.as_str(), told.lines, told.done, told.open), ("CTA-000001", 2, 1, 1));
        let shown = case(&t.desk, &by, "CRT-000001").await.expect("shown").case;
        assert_eq!((shown.state.as_str(), shown.claim_number.as_str()), ("issued", "A0ZZ1234"));
        assert_eq!((shown.issued_on, posted(&t, "LEGAL").await), (Some(d("2026-06-15")), 8_000));

        // As if it was stopped after the case was changed and before the line was written down.
        let mut tx = t.desk.db().begin().await.expect("begins");
        let back = "update court_answer set state = 'waiting', version = 5 where org_id = $1 and state = 'done'";
        tx.run(back, args![t.org]).await.expect("goes back");
        tx.commit().await.expect("commits");
        assert_eq!(take(&t, &by, "t1", &bytes).await.expect("goes on"), told);
        assert_eq!(posted(&t, "LEGAL").await, 8_000, "the fee is paid once");

        assert_eq!(code(take(&t, &by, "t2", &bytes).await), "CT-05-ANSWER-TWICE");
        let later = feedback(&ours(&reference), &[known]);
        let again = take(&t, &by, "t3", &later).await.expect("taken");
        assert_eq!((again.lines, again.again, again.open), (1, 1, 0));

        let lines = court_answer(&t.desk, &by, "CTA-000001").await.expect("shown").lines;
        assert_eq!(
            (lines[1].state.as_str(), lines[1].outcome.as_str()),
            ("open", "CRT-000009 is no request that we sent")
        );
        let settle =
            |key: &str, words: &str| SettleCourtAnswer { key: key.into(), line: lines[1].id, words: words.into() };
        assert!(matches!(settle_court_answer(&t.desk, &by, settle("s0", " ")).await, Err(No::Invalid(_))));
        settle_court_answer(&t.desk, &by, settle("s1", "Another council's; the court was told"))
            .await
            .expect("settled");
        let twice = settle_court_answer(&t.desk, &by, settle("s2", "Once more")).await;
        assert_eq!(code(twice), "CT-05-ANSWER-DECIDED");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_a_refused_claim_comes_back_with_its_reason_and_goes_under_a_new_number() {
    on_both("2026-04-07", async |t| {
        signed(&t).await;
        our_number(&t).await;
        let reference = export(&t, "e1").await.expect("goes").reference;
        let by = controller(&t);
        let bytes = feedback(&ours(&reference), &[item("mcolClaim", "CRT-000001", REJECTED, "")]);
        let told = take(&t, &by, "t1", &bytes).await.expect("taken");
        assert_eq!((told.done, state(&t).await.as_str()), (1, "accepted"));
        let diary = court_diary(&t.desk, &by, 0).await.expect("a diary");
        assert!(diary.iter().any(|line| line.kind == "claim" && line.words.contains("refused")), "{diary:?}");
        let events = case(&t.desk, &by, "CRT-000001").await.expect("shown").events;
        assert!(events.iter().any(|event| event.words.contains("postcode is not in England or Wales")));
        prepare(&t, claim("p2", "2026-06-15")).await.expect("prepared again");
        sign(&t, "s2").await.expect("signed again");
        let second = export(&t, "e2").await.expect("goes again");
        let (_, sent) = court_file(&t.desk, &manager(&t), &second.file).await.expect("the file");
        assert!(String::from_utf8(sent).expect("text").contains("CRT-000001-2"), "a number is used once");
        // A late word on the first file is not of this claim.
        let late = feedback(&ours(&reference), &[item("mcolClaim", "CRT-000001", ACCEPTED, &made("A0ZZ1234"))]);
        let told = take(&t, &by, "t2", &late).await.expect("taken");
        assert_eq!((told.open, state(&t).await.as_str()), (1, "filed"));
        let whole =
            feedback(&ours(&second.reference), &[item("mcolClaim", "CRT-000001-2", ACCEPTED, &made("A0ZZ1234"))]);
        assert_eq!(take(&t, &by, "t3", &whole).await.expect("taken").done, 1);
        assert_eq!(state(&t).await, "issued");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_04_responses_and_judgments_keep_the_rules_and_wait_for_the_duty() {
    on_both("2026-04-07", async |t| {
        issued(&t).await;
        let by = controller(&t);
        t.go_to("2026-07-01");
        let told = take(&t, &by, "t1", &response("K1QZ12AB", "AS", "2026-07-01")).await.expect("taken");
        assert_eq!((told.lines, told.done), (1, 1));
        let shown = case(&t.desk, &by, "CRT-000001").await.expect("shown").case;
        assert!(shown.responses.to_string().contains("acknowledgment"), "{}", shown.responses);
        t.go_to("2026-07-21");
        let entered = "<r:claimNumber>K1QZ12AB</r:claimNumber>\
                       <r:judgmentEnteredDate>2026-07-21</r:judgmentEnteredDate>";
        let early = feedback("", &[item("mcolJudgment", "J-1", ACCEPTED, entered)]);
        let told = take(&t, &manager(&t), "t2", &early).await.expect("taken");
        assert_eq!((told.open, state(&t).await.as_str()), (1, "issued"), "nobody asked for it");
        let ask = RequestJudgment { key: "j".into(), case: "CRT-000001".into() };
        request_judgment(&t.desk, &manager(&t), ask).await.expect("asked for");
        let bytes = feedback("", &[item("mcolJudgment", "J-2", ACCEPTED, entered)]);
        let told = take(&t, &by, "t3", &bytes).await.expect("taken");
        assert_eq!((told.waiting, state(&t).await.as_str()), (1, "issued"), "a judgment is the approver's to enter");
        let ask = WorkCourtAnswers { key: "w".into(), file: told.file.clone() };
        let told = work_court_answers(&t.desk, &manager(&t), ask).await.expect("worked");
        assert_eq!((told.done, told.waiting, state(&t).await.as_str()), (1, 0, "judgment"));
        // A key that had another file's answer works no line of this one.
        let third = feedback("", &[item("mcolJudgment", "J-3", ACCEPTED, entered)]);
        let third = take(&t, &by, "t5", &third).await.expect("taken").file;
        let reused = WorkCourtAnswers { key: "w".into(), file: third.clone() };
        assert_eq!(code(work_court_answers(&t.desk, &manager(&t), reused).await), "OPS-KEY-REUSED");
        assert_eq!(court_answer(&t.desk, &by, &third).await.expect("shown").lines[0].state, "waiting");
        let late = take(&t, &by, "t4", &response("K1QZ12AB", "DE", "2026-07-20")).await.expect("taken");
        let line = court_answer(&t.desk, &by, &late.file).await.expect("shown").lines.remove(0);
        assert_eq!((late.open, line.outcome.ends_with("(CT-CASE-STATE)")), (1, true), "{}", line.outcome);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_a_broken_answer_is_refused_whole_with_row_and_field() {
    on_both("2026-06-15", async |t| {
        let by = controller(&t);
        let bytes = feedback(
            "",
            &[
                item("mcolClaim", "CRT-000001", ACCEPTED, &made("A0ZZ1234")),
                item("mcolClaim", "CRT-000002", ACCEPTED, "<r:claimNumber>12</r:claimNumber>"),
            ],
        );
        let Err(No::Invalid(wrong)) = take(&t, &by, "t1", &bytes).await else { panic!("it is not understood") };
        assert_eq!((wrong.len(), wrong[0].row), (1, Some(2)));
        assert!(wrong[0].message.contains("claimNumber"), "{}", wrong[0].message);
        assert!(matches!(court_answer(&t.desk, &by, "CTA-000001").await, Err(No::Absent(_))));
        assert_eq!(
            code(take(&t, &t.role(sundry_domain::control::Role::Cashier), "t2", &bytes).await),
            "CTL-01-NO-DUTY"
        );
    })
    .await;
}
