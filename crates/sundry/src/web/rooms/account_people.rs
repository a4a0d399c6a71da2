//! The people about an account, and the forms about them.
use super::form::{date_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::account_people::AccountPeople;
use crate::web::pages::people_form::{Field, PeopleForm, Takes};
use axum::extract::{Path, State};
use axum::routing::get;
use sundry_desk::court::about_customer;
use sundry_desk::customers::{AskForChange, ask_for_change, customer_account, held_changes};
use sundry_desk::queries::NewFile;
use sundry_desk::recovery::people::{
    AddActing, AddJoint, CasesAsk, EndActing, MarkNeed, ProveActing, ReadNeeds, acting_for, add_acting, add_joint,
    cases, end_acting, joints, mark_need, prove_acting, read_needs,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::law::{Adjustment, Matter, Need, OwesBecause, RepresentativeRole};
use sundry_domain::words::written;

const SETS: &[Duty] = &[Duty::ManageCustomers, Duty::SetFlags];

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/customers/{number}/people", &[Duty::View], get(view).post(read))
        .add("/customers/{number}/representatives", SETS, get(acting_form).post(add))
        .add("/customers/{number}/representatives/{rep}/document", SETS, get(proof_form).post(prove))
        .add("/customers/{number}/representatives/{rep}/end", SETS, get(end_form).post(end))
        .add("/customers/{number}/needs", &[Duty::SetFlags], get(need_form).post(mark))
        .add("/customers/{number}/joint-debtors", &[Duty::SetFlags], get(joint_form).post(join))
        .add(
            "/customers/{number}/new-details",
            &[Duty::ManageCustomers, Duty::ChangeBankDetails],
            get(change_form).post(change),
        )
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<AccountPeople> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let account = customer_account(desk, by, number).await?;
    let marked = account.flags.iter().filter(|flag| flag.kind == "vulnerable" && flag.holds);
    let marker = |flag: &sundry_desk::customers::AccountFlag| {
        let review = flag.review_on.map_or_else(|| "when somebody asks".to_owned(), written);
        (flag.evidence.clone(), written(flag.from_on), review)
    };
    let ask = CasesAsk { customer: number.to_owned(), ..CasesAsk::default() };
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/people".into();
    Ok(AccountPeople {
        frame,
        acting: acting_for(desk, by, number).await?,
        cases: cases(desk, by, ask).await?.rows,
        joints: joints(desk, by, number).await?,
        changes: held_changes(desk, by, number).await?,
        markers: marked.map(marker).collect(),
        needs: None,
        about: about_customer(desk, by, number).await?,
        may_set: by.holds(Duty::SetFlags),
        may_manage: by.holds(Duty::ManageCustomers),
        may_work: by.holds(Duty::WorkCases),
        account: account.customer.number,
        customer: account.customer.name,
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn read(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut people = shown(&doors, &visitor, &number).await?;
    let ask = ReadNeeds { key: posted.key(), customer: number, why: posted.get("why").to_owned() };
    match read_needs(&doors.desk, &visitor.actor, ask).await {
        Ok(needs) => {
            people.needs = Some(needs);
            page(&people)
        }
        Err(no) => {
            let status = onto(&mut people.frame, no, &[])?;
            page_with(status, &people)
        }
    }
}

// Forms ----------------------------------------------------------------------------

type Words = (&'static str, &'static str, &'static str);

/// A form about a customer: its heading, its verb, its note, its fields.
pub(super) async fn form_of(
    doors: &Shared,
    visitor: &Visitor,
    (number, path): (&str, &str),
    (title, verb, note): Words,
    fields: Vec<Field>,
) -> Outcome<PeopleForm> {
    let customer = customer_account(&doors.desk, &visitor.actor, number).await?.customer;
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/people".into();
    Ok(PeopleForm {
        frame,
        title: format!("{title}: {}", customer.name),
        back: (format!("/customers/{}/people", customer.number), customer.name),
        action: format!("/customers/{}/{path}", customer.number),
        verb,
        note: note.to_owned(),
        fields,
    })
}

pub(super) fn filled(mut form: PeopleForm, posted: &Posted) -> PeopleForm {
    for field in &mut form.fields {
        field.typed = posted.all(field.name).map(str::to_owned).collect();
    }
    form
}

/// The form again with what is wrong.
pub(super) fn refused(mut form: PeopleForm, no: No, fields: &[(&str, &str)]) -> Answer {
    let status = onto(&mut form.frame, no, fields)?;
    page_with(status, &form)
}

pub(super) fn people_of(number: &str) -> String {
    format!("/customers/{number}/people")
}

pub(super) fn pairs<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    all.map(|(value, words)| (value.to_owned(), words.to_owned())).collect()
}

fn formats() -> Vec<(String, String)> {
    pairs(
        [
            ("standard", "Standard"),
            ("large_print", "Large print"),
            ("easy_read", "Easy read"),
            ("braille", "Braille"),
            ("audio", "Audio"),
        ]
        .into_iter(),
    )
}

async fn blank_acting(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let authorities = pairs(RepresentativeRole::ALL.iter().map(|one| (one.as_str(), one.name())));
    let acts = pairs(Matter::ALL.iter().map(|one| (one.as_str(), one.name())));
    let fields = vec![
        Field::of("authority", "By what authority do they act?", Takes::One(authorities)),
        Field::of("name", "Their name", Takes::Line),
        Field::of("scope", "What does the document let them do?", Takes::Any(acts)),
        Field::of("document", "The document", Takes::Lines).hint("What it is, its date and number"),
        Field::of("from_on", "From", Takes::Date).hint("Leave empty for today."),
        Field::of("to_on", "Until", Takes::Date).hint("Empty if it does not end by itself."),
        Field::of("address1", "Address", Takes::Line),
        Field::of("address2", "Address, second line", Takes::Line),
        Field::of("town", "Town", Takes::Line),
        Field::of("postcode", "Postcode", Takes::Line),
        Field::of("phone", "Telephone", Takes::Line),
        Field::of("email", "E-mail address", Takes::Line),
        Field::of(
            "channel",
            "How do letters reach them?",
            Takes::One(pairs([("post", "By post"), ("email", "By e-mail")].into_iter())),
        ),
        Field::of(
            "language",
            "In which language?",
            Takes::One(pairs([("en", "English"), ("cy", "Welsh")].into_iter())),
        ),
        Field::of("letter_format", "In which format?", Takes::One(formats())),
    ];
    let words = ("Who acts", "Record who acts", "Until a copy of the document is added they may do nothing.");
    form_of(doors, visitor, (number, "representatives"), words, fields).await
}

async fn acting_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_acting(&doors, &visitor, &number).await?)
}

async fn add(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank_acting(&doors, &visitor, &number).await?, &posted);
    let today = doors.desk.today();
    let from_on = date_field(&mut form.frame, "from_on", posted.get("from_on"), today);
    let to_on = date_field(&mut form.frame, "to_on", posted.get("to_on"), today);
    if !form.frame.errors.is_empty() {
        return super::form::again(&form);
    }
    let text = |name: &str| posted.get(name).to_owned();
    let ask = AddActing {
        key: posted.key(),
        customer: number.clone(),
        authority: text("authority"),
        name: text("name"),
        address1: text("address1"),
        address2: text("address2"),
        town: text("town"),
        postcode: text("postcode"),
        email: text("email"),
        phone: text("phone"),
        channel: text("channel"),
        language: text("language"),
        letter_format: text("letter_format"),
        scope: posted.all("scope").map(str::to_owned).collect(),
        from_on,
        to_on,
        document: text("document"),
    };
    match add_acting(&doors.desk, &visitor.actor, ask).await {
        Ok(added) => told(&people_of(&number), &format!("{} is recorded: add a copy of the document", added.number)),
        Err(no) => refused(form, no, &[]),
    }
}

async fn blank_proof(doors: &Shared, visitor: &Visitor, (number, rep): (&str, &str)) -> Outcome<PeopleForm> {
    let fields = vec![
        Field::of("file", "A copy of the document", Takes::File(".pdf,.png,.jpg,.jpeg,.tif,.csv,.txt")),
        Field::of("words", "What does the copy show?", Takes::Lines).hint("For example, stamped on every page"),
    ];
    let words = ("Document", "Keep the copy", "Letters follow the authority from now on, where it covers them.");
    form_of(doors, visitor, (number, &format!("representatives/{rep}/document")), words, fields).await
}

async fn proof_form(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, rep)): Path<(String, String)>,
) -> Answer {
    page(&blank_proof(&doors, &visitor, (&number, &rep)).await?)
}

