//! Customers: accounts, search, notes, flags, holds, promises, the timeline, what is open.
use super::answer::{Answer, List, made, ok};
use super::problem::Problem;
use super::sent::{Asked, At, AtTwo, By, Key, Sent, numbered};
use super::table::{Holds, Table, desk, desk_list, get, own, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sundry_desk::customers::{self as desk_customers, CustomerFields};
use sundry_desk::plans::{self, EndHold, PlaceHold, PromiseToPay, WithdrawPromise};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, HoldId, ItemId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::customers::CustomerLine;
use sundry_store::plans::{HoldRow, PromiseRow};
use utoipa::ToSchema;

const ROOM: &str = "Customers";

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let kind = "Only this kind: individual, sole_trader, company and so on";
    let table = table
        .add(
            get(ROOM, "/customers", "list_customers", "List customers by name")
                .asks("kind", Holds::Text, kind)
                .paged(desk_list::<CustomerLine>),
            list,
        )
        .add(
            post(
                ROOM,
                "/customers/alike",
                "find_alike",
                "The accounts that look the same as what is known of a customer",
            )
            .looks_only()
            .takes::<KnownOfCustomer>()
            .gives(200, desk::<desk_customers::AlikeFound>),
            alike,
        )
        .add(
            post(ROOM, "/customers", "add_customer", "Open an account")
                .needs(&[Duty::ManageCustomers])
                .takes::<OpenedCustomer>()
                .gives(201, desk::<desk_customers::CustomerAdded>),
            add,
        )
        .add(
            get(ROOM, "/customers/{number}", "get_customer", "Read an account: the strip, items, ages, flags, notes")
                .gives(200, desk::<desk_customers::CustomerAccount>),
            view,
        )
        .add(
            post(ROOM, "/customers/{number}", "change_customer", "Change what is known of a customer")
                .replaces()
                .needs(&[Duty::ManageCustomers])
                .takes::<ChangedCustomer>()
                .gives(200, desk::<desk_customers::CustomerChanged>),
            change,
        )
        .add(
            get(ROOM, "/customers/{number}/items", "list_open_items", "Statement of open items, oldest due first")
                .listed(desk_list::<desk_customers::AccountItemShown>),
            items,
        )
        .add(
            get(ROOM, "/customers/{number}/timeline", "list_timeline", "What happened on an account, newest first")
                .paged(desk_list::<desk_customers::TimelineEvent>),
            timeline,
        )
        .add(
            get(ROOM, "/search", "search", "Search by any number, name, postcode, reference or amount")
                .must("q", Holds::Text, "What to look for")
                .gives(200, desk::<desk_customers::Found>),
            search,
        );
    plans_rows(notes_rows(table))
}

fn notes_rows(table: Table) -> Table {
    table
        .add(
            post(ROOM, "/customers/{number}/notes", "add_note", "Add a note")
                .needs(&[Duty::WorkCases, Duty::ManageCustomers, Duty::AnswerQueries, Duty::PostCash])
                .takes::<NewNote>()
                .gives(201, desk::<desk_customers::NoteAdded>),
            add_note,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/references",
                "add_reference",
                "Add a reference by which the customer can be found",
            )
            .needs(&[Duty::ManageCustomers])
            .takes::<NewReference>()
            .gives(201, own::<Done>),
            add_reference,
        )
        .add(
            post(ROOM, "/customers/{number}/flags", "set_flag", "Set a flag with its evidence")
                .needs(&[Duty::SetFlags])
                .takes::<NewFlag>()
                .gives(201, desk::<desk_customers::FlagSet>),
            set_flag,
        )
        .add(
            post(ROOM, "/customers/{number}/flags/{flag}/end", "end_flag", "End a flag")
                .needs(&[Duty::SetFlags])
                .takes::<FlagEnd>()
                .gives(200, own::<Done>),
            end_flag,
        )
}

