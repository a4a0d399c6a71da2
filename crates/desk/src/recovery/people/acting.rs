//! Who acts for a customer: recorded with what their document lets them do, proved by a copy of it, ended (CUS-12).
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::evidence::{NewFile, note, seal};
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::core::vault::sha256_hex;
use crate::customers::{CHOOSE_FORMAT, find, is_format, refuse_cards};
use crate::{Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::refusals::CHANGED;
use sundry_domain::customers::{is_email, postcode};
use sundry_domain::ids::CustomerId;
use sundry_domain::law::refusals::AUTHORITY_EXPIRED;
use sundry_domain::law::{Matter, RepresentativeRole};
use sundry_domain::recovery::Acting;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::people::acting::{self, ActingRow};

/// Records somebody who acts for a customer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AddActing {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// Stored name of the domain's `RepresentativeRole`.
    pub authority: String,
    /// Their name.
    pub name: String,
    /// First line of the address.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// post or email; post when not said.
    pub channel: String,
    /// en or cy; en when not said.
    pub language: String,
    /// standard, large_print, easy_read, braille or audio; standard when not said.
    pub letter_format: String,
    /// What they may do: stored names of the domain's `Matter`.
    pub scope: Vec<String>,
    /// First day; today when not said.
    pub from_on: Option<NaiveDate>,
    /// Last day; none where it does not end by itself.
    pub to_on: Option<NaiveDate>,
    /// The document, in words: what, dated when, its number.
    pub document: String,
}

/// Who was recorded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActingAdded {
    /// Their number.
    pub number: String,
    /// Whether letters go to them from today.
    pub gets_letters: bool,
}

/// Somebody who acts, as people see it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActingShown {
    /// As recorded.
    pub row: ActingRow,
    /// By what authority, for people.
    pub authority_name: String,
    /// What they may do, for people.
    pub may: Vec<String>,
    /// in_force, not_proved, not_yet, over or ended.
    pub stands: String,
    /// Files that prove it: hash and name.
    pub files: Vec<(String, String)>,
}

/// An authority as the rules take it; none where a stored word cannot be read.
pub(crate) fn acting_of(row: &ActingRow) -> Option<Acting> {
    Some(Acting {
        role: RepresentativeRole::parse(&row.authority)?,
        name: row.name.clone(),
        scope: row.scope.split(',').filter_map(Matter::parse).collect(),
        from_on: row.from_on,
        to_on: match (row.to_on, row.ended_on.and_then(|day| day.pred_opt())) {
            (Some(last), Some(before)) => Some(last.min(before)),
            (last, before) => last.or(before),
        },
        seen: row.proved.then(|| row.document.clone()),
    })
}

/// Texts that are too long, and days nobody means.
fn endless(ask: &AddActing, today: NaiveDate) -> Vec<Invalid> {
    let lines: [(&str, &str); 6] = [
        ("name", &ask.name),
        ("address1", &ask.address1),
        ("address2", &ask.address2),
        ("town", &ask.town),
        ("email", &ask.email),
        ("phone", &ask.phone),
    ];
    let mut wrong = lines_wrong(&lines, 200);
    wrong.extend(words_wrong(&[("document", &ask.document)], 500));
    wrong.extend(days_wrong(&[("from_on", ask.from_on), ("to_on", ask.to_on)], today));
    wrong
}

fn check(ask: &AddActing, today: NaiveDate) -> Result<Acting, Vec<Invalid>> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
    let role = RepresentativeRole::parse(&ask.authority);
    if role.is_none() {
        say("authority", "Choose by what authority they act", &ask.authority);
    }
    for text in ask.scope.iter().filter(|text| Matter::parse(text).is_none()) {
        say("scope", "Choose what they may do from the list", text);
    }
    if ask.document.trim().is_empty() {
        say("document", "Enter the document: what it is, its date and number", &ask.document);
    }
    if !ask.postcode.trim().is_empty() && postcode(&ask.postcode).is_none() {
        say("postcode", "Enter a full UK postcode, like SW1A 1AA", &ask.postcode);
    }
    if !ask.email.trim().is_empty() && !is_email(ask.email.trim()) {
        say("email", "Enter an e-mail address, like name@example.org", &ask.email);
    }
    if !matches!(ask.channel.as_str(), "" | "post" | "email") {
        say("channel", "Choose post or email", &ask.channel);
    }
    if !matches!(ask.language.as_str(), "" | "en" | "cy") {
        say("language", "Choose en or cy", &ask.language);
    }
    if !is_format(&ask.letter_format) {
        say("letter_format", CHOOSE_FORMAT, &ask.letter_format);
    }
    wrong.extend(endless(ask, today));
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
    let letters = ask.scope.iter().any(|text| text == Matter::Letters.as_str());
    if letters && ask.address1.trim().is_empty() && ask.email.trim().is_empty() {
        say("address1", "Enter where their letters go", &ask.address1);
    }
    if ask.channel == "email" && ask.email.trim().is_empty() {
        say("email", "Enter the e-mail address to write to", &ask.email);
    }
    let acting = Acting {
        role: role.unwrap_or(RepresentativeRole::Consent),
        name: ask.name.trim().to_owned(),
        scope: ask.scope.iter().filter_map(|text| Matter::parse(text)).collect(),
        from_on: ask.from_on.unwrap_or(today),
        to_on: ask.to_on,
        seen: None,
    };
    // Said once: a scope that cannot be read is not also too wide.
    if role.is_some() {
        wrong.extend(acting.check());
    }
    if wrong.is_empty() { Ok(acting) } else { Err(wrong) }
}

