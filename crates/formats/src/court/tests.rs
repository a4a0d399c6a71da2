//! Requests and answers of the court.

use super::*;
use chrono::NaiveDate;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn address() -> Address {
    Address { lines: vec!["1 High Street".into(), "Morpeth".into()], postcode: "NE61 1AA".into() }
}

fn claim() -> Claim {
    let said = "The Claimant supplied residential care to the Defendant under an agreement dated 1 April 2026. \
                The Defendant has not paid.";
    Claim {
        reference: Some("10004711X".into()),
        defendants: vec![Defendant { name: "Mr Adam Example".into(), address: address() }],
        particulars_separately: false,
        reserve_interest: true,
        interest: Some(ClaimInterest { daily: 26, owed_on: d("2026-07-01"), claim_on: d("2026-11-20"), base: 120_000 }),
        amount: 123_692,
        solicitor_cost: None,
        particulars: particulars(said).unwrap(),
        signed_by: "J Smith".into(),
    }
}

fn bulk(requests: Vec<Request>) -> CourtBatch {
    let numbered = |(number, request)| CourtRequest { id: format!("{number}"), request };
    CourtBatch {
        customer_id: "12345678".into(),
        reference: "MSE-20261120-01".into(),
        requests: (1..).zip(requests).map(numbered).collect(),
    }
}

fn one(change: impl Fn(&mut Claim)) -> CourtBatch {
    let mut changed = claim();
    change(&mut changed);
    bulk(vec![Request::Claim(Box::new(changed))])
}

/// Each problem as its code and its place.
fn codes(batch: &CourtBatch) -> Vec<String> {
    write_bulk(batch).unwrap_err().into_iter().map(|problem| format!("{} {}", problem.code, problem.at)).collect()
}

fn judgment() -> Judgment {
    Judgment {
        claim_number: "A0ZZ1234".into(),
        joint: false,
        kind: JudgmentKind::Default,
        defendant: Some(1),
        schedule: PaymentSchedule::Instalments(5_000, 'M'),
        interest: Some(100),
        solicitor_cost: None,
        deducted: Some(2_000),
        admitted: None,
        court_fee: Some(8_000),
        signed_by: "J Smith".into(),
    }
}

fn warrant() -> Warrant {
    Warrant {
        claim_number: "A0ZZ1234".into(),
        defendant: 1,
        address: Some(address()),
        balance: 120_000,
        amount: 60_000,
        solicitor_cost: None,
        notes: Some("Ring the bell twice".into()),
        signed_by: "J Smith".into(),
    }
}

#[test]
fn leg_03_every_request_reads_back() {
    let immediate = Judgment { schedule: PaymentSchedule::Immediate, kind: JudgmentKind::Admission, ..judgment() };
    let by = Judgment { schedule: PaymentSchedule::InFullBy(d("2026-12-24")), ..judgment() };
    let paid = StatusUpdate {
        claim_number: "A0ZZ1234".into(),
        defendant: Some(2),
        kind: StatusUpdateKind::Paid,
        paid_on: Some(d("2026-11-22")),
    };
    let frozen =
        BreathingSpaceNotice { claim_number: "A0ZZ1234".into(), defendant: 1, kind: BreathingSpaceKind::CrisisBegan };
    let batch = bulk(vec![
        Request::Claim(Box::new(claim())),
        Request::Judgment(Box::new(immediate)),
        Request::Judgment(Box::new(by)),
        Request::Warrant(Box::new(warrant())),
        Request::JudgmentWarrant(Box::new(judgment()), Box::new(Warrant { address: None, notes: None, ..warrant() })),
        Request::StatusUpdate(paid),
        Request::BreathingSpace(frozen),
    ]);
    let bytes = write_bulk(&batch).unwrap();
    assert_eq!(read_bulk(&bytes).unwrap(), batch);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("<b:requestCount>7</b:requestCount>"));
    assert!(text.contains("<c:particulars>The Claimant supplied residential care to the</c:particulars>"), "{text}");
}

#[test]
fn court_bad_more_than_two_debtors() {
    let three = one(|claim| claim.defendants = vec![claim.defendants[0].clone(); 3]);
    assert_eq!(codes(&three), ["court.defendants request 1/defendants"]);
    assert!(write_bulk(&one(|claim| claim.defendants = vec![claim.defendants[0].clone(); 2])).is_ok());
}

#[test]
fn court_bad_an_address_is_never_cut() {
    let five = one(|claim| claim.defendants[0].address.lines = vec!["Line".into(); 5]);
    assert_eq!(codes(&five), ["court.address_lines request 1/defendant1/address"]);
    let long = one(|claim| claim.defendants[0].address.lines[0] = "Flat 2 The Old Granary 1 High Street".into());
    assert_eq!(codes(&long), ["court.value request 1/defendant1/address/line1"]);
    let postcode = one(|claim| claim.defendants[0].address.postcode = "NE611AA".into());
    assert_eq!(codes(&postcode), ["court.value request 1/defendant1/address/postcode"]);
}