fn plans_rows(table: Table) -> Table {
    let work: &[Duty] = &[Duty::WorkCases];
    table
        .add(
            get(ROOM, "/customers/{number}/holds", "list_holds", "Holds of a customer").listed(own_list::<Hold>),
            holds,
        )
        .add(
            post(ROOM, "/customers/{number}/holds", "place_hold", "Place a hold on a customer or on one item")
                .needs(work)
                .takes::<NewHold>()
                .gives(201, desk::<plans::HoldPlaced>),
            place_hold,
        )
        .add(
            get(ROOM, "/holds", "list_live_holds", "The register of holds in force")
                .asks("limit", Holds::Whole(1, 200), "At most so many rows; 100 when not said")
                .listed(own_list::<Hold>),
            live_holds,
        )
        .add(
            post(ROOM, "/holds/{hold}/end", "end_hold", "End a hold")
                .needs(work)
                .takes::<Words>()
                .gives(200, desk::<plans::HoldEnded>),
            end_hold,
        )
        .add(
            get(ROOM, "/customers/{number}/promises", "list_promises", "Promises of a customer")
                .listed(own_list::<Promise>),
            promises,
        )
        .add(
            post(ROOM, "/customers/{number}/promises", "take_promise", "Take a promise to pay")
                .needs(work)
                .takes::<NewPromise>()
                .gives(201, desk::<plans::PromiseTaken>),
            promise,
        )
        .add(
            post(ROOM, "/promises/{promise}/withdraw", "withdraw_promise", "Withdraw a promise")
                .needs(work)
                .takes::<Words>()
                .gives(200, desk::<plans::PromiseWithdrawn>),
            withdraw,
        )
}

/// Done, and nothing more to say.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// Always true.
    pub done: bool,
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Why, in words.
    pub words: String,
}

/// What is known of a customer.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
    /// Name as printed.
    pub name: String,
    /// What they are: individual, sole_trader, company and so on.
    pub kind: String,
    /// First line of the address.
    #[serde(default)]
    pub address1: String,
    /// Second line.
    #[serde(default)]
    pub address2: String,
    /// Town.
    #[serde(default)]
    pub town: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
    /// E-mail.
    #[serde(default)]
    pub email: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Days from invoice to due date; 30 when not said.
    #[serde(default)]
    pub terms_days: Option<i64>,
    /// post or email; post when not said.
    #[serde(default)]
    pub channel: String,
    /// en or cy; en when not said.
    #[serde(default)]
    pub language: String,
    /// standard, large_print, easy_read, braille or audio; standard when not said.
    #[serde(default)]
    pub letter_format: String,
    /// Who looks after the account.
    #[serde(default)]
    pub collector: String,
}

impl From<NewCustomer> for CustomerFields {
    fn from(c: NewCustomer) -> CustomerFields {
        CustomerFields {
            name: c.name,
            kind: c.kind,
            address1: c.address1,
            address2: c.address2,
            town: c.town,
            postcode: c.postcode,
            email: c.email,
            phone: c.phone,
            terms_days: c.terms_days,
            channel: c.channel,
            language: c.language,
            letter_format: c.letter_format,
            collector: c.collector,
        }
    }
}

/// A customer whose account is opened.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenedCustomer {
    /// Name as printed.
    pub name: String,
    /// What they are: individual, sole_trader, company and so on.
    pub kind: String,
    /// First line of the address.
    #[serde(default)]
    pub address1: String,
    /// Second line.
    #[serde(default)]
    pub address2: String,
    /// Town.
    #[serde(default)]
    pub town: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
    /// E-mail.
    #[serde(default)]
    pub email: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Days from invoice to due date; 30 when not said.
    #[serde(default)]
    pub terms_days: Option<i64>,
    /// post or email; post when not said.
    #[serde(default)]
    pub channel: String,
    /// en or cy; en when not said.
    #[serde(default)]
    pub language: String,
    /// standard, large_print, easy_read, braille or audio; standard when not said.
    #[serde(default)]
    pub letter_format: String,
    /// Who looks after the account.
    #[serde(default)]
    pub collector: String,
    /// Company number, kept as a reference.
    #[serde(default)]
    pub company_number: String,
    /// NHS number, kept as a reference.
    #[serde(default)]
    pub nhs_number: String,
    /// VAT number, kept as a reference.
    #[serde(default)]
    pub vat_number: String,
    /// That it is another customer, though accounts look the same.
    #[serde(default)]
    pub confirmed_alike: bool,
}