/// Records somebody who acts for a customer. Until a copy of their document was added they may do nothing.
///
/// # Errors
/// Duty; fields, a scope wider than the authority among them; a customer that is not there.
pub async fn add_acting(desk: &Desk, by: &Actor, ask: AddActing) -> Outcome<ActingAdded> {
    may_set(by)?;
    let acting = check(&ask, desk.today())?;
    refuse_cards(&[("name", &ask.name), ("document", &ask.document), ("address1", &ask.address1)])?;
    command!(desk, by, "add_acting", &ask.key, &ask, |cmd| {
        let customer = find(&mut cmd.tx, cmd.by.org, &ask.customer).await?;
        let number = format!("REP-{:06}", cmd.next_number("REP").await?);
        let scope: Vec<&str> = acting.scope.iter().map(|act| act.as_str()).collect();
        let or = |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
        let row = ActingRow {
            id: cmd.id(),
            number: number.clone(),
            customer_id: customer.id,
            authority: acting.role.as_str().into(),
            name: acting.name.clone(),
            address1: ask.address1.trim().into(),
            address2: ask.address2.trim().into(),
            town: ask.town.trim().into(),
            postcode: postcode(&ask.postcode).unwrap_or_default(),
            email: ask.email.trim().into(),
            phone: ask.phone.trim().into(),
            channel: or(&ask.channel, "post"),
            language: or(&ask.language, "en"),
            letter_format: or(&ask.letter_format, "standard"),
            scope: scope.join(","),
            gets_letters: acting.scope.contains(&Matter::Letters),
            from_on: acting.from_on,
            to_on: acting.to_on,
            document: ask.document.trim().into(),
            proved: false,
            proved_by_name: String::new(),
            ended_on: None,
            ended_why: String::new(),
            recorded_by_name: cmd.by.name.clone(),
            recorded_at: cmd.at,
            version: 1,
        };
        acting::add_acting(&mut cmd.tx, cmd.by.org, &row).await?;
        cmd.tell("ActingAdded", format!("customer {}", customer.number), &row);
        Ok(ActingAdded { number, gets_letters: false })
    })
}

fn may_set(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::ManageCustomers) { Ok(()) } else { Ok(by.must_hold(Duty::SetFlags)?) }
}

async fn named(tx: &mut Tx, org: sundry_domain::ids::OrgId, number: &str) -> Outcome<ActingRow> {
    let row = acting::acting_numbered(tx, org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("representative {}", number.trim())))
}

async fn change(cmd: &mut Command, row: &ActingRow) -> Outcome<()> {
    if acting::change_acting(&mut cmd.tx, cmd.by.org, row).await? {
        return Ok(());
    }
    Err(CHANGED.because(format!("{} was changed by someone else while you had it open", row.number)).into())
}

/// Proves an authority by a copy of its document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProveActing {
    /// Idempotency key.
    pub key: String,
    /// Whose: number of who acts.
    pub number: String,
    /// What the copy shows: stamped, sealed, registered.
    pub words: String,
}

