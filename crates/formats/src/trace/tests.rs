//! Traces asked for and answered.

use super::*;
use chrono::NaiveDate;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const ID: &str = "0192f0b2-7c1e-7a44-9d0e-1f2a3b4c5d6e";

fn request() -> TraceRequest {
    TraceRequest {
        request_id: ID.into(),
        case_ref: "4711".into(),
        purpose: Purpose::Trace,
        legal_ground: "Public task: recovery of a debt".into(),
        title: "Mr".into(),
        forename: "Adam".into(),
        middle: String::new(),
        surname: "Example".into(),
        born_on: Some(d("1970-01-01")),
        flat: String::new(),
        house_name: String::new(),
        house_number: "1".into(),
        street: "High Street".into(),
        town: "Morpeth".into(),
        postcode: "NE61 1AA".into(),
        previous_postcode: String::new(),
        do_not_trace: false,
    }
}

fn sent() -> BTreeSet<String> {
    [ID.to_owned()].into()
}

const ANSWER: &str = "request_id,result_code,confidence,forename,surname,dob,new_house_number,new_street,new_town,\
                      new_postcode,first_seen,last_seen,sources\n\
                      0192f0b2-7c1e-7a44-9d0e-1f2a3b4c5d6e,FOUND_PROVEN,92,Adam,Example,1970-01-01,7,Low Road,Leeds,\
                      LS1 1AA,2026-01-05,2026-10-01,electoral roll; bank\n\
                      TOTAL,1\n";

#[test]
fn cus_17_a_batch_with_its_trailer() {
    let batch = write_trace("example", d("2026-11-20"), 1, &[request()]).unwrap();
    assert_eq!(batch.name, "trace_example_20261120_1.csv");
    let text = String::from_utf8(batch.bytes).unwrap();
    let line =
        "0192f0b2-7c1e-7a44-9d0e-1f2a3b4c5d6e,4711,Mr,Adam,,Example,1970-01-01,,,1,High Street,Morpeth,NE61 1AA,,TRACE";
    assert_eq!(text.lines().nth(1), Some(line));
    assert_eq!(text.lines().last(), Some("TOTAL,1"));
    assert!(!text.contains("Public task"), "the ground stays here");
}

#[test]
fn cus_17_a_bureau_tells_months_counts_and_per_cent() {
    let one = |answer: &str| read_results(answer.as_bytes(), &sent()).unwrap().results.remove(0);
    let read = one(&ANSWER.replace("2026-10-01", "2026-10").replace("electoral roll; bank", "2"));
    assert_eq!((read.found.last_seen_on, read.found.source_count()), (Some(d("2026-10-01")), 2));
    assert_eq!((read.confidence, read.code.code()), (Some(92), "FOUND_PROVEN"));
    assert_eq!(read.found.lines(), ("7 Low Road".to_owned(), String::new()));
    let flat = Found { flat: "Flat 2".into(), house_name: "The Mill".into(), ..read.found };
    assert_eq!(flat.lines(), ("Flat 2 The Mill".to_owned(), "7 Low Road".to_owned()));
    assert_eq!(one(&ANSWER.replace(",92,", ",92%,")).confidence, Some(92));
    assert_eq!(one(&ANSWER.replace(",92,", ",,")).confidence, None);
    let much = read_results(ANSWER.replace(",92,", ",920,").as_bytes(), &sent()).unwrap_err();
    assert_eq!(much[0].code, "trace.confidence");
    let born = read_results(ANSWER.replace("1970-01-01", "1970-01").as_bytes(), &sent()).unwrap_err();
    assert_eq!(born[0].code, "exchange.date", "nobody is born in a month");
}

#[test]
fn cus_17_a_line_of_an_address_is_taken_apart() {
    assert_eq!(house("1 High Street"), ("1", "High Street"));
    assert_eq!(house("12a  Low Road"), ("12a", "Low Road"));
    assert_eq!(house("The Mill"), ("", "The Mill"));
    assert_eq!(Purpose::parse("EMPLOYER"), Some(Purpose::Employer));
    assert_eq!(Purpose::parse("GOSSIP"), None);
}

#[test]
fn trace_bad_a_result_for_an_unknown_request_is_held() {
    let read = read_results(ANSWER.replace("5d6e,", "ffff,").as_bytes(), &sent()).unwrap();
    assert_eq!((read.results.len(), read.held.len()), (0, 1));
}

#[test]
fn trace_bad_rows_missing_from_the_answer() {
    let short = read_results(ANSWER.replace("TOTAL,1", "TOTAL,2").as_bytes(), &sent()).unwrap_err();
    assert_eq!(short[0].code, "trace.rows");
    let cut = read_results(ANSWER.split("TOTAL").next().unwrap().as_bytes(), &sent()).unwrap_err();
    assert_eq!(cut[0].code, "trace.trailer");
}

#[test]
fn trace_bad_somebody_who_must_not_be_traced_is_not_asked_for() {
    let code = |change: &dyn Fn(&mut TraceRequest)| {
        let mut one = request();
        change(&mut one);
        write_trace("example", d("2026-11-20"), 1, &[one]).unwrap_err()[0].code.clone()
    };
    assert_eq!(code(&|one| one.do_not_trace = true), "trace.do_not_trace");
    assert_eq!(code(&|one| one.legal_ground = " ".into()), "trace.no_ground");
    assert_eq!(code(&|one| one.surname.clear()), "trace.missing");
    let twice = write_trace("example", d("2026-11-20"), 1, &[request(), request()]).unwrap_err();
    assert_eq!(twice[0].code, "trace.twice");
    assert_eq!(write_trace("example", d("2026-11-20"), 1, &[]).unwrap_err()[0].code, "trace.empty");
}

#[test]
fn cus_17_what_else_a_bureau_says() {
    for (said, code) in [
        ("CONFIRMED", ResultCode::Confirmed),
        ("MULTIPLE", ResultCode::Multiple),
        ("NOT_FOUND", ResultCode::NotFound),
        ("DECEASED", ResultCode::Deceased),
        ("INSOLVENT", ResultCode::Insolvent),
        ("GONE_ABROAD", ResultCode::GoneAbroad),
    ] {
        let told = read_results(ANSWER.replace("FOUND_PROVEN", said).as_bytes(), &sent()).unwrap();
        assert_eq!(told.results[0].code, code, "{said}");
    }
    let odd = read_results(ANSWER.replace("FOUND_PROVEN", "PERHAPS").as_bytes(), &sent()).unwrap_err();
    assert_eq!(odd[0].code, "trace.code");
    let day = read_results(ANSWER.replace("2026-10-01", "1/10/26").as_bytes(), &sent()).unwrap_err();
    assert_eq!(day[0].code, "exchange.date");
}

proptest! {
    #[test]
    fn mangled_answers_are_told_and_never_panic(at in 0usize..400, byte in any::<u8>()) {
        let mut bytes = ANSWER.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read_results(&bytes, &sent());
    }
}
