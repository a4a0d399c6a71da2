use super::*;

fn account(id: i64) -> AccountNamed {
    AccountNamed { id, number: format!("C10000{id}"), name: format!("Customer {id}") }
}

fn facts() -> MailFacts {
    MailFacts {
        writer: MailWriter::Person,
        sender: "ann@example.org".into(),
        troubles: Vec::new(),
        queries: Vec::new(),
        numbers: Vec::new(),
        sender_accounts: Vec::new(),
        sender_was_asked: false,
        today: "2026-05-01".parse().expect("a date"),
    }
}

fn number(kind: &'static str, number: &str, of: i64, place: Place) -> NumberNamed {
    NumberNamed { kind, number: number.into(), account: account(of), place, in_query: None }
}

fn query(number: &str, of: i64, state: QueryState, trace: Trace) -> QueryTraced {
    let over = (!state.holds()).then(|| "2026-04-20".parse().expect("a date"));
    QueryTraced { number: number.into(), account: account(of), state, resolved_on: over, trace }
}

fn open(of: i64, item: Option<&str>) -> MailAct {
    MailAct::Open { account: account(of), item: item.map(str::to_owned), follows: None }
}

fn joins(number: &str, reopen: bool) -> MailAct {
    MailAct::Join { query: number.into(), reopen }
}

#[test]
fn qry_06_programs_open_nothing() {
    let mut mail = facts();
    mail.numbers = vec![number("invoice", "INV-000001", 1, Place::Subject)];
    mail.sender_accounts = vec![account(1)];
    mail.writer = MailWriter::Automatic;
    assert_eq!(place_mail(&mail).act, MailAct::Automatic);
    mail.writer = MailWriter::Bulk;
    let placed = place_mail(&mail);
    assert_eq!(
        (placed.act, placed.candidates.len()),
        (MailAct::Person, 1),
        "a portal that names an invoice is looked at"
    );
    mail.numbers.clear();
    assert_eq!(place_mail(&mail).act, MailAct::Automatic, "a newsletter is not, whoever sends it");
}

#[test]
fn qry_06_what_cannot_be_read_waits_for_a_person() {
    let mail = MailFacts { troubles: vec!["It does not say who wrote it".into()], ..facts() };
    let placed = place_mail(&mail);
    assert_eq!((placed.act, placed.reasons), (MailAct::Person, mail.troubles));
}

#[test]
fn qry_06_the_account_is_found_by_number_or_by_sender() {
    let mut mail = facts();
    assert_eq!(place_mail(&mail).act, MailAct::Person, "nobody knows whose it is");
    mail.sender_accounts = vec![account(1)];
    assert_eq!(place_mail(&mail).act, open(1, None));
    mail.sender_accounts = vec![account(1), account(2)];
    let placed = place_mail(&mail);
    assert_eq!((placed.act, placed.candidates.len()), (MailAct::Person, 2));
    mail.numbers = vec![number("invoice", "INV-000001", 2, Place::Text)];
    let placed = place_mail(&mail);
    assert_eq!(placed.act, open(2, Some("INV-000001")), "the number says which of the two");
    let reasons = [
        "It gives invoice INV-000001 of C100002 Customer 2 in its text",
        "ann@example.org is an address of that account",
    ];
    assert_eq!(placed.reasons, reasons);
    mail.sender_accounts.clear();
    assert_eq!(place_mail(&mail).act, open(2, Some("INV-000001")), "an unknown sender is no contradiction");
    mail.numbers.push(number("invoice", "INV-000002", 2, Place::Text));
    assert_eq!(place_mail(&mail).act, open(2, None), "several invoices: about the account");
}