/// Keeps a copy of the document; from now on letters go to who acts, where it covers them.
///
/// # Errors
/// Duty; absent; `QRY-EVIDENCE-KIND`, `QRY-EVIDENCE-SIZE`; `BS-07-EXPIRED` once it has ended.
pub async fn prove_acting(desk: &Desk, by: &Actor, ask: ProveActing, file: NewFile) -> Outcome<ActingAdded> {
    may_set(by)?;
    if ask.words.trim().is_empty() || ask.words.chars().count() > 500 {
        let message = "Enter what the copy shows, in at most 500 characters";
        return Err(Invalid::field("words", message, &ask.words).into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    // Nothing is kept for what is not there.
    named(&mut desk.look().await?, by.org, &ask.number).await?;
    let kept = seal(desk, by.org.0, &file)?;
    let asked = (&ask, sha256_hex(&file.bytes));
    command!(desk, by, "prove_acting", &ask.key, &asked, |cmd| {
        let mut row = named(&mut cmd.tx, cmd.by.org, &ask.number).await?;
        if row.ended_on.is_some() {
            return Err(AUTHORITY_EXPIRED.because(format!("{} has ended", row.number)).into());
        }
        let from = cmd.by.name.clone();
        note(cmd, &format!("representative {}", row.number), &kept, (&ask.words, &from)).await?;
        (row.proved, row.proved_by_name) = (true, from);
        change(cmd, &row).await?;
        cmd.tell("ActingProved", format!("representative {}", row.number), &ask.words);
        Ok(ActingAdded { number: row.number, gets_letters: row.gets_letters })
    })
}

/// Ends an authority.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndActing {
    /// Idempotency key.
    pub key: String,
    /// Number of who acts.
    pub number: String,
    /// Why.
    pub words: String,
}

/// Ends an authority: letters go to the customer again.
///
/// # Errors
/// Duty; absent; a reason that is missing; `BS-07-EXPIRED` when it had ended.
pub async fn end_acting(desk: &Desk, by: &Actor, ask: EndActing) -> Outcome<ActingAdded> {
    may_set(by)?;
    if ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Enter why it ends", &ask.words).into());
    }
    let wrong = words_wrong(&[("words", &ask.words)], 500);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "end_acting", &ask.key, &ask, |cmd| {
        let mut row = named(&mut cmd.tx, cmd.by.org, &ask.number).await?;
        if row.ended_on.is_some() {
            return Err(AUTHORITY_EXPIRED.because(format!("{} has ended", row.number)).into());
        }
        (row.ended_on, row.ended_why) = (Some(cmd.today), ask.words.trim().to_owned());
        change(cmd, &row).await?;
        cmd.tell("ActingEnded", format!("representative {}", row.number), &ask);
        Ok(ActingAdded { number: row.number, gets_letters: false })
    })
}

/// Who acts or acted for a customer, newest first.
///
/// # Errors
/// A customer that is not there.
pub async fn acting_for(desk: &Desk, by: &Actor, customer: &str) -> Outcome<Vec<ActingShown>> {
    by.must_hold(Duty::View)?;
    let (org, today) = (by.org, desk.today());
    let mut look = desk.look().await?;
    let customer = find(&mut look, org, customer).await?;
    let mut shown = Vec::new();
    for row in acting::acting_for(&mut look, org, CustomerId(customer.id)).await? {
        let subject = format!("representative {}", row.number);
        let files = sundry_store::evidence::evidence_of(&mut look, org, &subject).await?;
        shown.push(shown_of(row, today, files.into_iter().map(|file| (file.sha256, file.name)).collect()));
    }
    Ok(shown)
}

fn shown_of(row: ActingRow, today: NaiveDate, files: Vec<(String, String)>) -> ActingShown {
    let stands = match () {
        () if row.ended_on.is_some() => "ended",
        () if row.to_on.is_some_and(|last| last < today) => "over",
        () if !row.proved => "not_proved",
        () if row.from_on > today => "not_yet",
        () => "in_force",
    };
    ActingShown {
        authority_name: RepresentativeRole::parse(&row.authority)
            .map_or_else(|| row.authority.clone(), |role| role.name().into()),
        may: row.scope.split(',').filter_map(Matter::parse).map(|act| act.name().to_owned()).collect(),
        stands: stands.into(),
        files,
        row,
    }
}

/// Whether somebody may do this for a customer: the customer themselves, or who acts for them by number.
///
/// # Errors
/// Absent; `BS-07-NO-AUTHORITY`, `BS-07-EXPIRED`.
pub async fn may_act_for(desk: &Desk, by: &Actor, (customer, who): (&str, &str), act: Matter) -> Outcome<()> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let customer = find(&mut look, by.org, customer).await?;
    allowed(&mut look, by.org, (customer.id, who), act, desk.today()).await
}

/// The same inside a command.
pub(crate) async fn allowed(
    tx: &mut Tx,
    org: sundry_domain::ids::OrgId,
    (customer, who): (i64, &str),
    act: Matter,
    today: NaiveDate,
) -> Outcome<()> {
    if who.trim().is_empty() {
        return Ok(());
    }
    let row = named(tx, org, who).await?;
    if row.customer_id != customer {
        return Err(No::Absent(format!("representative {}", who.trim())));
    }
    let acting = acting_of(&row).ok_or_else(|| crate::Fault::new("an authority that cannot be read"))?;
    Ok(acting.may(act, today)?)
}