impl OpenedCustomer {
    fn ask(self, key: String) -> desk_customers::AddCustomer {
        let identity = desk_customers::Identity {
            company_number: self.company_number,
            nhs_number: self.nhs_number,
            vat_number: self.vat_number,
        };
        let fields = CustomerFields {
            name: self.name,
            kind: self.kind,
            address1: self.address1,
            address2: self.address2,
            town: self.town,
            postcode: self.postcode,
            email: self.email,
            phone: self.phone,
            terms_days: self.terms_days,
            channel: self.channel,
            language: self.language,
            letter_format: self.letter_format,
            collector: self.collector,
        };
        desk_customers::AddCustomer { key, fields, identity, confirmed_alike: self.confirmed_alike }
    }
}

/// What is known of a customer who may have an account already.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KnownOfCustomer {
    /// Name.
    pub name: String,
    /// First line of the address.
    pub address1: String,
    /// Postcode.
    pub postcode: String,
    /// Company number.
    pub company_number: String,
    /// NHS number.
    pub nhs_number: String,
    /// VAT number.
    pub vat_number: String,
    /// Sort code of a bank account of theirs.
    pub sort_code: String,
    /// Its account number.
    pub account_no: String,
}

async fn alike(State(doors): State<Shared>, by: By, Sent(known): Sent<KnownOfCustomer>) -> Answer {
    let identity = desk_customers::Identity {
        company_number: known.company_number,
        nhs_number: known.nhs_number,
        vat_number: known.vat_number,
    };
    let ask = desk_customers::AskAlike {
        name: known.name,
        address1: known.address1,
        postcode: known.postcode,
        identity,
        sort_code: known.sort_code,
        account_no: known.account_no,
    };
    ok(&desk_customers::find_alike(&doors.desk, &by.0, ask).await?)
}

/// Everything that is known of a customer, changed or not.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedCustomer {
    /// The version that was read.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub version: i64,
    /// What is known.
    pub customer: NewCustomer,
    /// Where a new address comes from: a letter, a call.
    #[serde(default)]
    pub source: String,
}

/// A note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// note, letter_in, email_in or visit; note when not said.
    #[serde(default)]
    pub kind: String,
    /// What it says.
    pub words: String,
    /// Whether it stays on top.
    #[serde(default)]
    pub pinned: bool,
}

/// A reference.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReference {
    /// What it is, such as old_account.
    pub kind: String,
    /// The reference.
    pub reference: String,
}

/// A flag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFlag {
    /// What: vulnerable, breathing_space, insolvent, deceased, gone_away and so on.
    pub kind: String,
    /// How we know.
    pub evidence: String,
    /// First day; today when not said.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// Last day, if known.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// When to look again.
    #[serde(default)]
    pub review_on: Option<NaiveDate>,
}

/// The end of a flag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagEnd {
    /// Its last day; today when not said.
    #[serde(default)]
    pub ended_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// A hold to be placed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// Number of an open item; the whole customer when not said.
    #[serde(default)]
    pub item: Option<String>,
    /// Why, from the list of reasons.
    pub reason: String,
    /// Last day; the reason's own time when not said.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// Why, in words.
    #[serde(default)]
    pub words: String,
}

/// A promise to pay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPromise {
    /// How much, in pence.
    pub amount_pence: i64,
    /// By when.
    pub due_on: NaiveDate,
    /// What was said.
    #[serde(default)]
    pub words: String,
    /// Numbers of the debts it names; none for the account.
    #[serde(default)]
    pub items: Vec<String>,
}