async fn prove(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, rep)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let form = filled(blank_proof(&doors, &visitor, (&number, &rep)).await?, &posted);
    let (name, bytes) =
        posted.files.first().map_or_else(Default::default, |file| (file.name.clone(), file.bytes.to_vec()));
    let ask = ProveActing { key: posted.key(), number: rep.clone(), words: posted.get("words").to_owned() };
    match prove_acting(&doors.desk, &visitor.actor, ask, NewFile { name, bytes }).await {
        Ok(_) => told(&people_of(&number), &format!("The document of {rep} is kept")),
        Err(no) => refused(form, no, &[("QRY-EVIDENCE-KIND", "file"), ("QRY-EVIDENCE-SIZE", "file")]),
    }
}

async fn blank_end(doors: &Shared, visitor: &Visitor, (number, rep): (&str, &str)) -> Outcome<PeopleForm> {
    let fields = vec![Field::of("words", "Why does it end?", Takes::Lines)];
    let words = ("End an authority", "End it", "Letters go to the customer again.");
    form_of(doors, visitor, (number, &format!("representatives/{rep}/end")), words, fields).await
}

async fn end_form(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, rep)): Path<(String, String)>,
) -> Answer {
    page(&blank_end(&doors, &visitor, (&number, &rep)).await?)
}

async fn end(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, rep)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let form = filled(blank_end(&doors, &visitor, (&number, &rep)).await?, &posted);
    let ask = EndActing { key: posted.key(), number: rep.clone(), words: posted.get("words").to_owned() };
    match end_acting(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told(&people_of(&number), &format!("{rep} has ended")),
        Err(no) => refused(form, no, &[]),
    }
}