#[test]
fn court_bad_a_claim_above_the_limit() {
    assert_eq!(codes(&one(|claim| claim.amount = LARGEST_CLAIM))[0], "court.amount request 1/claimAmount");
    assert!(write_bulk(&one(|claim| claim.amount = LARGEST_CLAIM - 1)).is_ok());
    assert_eq!(
        codes(&one(|claim| (claim.amount, claim.interest) = (0, None)))[0],
        "court.amount request 1/claimAmount"
    );
    assert_eq!(codes(&one(|claim| claim.amount = 100_000))[0], "court.interest_base request 1/interest");
}

#[test]
fn court_bad_letters_the_court_does_not_take() {
    let wrong = codes(&one(|claim| claim.defendants[0].name = "Zoë O’Brien".into()));
    assert_eq!(wrong, ["court.value request 1/defendant1/name"]);
    let made = plain("Zoë O’Brien – Ŵyn; #4 \u{1F600}");
    assert_eq!((made.text.as_str(), made.lost), ("Zoe O'Brien - Wyn, No 4 ", vec!['\u{1F600}']));
    assert!(write_bulk(&one(|claim| claim.defendants[0].name = plain("Zoë O’Brien").text)).is_ok());
    assert_eq!(codes(&one(|claim| claim.signed_by = " ".into()))[0], "court.value request 1/sotSignature/name");
}

#[test]
fn court_particulars_wrap_between_words() {
    let lines = particulars(&"word ".repeat(216)).unwrap();
    assert_eq!((lines.len(), lines[0].chars().count()), (24, 44));
    assert_eq!(particulars(&"word ".repeat(217)).unwrap_err().code, "court.particulars_long");
    assert_eq!(particulars(&"x".repeat(46)).unwrap_err().code, "court.particulars_word");
    assert_eq!(particulars(" \n").unwrap_err().code, "court.particulars_empty");
}

#[test]
fn court_bad_a_bulk_that_does_not_count_or_repeats() {
    assert_eq!(codes(&bulk(vec![]))[0], "court.request_count requests");
    let mut twice = bulk(vec![Request::Claim(Box::new(claim())); 2]);
    twice.requests[1].id = "1".into();
    assert_eq!(codes(&twice)[0], "court.request_twice requests");
    let mut named = one(|_| {});
    named.reference = "MSE 1".into();
    named.customer_id = "0234567".into();
    assert_eq!(codes(&named), ["court.value header/sdtCustomerId", "court.value header/customerReference"]);
    let bytes = write_bulk(&one(|_| {})).unwrap();
    let text = String::from_utf8(bytes).unwrap().replace("<b:requestCount>1<", "<b:requestCount>2<");
    assert_eq!(read_bulk(text.as_bytes()).unwrap_err()[0].code, "court.count_mismatch");
    let other = text.replace("requestType=\"mcolClaim\"", "requestType=\"mcolWarrant\"");
    assert_eq!(read_bulk(other.as_bytes()).unwrap_err()[0].code, "court.request_type");
}

fn feedback(items: &str) -> Vec<u8> {
    format!(
        "<f:bulkFeedbackResponse xmlns:f=\"f\" xmlns:base=\"b\"><f:bulkRequestStatus><base:status code=\"Ok\"/>\
         <f:customerReference>MSE-1</f:customerReference>\
         <f:sdtBulkReference>12345678901234567890123456789</f:sdtBulkReference>\
         <f:submittedDate>2026-11-20T10:00:00</f:submittedDate><f:sdtService>mcol</f:sdtService>\
         <f:requestCount>1</f:requestCount><f:bulkStatus code=\"Completed\"/></f:bulkRequestStatus>\
         <f:responses>{items}</f:responses></f:bulkFeedbackResponse>"
    )
    .into_bytes()
}

fn response(id: &str, status: &str, detail: &str) -> String {
    format!(
        "<f:response requestId=\"{id}\" requestType=\"mcolClaim\"><f:responseDetail><f:mcolResponseDetail>{detail}\
         </f:mcolResponseDetail></f:responseDetail><f:status code=\"{status}\"/></f:response>"
    )
}

const ISSUED: &str = "<r:claimNumber>A0ZZ1234</r:claimNumber><r:issueDate>2026-11-21</r:issueDate><r:fee>8000</r:fee>";