/// A hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hold {
    /// Its id, for ending it.
    pub hold: i64,
    /// Why, from the list of reasons.
    pub reason: String,
    /// Why, in words.
    pub words: String,
    /// Whether it holds one item only.
    pub one_item: bool,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, if it has one.
    pub until_on: Option<NaiveDate>,
    /// When it was ended, if it was.
    pub ended_on: Option<NaiveDate>,
    /// Who looks after it.
    pub owner: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

impl From<HoldRow> for Hold {
    fn from(row: HoldRow) -> Hold {
        Hold {
            hold: row.id,
            reason: row.reason,
            words: row.words,
            one_item: row.item_id.is_some(),
            from_on: row.from_on,
            until_on: row.until_on,
            ended_on: row.ended_on,
            owner: row.owner,
            recorded_at: row.recorded_at,
        }
    }
}

/// A promise.
#[derive(Debug, Serialize, ToSchema)]
pub struct Promise {
    /// Its id, for withdrawing it.
    pub promise: i64,
    /// How much.
    pub amount_pence: i64,
    /// When it was made.
    pub made_on: NaiveDate,
    /// By when it is to be kept.
    pub due_on: NaiveDate,
    /// open, kept, broken or withdrawn.
    pub state: String,
    /// When that was decided.
    pub decided_on: Option<NaiveDate>,
    /// What was said.
    pub words: String,
    /// Who took it.
    pub taken_by: String,
}

impl From<PromiseRow> for Promise {
    fn from(row: PromiseRow) -> Promise {
        Promise {
            promise: row.id,
            amount_pence: row.amount_pence,
            made_on: row.made_on,
            due_on: row.due_on,
            state: row.state,
            decided_on: row.decided_on,
            words: row.words,
            taken_by: row.actor_name,
        }
    }
}

/// The id behind a customer's number.
async fn id_of(doors: &Shared, by: &By, number: &str) -> Result<CustomerId, Problem> {
    let account = desk_customers::customer_account(&doors.desk, &by.0, number).await?;
    Ok(CustomerId(account.customer.id))
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = desk_customers::CustomersAsk {
        after: asked.text("after"),
        kind: asked.text("kind"),
        limit: Some(asked.limit()),
    };
    let page = desk_customers::customers_list(&doors.desk, &by.0, ask).await?;
    let list = List { title: "Customers", rows: page.rows, next: page.next, count: Some(page.total) };
    list.send(&asked, &by, doors.desk.today())
}

async fn add(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<OpenedCustomer>) -> Answer {
    let added = desk_customers::add_customer(&doors.desk, &by.0, new.ask(key)).await?;
    made(&format!("customers/{}", added.number), &added)
}

async fn view(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_customers::customer_account(&doors.desk, &by.0, &number).await?)
}

async fn change(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<ChangedCustomer>,
) -> Answer {
    let ask = desk_customers::ChangeCustomer {
        key,
        number,
        version: sent.version,
        fields: sent.customer.into(),
        source: sent.source,
    };
    ok(&desk_customers::change_customer(&doors.desk, &by.0, ask).await?)
}

async fn items(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let account = desk_customers::customer_account(&doors.desk, &by.0, &number).await?;
    List::whole("Open items", account.items).send(&asked, &by, doors.desk.today())
}

async fn timeline(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let found = desk_customers::timeline(&doors.desk, &by.0, &number, &asked.text("after"), asked.limit()).await?;
    let list = List { title: "Timeline", rows: found.events, next: found.older, count: None };
    list.send(&asked, &by, doors.desk.today())
}

async fn search(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    ok(&desk_customers::search(&doors.desk, &by.0, &asked.text("q")).await?)
}

async fn add_note(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewNote>,
) -> Answer {
    let ask =
        desk_customers::AddNote { key, number: number.clone(), kind: new.kind, words: new.words, pinned: new.pinned };
    let added = desk_customers::add_note(&doors.desk, &by.0, ask).await?;
    made(&format!("customers/{number}"), &added)
}