async fn blank_need(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let needs = pairs(Need::ALL.iter().map(|one| (one.as_str(), one.name())));
    let changes = pairs(Adjustment::ALL.iter().map(|one| (one.as_str(), one.name())));
    let fields = vec![
        Field::of("need", "What is the need?", Takes::One(needs)),
        Field::of("adjustments", "What do we change?", Takes::Any(changes)).hint("Everybody sees this, and not why."),
        Field::of("reason", "How do we know?", Takes::Lines).hint("The need, not the diagnosis"),
        Field::of("basis", "By what right do we keep it?", Takes::Line).hint("For example, consent of 1 May 2026"),
        Field::of("review_on", "Look at it again on", Takes::Date).hint("Empty is in six months."),
    ];
    let note = "From today reminders are gentler, with two weeks more, and nothing goes to an agency or to court.";
    form_of(doors, visitor, (number, "needs"), ("Mark a need", "Mark the need", note), fields).await
}

async fn need_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_need(&doors, &visitor, &number).await?)
}

async fn mark(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank_need(&doors, &visitor, &number).await?, &posted);
    let review_on = date_field(&mut form.frame, "review_on", posted.get("review_on"), doors.desk.today());
    if !form.frame.errors.is_empty() {
        return super::form::again(&form);
    }
    let ask = MarkNeed {
        key: posted.key(),
        customer: number.clone(),
        need: posted.get("need").to_owned(),
        adjustments: posted.all("adjustments").map(str::to_owned).collect(),
        reason: posted.get("reason").to_owned(),
        basis: posted.get("basis").to_owned(),
        review_on,
    };
    match mark_need(&doors.desk, &visitor.actor, ask).await {
        Ok(marked) => {
            told(&people_of(&number), &format!("Marked, to be looked at again on {}", written(marked.review_on)))
        }
        Err(no) => refused(form, no, &[]),
    }
}

async fn blank_joint(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let relative = ("relative", "A relative, with no agreement of their own");
    let why = pairs(OwesBecause::ALL.iter().map(|one| (one.as_str(), one.name())).chain([relative]));
    let fields = vec![
        Field::of("debt", "Number of the debt", Takes::Line),
        Field::of("other", "Customer number of who owes it too", Takes::Line),
        Field::of("because", "Why do they owe it?", Takes::One(why)),
        Field::of("evidence", "The agreement", Takes::Lines).hint("Its date, and where it is kept"),
    ];
    let note = "Nobody owes a debt because they are family.";
    form_of(doors, visitor, (number, "joint-debtors"), ("Joint debtor", "Record joint debtor", note), fields).await
}

async fn joint_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_joint(&doors, &visitor, &number).await?)
}

async fn join(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank_joint(&doors, &visitor, &number).await?, &posted);
    let text = |name: &str| posted.get(name).to_owned();
    let ask = AddJoint {
        key: posted.key(),
        customer: number.clone(),
        debt: text("debt"),
        other: text("other"),
        because: text("because"),
        evidence: text("evidence"),
    };
    match add_joint(&doors.desk, &visitor.actor, ask).await {
        Ok(added) => told(&people_of(&number), &format!("{} owes {} too", added.other, added.debt)),
        Err(No::Absent(_)) => {
            form.frame.errors.add("other", "Enter the number of a customer of ours");
            super::form::again(&form)
        }
        Err(no) => refused(form, no, &[("BS-06-RELATIVE", "because")]),
    }
}

async fn blank_change(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let what = pairs([("address", "A new address"), ("bank", "A new bank account")].into_iter());
    let fields = vec![
        Field::of("field", "What is new?", Takes::One(what)),
        Field::of("address1", "Address", Takes::Line),
        Field::of("address2", "Address, second line", Takes::Line),
        Field::of("town", "Town", Takes::Line),
        Field::of("postcode", "Postcode", Takes::Line),
        Field::of("sort_code", "Sort code", Takes::Line),
        Field::of("account", "Account number", Takes::Line),
        Field::of("source", "Where do we have it from?", Takes::Line).hint("A letter, a call, a form: its date"),
    ];
    let note = "It counts once somebody else has called the customer back on a number held before.";
    form_of(doors, visitor, (number, "new-details"), ("New details", "Ask for the change", note), fields).await
}

async fn change_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_change(&doors, &visitor, &number).await?)
}

async fn change(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank_change(&doors, &visitor, &number).await?, &posted);
    // An account number is never given back.
    form.fields.iter_mut().filter(|field| field.name == "account").for_each(|field| field.typed.clear());
    let text = |name: &str| posted.get(name).to_owned();
    let ask = AskForChange {
        key: posted.key(),
        customer: number.clone(),
        field: text("field"),
        address1: text("address1"),
        address2: text("address2"),
        town: text("town"),
        postcode: text("postcode"),
        sort_code: text("sort_code"),
        account: text("account"),
        source: text("source"),
    };
    match ask_for_change(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => told(&people_of(&number), &format!("{} waits for somebody who calls back", asked.approval)),
        Err(no) => refused(form, no, &[]),
    }
}