#[test]
fn qry_06_a_contradiction_is_for_a_person() {
    let mut mail = facts();
    mail.numbers = vec![number("invoice", "INV-000001", 2, Place::Subject)];
    mail.sender_accounts = vec![account(1)];
    let placed = place_mail(&mail);
    assert_eq!((placed.act, placed.candidates.len()), (MailAct::Person, 2));
    assert!(placed.reasons[1].starts_with("But ann@example.org is known on C100001"), "{:?}", placed.reasons);
    mail.sender_accounts.clear();
    mail.numbers.push(number("customer", "C100003", 3, Place::Text));
    assert_eq!(place_mail(&mail).act, MailAct::Person, "two accounts are named");
    mail.numbers[1].place = Place::Quoted;
    assert_eq!(place_mail(&mail).act, open(2, Some("INV-000001")), "what is quoted does not count beside it");
    mail.numbers.remove(0);
    assert_eq!(place_mail(&mail).act, open(3, None), "and counts where nothing else is named");
}

#[test]
fn qry_06_an_answer_joins_its_query() {
    let mut mail = facts();
    mail.queries = vec![query("QRY-000001", 1, QueryState::WaitingForCustomer, Trace::AnswersUs)];
    assert_eq!(place_mail(&mail).act, joins("QRY-000001", false));
    mail.queries.push(query("QRY-000002", 2, QueryState::Open, Trace::Number(Place::Text)));
    assert_eq!(place_mail(&mail).act, joins("QRY-000001", false), "an answer to us outweighs a number");
    mail.sender_accounts = vec![account(2)];
    assert_eq!(place_mail(&mail).act, MailAct::Person, "known on another account");
    mail.sender_was_asked = true;
    assert_eq!(place_mail(&mail).act, joins("QRY-000001", false), "the service that was asked");
    mail.queries = vec![
        query("QRY-000001", 1, QueryState::Open, Trace::Number(Place::Subject)),
        query("QRY-000003", 1, QueryState::Answered, Trace::Number(Place::Subject)),
    ];
    mail.sender_accounts = vec![account(1)];
    assert_eq!(place_mail(&mail).act, MailAct::Person, "two open ones are named");
    mail.queries[1].state = QueryState::Withdrawn;
    assert_eq!(place_mail(&mail).act, joins("QRY-000001", false));
}

#[test]
fn qry_06_a_closed_query_opens_again_or_is_followed() {
    let mut mail = facts();
    mail.queries = vec![query("QRY-000001", 1, QueryState::Resolved, Trace::Thread)];
    assert_eq!(place_mail(&mail).act, joins("QRY-000001", true));
    mail.today = "2026-05-21".parse().expect("a date");
    let follows = MailAct::Open { account: account(1), item: None, follows: Some("QRY-000001".into()) };
    assert_eq!(place_mail(&mail).act, follows, "31 days later");
    mail.today = "2026-05-20".parse().expect("a date");
    assert_eq!(place_mail(&mail).act, joins("QRY-000001", true), "30 days later");
    mail.queries[0].state = QueryState::Withdrawn;
    assert_eq!(place_mail(&mail).act, follows, "what was taken back stays so");
    mail.queries = vec![query("QRY-000001", 1, QueryState::Resolved, Trace::Number(Place::Subject))];
    assert_eq!(place_mail(&mail).act, MailAct::Person, "anybody can write a number");
    mail.sender_accounts = vec![account(1)];
    assert_eq!(place_mail(&mail).act, joins("QRY-000001", true));
}

#[test]
fn qry_06_an_invoice_in_query_is_not_queried_twice() {
    let mut mail = facts();
    mail.numbers =
        vec![NumberNamed { in_query: Some("QRY-000009".into()), ..number("invoice", "INV-000001", 1, Place::Text) }];
    assert_eq!(place_mail(&mail).act, joins("QRY-000009", false));
}

#[test]
fn qry_06_only_what_is_part_of_no_query_can_be_sorted() {
    for state in MailState::ALL {
        let part = matches!(state, MailState::Joined | MailState::Opened);
        assert_eq!(may_sort(*state).is_err(), part, "{state:?}");
        assert_eq!(MailState::parse(state.as_str()), Some(*state));
    }
    assert_eq!(may_sort(MailState::Joined).expect_err("part of one").code, "QRY-MAIL-SORTED");
}