async fn add_reference(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewReference>,
) -> Answer {
    let ask = desk_customers::AddReference { key, number: number.clone(), kind: new.kind, reference: new.reference };
    desk_customers::add_reference(&doors.desk, &by.0, ask).await?;
    made(&format!("customers/{number}"), &Done { done: true })
}

async fn set_flag(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewFlag>,
) -> Answer {
    let ask = desk_customers::SetFlag {
        key,
        number: number.clone(),
        kind: new.kind,
        evidence: new.evidence,
        from_on: new.from_on,
        to_on: new.to_on,
        review_on: new.review_on,
    };
    let set = desk_customers::set_flag(&doors.desk, &by.0, ask).await?;
    made(&format!("customers/{number}"), &set)
}

async fn end_flag(State(doors): State<Shared>, by: By, at: AtTwo, Key(key): Key, Sent(end): Sent<FlagEnd>) -> Answer {
    let AtTwo(number, flag) = at;
    let flag = numbered(&flag, "flag")?;
    let ask = desk_customers::EndFlag { key, number, flag, ended_on: end.ended_on, reason: end.reason };
    desk_customers::end_flag(&doors.desk, &by.0, ask).await?;
    ok(&Done { done: true })
}

async fn holds(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let rows = plans::holds(&doors.desk, &by.0, id_of(&doors, &by, &number).await?).await?;
    List::whole("Holds", rows.into_iter().map(Hold::from).collect()).send(&asked, &by, doors.desk.today())
}

async fn live_holds(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = plans::live_holds(&doors.desk, &by.0, asked.limit()).await?;
    List::whole("Holds in force", rows.into_iter().map(Hold::from).collect()).send(&asked, &by, doors.desk.today())
}

async fn place_hold(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewHold>,
) -> Answer {
    let account = desk_customers::customer_account(&doors.desk, &by.0, &number).await?;
    let item = match &new.item {
        None => None,
        Some(named) => {
            let item = account.items.iter().find(|item| item.number == *named);
            let say = format!("Choose an item that is open on {number}");
            Some(ItemId(item.ok_or_else(|| Invalid::field("item", say, named))?.item))
        }
    };
    let customer = CustomerId(account.customer.id);
    let ask = PlaceHold { key, customer, item, reason: new.reason, until: new.until, words: new.words };
    let placed = plans::place_hold(&doors.desk, &by.0, ask).await?;
    made(&format!("customers/{number}/holds"), &placed)
}

async fn end_hold(State(doors): State<Shared>, by: By, At(hold): At, Key(key): Key, Sent(why): Sent<Words>) -> Answer {
    let ask = EndHold { key, hold: HoldId(numbered(&hold, "hold")?), words: why.words };
    ok(&plans::end_hold(&doors.desk, &by.0, ask).await?)
}

async fn promises(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let rows = plans::promises(&doors.desk, &by.0, id_of(&doors, &by, &number).await?).await?;
    List::whole("Promises", rows.into_iter().map(Promise::from).collect()).send(&asked, &by, doors.desk.today())
}

async fn promise(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewPromise>,
) -> Answer {
    let customer = id_of(&doors, &by, &number).await?;
    let ask =
        PromiseToPay { key, customer, amount_pence: Pence(new.amount_pence), due_on: new.due_on, words: new.words };
    let taken = plans::promise_to_pay_for(&doors.desk, &by.0, ask, &new.items).await?;
    made(&format!("customers/{number}/promises"), &taken)
}

async fn withdraw(
    State(doors): State<Shared>,
    by: By,
    At(promise): At,
    Key(key): Key,
    Sent(why): Sent<Words>,
) -> Answer {
    let ask = WithdrawPromise { key, promise: numbered(&promise, "promise")?, words: why.words };
    ok(&plans::withdraw_promise(&doors.desk, &by.0, ask).await?)
}