#[test]
fn court_feedback_counts_only_for_what_we_sent() {
    let told = [
        response("1", "Accepted", ISSUED),
        response("2", "Accepted", ""),
        response("3", "Rejected", ""),
        response("9", "Accepted", ISSUED),
        response("4", "Accepted", &ISSUED.replace("1234", "9999")),
        response("5", "Forwarded", ""),
    ];
    let read = read_feedback(&feedback(&told.concat())).unwrap();
    assert!(read.completed && read.bulk.ok);
    assert_eq!((read.items[0].fee, read.items[0].issued_on), (Some(8_000), Some(d("2026-11-21"))));
    let sent: Vec<String> = ["1", "2", "3", "4", "5"].map(String::from).to_vec();
    let cases = BTreeMap::from([("A0ZZ9999".to_owned(), "CASE-7".to_owned())]);
    let (matched, held) = match_feedback(&read, &sent, &cases);
    let outcomes: Vec<(&str, Outcome)> =
        matched.iter().map(|one| (one.item.request_id.as_str(), one.outcome)).collect();
    let expected = [
        ("1", Outcome::Accepted),
        ("2", Outcome::AwaitingData),
        ("3", Outcome::Rejected),
        ("5", Outcome::AwaitingData),
    ];
    assert_eq!(outcomes, expected);
    let whys: Vec<&str> = held.iter().map(|one| one.why.as_str()).collect();
    assert_eq!(whys, ["9 is no request that we sent", "the claim number stands on CASE-7"]);
}

#[test]
fn court_bad_feedback_is_told_whole() {
    let unknown = read_feedback(&feedback(&response("1", "Perhaps", ""))).unwrap_err();
    assert_eq!(unknown[0].code, "court.status");
    let number = read_feedback(&feedback(&response("1", "Accepted", "<r:claimNumber>12</r:claimNumber>")));
    assert_eq!(number.unwrap_err()[0].at, "response 1/mcolResponseDetail/claimNumber");
    assert_eq!(read_feedback(b"<x/>").unwrap_err()[0].code, "court.wrong_message");
    assert_eq!(read_feedback(b"<x>").unwrap_err()[0].code, "court.truncated");
    assert_eq!(read_submitted(b"").unwrap_err()[0].code, "court.not_xml");
}

#[test]
fn court_an_answer_is_told_apart_by_what_it_is() {
    assert!(matches!(read_answer(&feedback(&response("1", "Accepted", ISSUED))), Ok(CourtAnswer::Feedback(_))));
    let wrong = read_answer(&write_bulk(&one(|_| {})).unwrap()).unwrap_err();
    assert_eq!(wrong[0].message, "the file is a bulkRequest, not an answer of the court");
    assert_eq!(read_answer(b"").unwrap_err()[0].code, "court.not_xml");
}

#[test]
fn court_errors_that_may_be_sent_again() {
    let error = |code: &str| SdtError { code: code.into(), description: String::new() };
    for code in ["SDT_INT_ERR", "TAR_APP_BUSY", "REQ_NOT_ACK"] {
        assert!(error(code).may_retry(), "{code}");
    }
    for code in ["DUP_CUST_FILEID", "REQ_COUNT_MISMATCH", "CUST_XML_ERR", "NO_VALID_REQS"] {
        assert!(!error(code).may_retry(), "{code}");
    }
}

#[test]
fn court_defences_are_read() {
    let answer = "<q:submitQueryResponse xmlns:q=\"q\"><status code=\"Ok\"/><q:sdtCustomerId>12345678</q:sdtCustomerId>\
                  <q:sdtService>mcol</q:sdtService><q:resultCount>1</q:resultCount><q:results><q:mcolDefenceDetail>\
                  <claimNumber>A0ZZ1234</claimNumber><defendantResponse defendantId=\"2\">\
                  <filedDate>2026-11-10</filedDate><eventCreatedDateOnMcol>2026-11-11T10:00:00</eventCreatedDateOnMcol>\
                  <raisedOnMcol>true</raisedOnMcol><responseType>PA</responseType></defendantResponse>\
                  </q:mcolDefenceDetail></q:results></q:submitQueryResponse>";
    let read = read_defences(answer.as_bytes()).unwrap();
    assert_eq!((read.len(), read[0].kind, read[0].defendant), (1, DefenceKind::PartAdmission, 2));
    let short = answer.replace("<q:resultCount>1<", "<q:resultCount>2<");
    assert_eq!(read_defences(short.as_bytes()).unwrap_err()[0].code, "court.count_mismatch");
    let failed = "<q:submitQueryResponse xmlns:q=\"q\"><status code=\"Error\"><error><code>TAR_APP_BUSY</code>\
                  <description>Busy</description></error></status></q:submitQueryResponse>";
    assert_eq!(read_defences(failed.as_bytes()).unwrap_err()[0].code, "court.service_error");
}

proptest! {
    #[test]
    fn particulars_never_lose_a_word(words in prop::collection::vec("[a-z]{1,12}", 1..60)) {
        let lines = particulars(&words.join(" ")).unwrap();
        prop_assert!(lines.iter().all(|line| line.chars().count() <= PARTICULARS_WIDTH));
        prop_assert_eq!(lines.join(" "), words.join(" "));
    }

    #[test]
    fn mangled_files_are_told_and_never_panic(cut in 0usize..3_000, byte in any::<u8>()) {
        let mut bytes = write_bulk(&one(|_| {})).unwrap();
        let at = cut % (bytes.len() - 2);
        bytes[at] = byte;
        let _ = read_bulk(&bytes);
        bytes.truncate(at);
        prop_assert!(read_bulk(&bytes).is_err());
    }
}
