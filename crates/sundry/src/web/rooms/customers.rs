//! The list of customers, opening an account, and changing what is known of one.
use super::export::{Sheet, wanted};
use super::form::{Asked, address, again, asked, onto, open_address};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::customers::{CustomerForm, CustomerRow, Customers, TypedCustomer};
use crate::web::ui::{count_of, number};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use sundry_desk::Outcome;
use sundry_desk::customers::{
    AccountAlike, AddCustomer, AskAlike, ChangeCustomer, CustomerFields, CustomersAsk, Identity, add_customer,
    change_customer, customer_account, customers_list, find_alike, search,
};
use sundry_domain::control::Duty;
use sundry_domain::customers::CustomerKind;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Money, Text};
use sundry_store::customers::CustomerLine;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/customers", &[Duty::View], get(list))
        .add("/customers/new", &[Duty::ManageCustomers], get(blank).post(add))
        .add("/customers/{number}/change", &[Duty::ManageCustomers], get(known).post(change))
}

fn kind_words(kind: &str) -> String {
    CustomerKind::parse(kind).map_or_else(|| kind.to_owned(), |kind| kind.name().to_owned())
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (find, kind, after) = (asked(&query, "find"), asked(&query, "kind"), asked(&query, "after"));
    if wanted(asked(&query, "format")) {
        return export(&doors, &visitor, find, kind).await?.file(asked(&query, "format"), &doors, &visitor);
    }
    let filters = [("find", find), ("kind", kind)];
    let (rows, shown, next) = if find.is_empty() {
        let ask = CustomersAsk { after: after.to_owned(), kind: kind.to_owned(), limit: Some(100) };
        let found = customers_list(&doors.desk, &visitor.actor, ask).await?;
        let on_page = i64::try_from(found.rows.len()).unwrap_or(0);
        let shown = format!("{} shown, {} in all", number(on_page), count_of(found.total, "customer", "customers"));
        (found.rows, shown, found.next.unwrap_or_default())
    } else {
        let rows = looked_for(&doors, &visitor, find, kind).await?;
        let shown = count_of(i64::try_from(rows.len()).unwrap_or(0), "customer found", "customers found");
        (rows, shown, String::new())
    };
    let next = if next.is_empty() { next } else { address("/customers", &[("kind", kind), ("after", &next)]) };
    page(&Customers {
        frame: doors.frame(&visitor, "Customers").await,
        find: find.to_owned(),
        kind: kind.to_owned(),
        rows: rows.iter().map(row).collect(),
        shown,
        next,
        address: open_address("/customers", &filters),
        may_add: visitor.actor.holds(Duty::ManageCustomers),
        may_import: visitor.actor.holds(Duty::ImportFiles),
    })
}

fn row(line: &CustomerLine) -> CustomerRow {
    CustomerRow {
        account: line.number.clone(),
        name: line.name.clone(),
        kind: kind_words(&line.kind),
        place: format!("{} {}", line.town, line.postcode).trim().to_owned(),
        balance: Pence(line.balance_pence),
        overdue: Pence(line.overdue_pence),
    }
}

async fn looked_for(doors: &Shared, visitor: &Visitor, find: &str, kind: &str) -> Outcome<Vec<CustomerLine>> {
    let mut rows = search(&doors.desk, &visitor.actor, find).await?.customers;
    rows.retain(|line| kind.is_empty() || line.kind == kind);
    Ok(rows)
}

/// Every row of the list, however long.
async fn export(doors: &Shared, visitor: &Visitor, find: &str, kind: &str) -> Outcome<Sheet> {
    let mut lines = Vec::new();
    if find.is_empty() {
        let mut after = Some(String::new());
        while let Some(place) = after {
            let ask = CustomersAsk { after: place, kind: kind.to_owned(), limit: Some(500) };
            let mut found = customers_list(&doors.desk, &visitor.actor, ask).await?;
            lines.append(&mut found.rows);
            after = found.next;
        }
    } else {
        lines = looked_for(doors, visitor, find, kind).await?;
    }
    let cells = |line: CustomerLine| {
        vec![
            Cell::Text(line.number),
            Cell::Text(line.name),
            Cell::Text(line.kind),
            Cell::Text(line.town),
            Cell::Text(line.postcode),
            Cell::Pence(line.balance_pence),
            Cell::Pence(line.overdue_pence),
        ]
    };
    Ok(Sheet {
        title: "Customers",
        columns: vec![
            ("customer_id", Text),
            ("name", Text),
            ("kind", Text),
            ("town", Text),
            ("postcode", Text),
            ("balance", Money),
            ("overdue", Money),
        ],
        rows: lines.into_iter().map(cells).collect(),
        filters: vec![("Find", find.to_owned()), ("Customer type", kind.to_owned())],
    })
}

fn typed(posted: &Posted) -> TypedCustomer {
    let text = |name: &str| posted.get(name).to_owned();
    TypedCustomer {
        kind: text("kind"),
        name: text("name"),
        address1: text("address1"),
        address2: text("address2"),
        town: text("town"),
        postcode: text("postcode"),
        email: text("email"),
        phone: text("phone"),
        terms_days: text("terms_days"),
        channel: text("channel"),
        language: text("language"),
        letter_format: text("letter_format"),
        collector: text("collector"),
    }
}

/// The fields as the desk takes them; days that are no number become ones that it refuses at their field.
fn fields(page: &CustomerForm) -> CustomerFields {
    let t = page.typed.clone();
    let terms_days = if t.terms_days.is_empty() { None } else { Some(t.terms_days.parse().unwrap_or(-1)) };
    CustomerFields {
        name: t.name,
        kind: t.kind,
        address1: t.address1,
        address2: t.address2,
        town: t.town,
        postcode: t.postcode,
        email: t.email,
        phone: t.phone,
        terms_days,
        channel: t.channel,
        language: t.language,
        letter_format: t.letter_format,
        collector: t.collector,
    }
}

async fn blank(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let typed = TypedCustomer {
        terms_days: "30".into(),
        channel: "post".into(),
        language: "en".into(),
        letter_format: "standard".into(),
        ..TypedCustomer::default()
    };
    let frame = doors.frame(&visitor, "Customers").await;
    page(&CustomerForm {
        frame,
        change: None,
        typed,
        source: String::new(),
        identity: Identity::default(),
        alike: Vec::new(),
    })
}

async fn add(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let frame = doors.frame(&visitor, "Customers").await;
    let typed = typed(&posted);
    let number = |field: &str| posted.get(field).trim().to_owned();
    let identity = Identity {
        company_number: number("company_number"),
        nhs_number: number("nhs_number"),
        vat_number: number("vat_number"),
    };
    let mut form = CustomerForm { frame, change: None, typed, source: String::new(), identity, alike: Vec::new() };
    let fields = fields(&form);
    if !posted.has("sure") && !fields.name.is_empty() {
        form.alike = alike(&doors, &visitor, &form).await?;
        if !form.alike.is_empty() {
            return again(&form);
        }
    }
    let name = fields.name.trim().to_owned();
    let identity = form.identity.clone();
    let ask = AddCustomer { key: posted.key(), fields, identity, confirmed_alike: posted.has("sure") };
    match add_customer(&doors.desk, &visitor.actor, ask).await {
        Ok(added) => told(&format!("/customers/{}", added.number), &format!("{name} added as {}", added.number)),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

/// The accounts that look the same, each with what is the same.
async fn alike(doors: &Shared, visitor: &Visitor, form: &CustomerForm) -> Outcome<Vec<(String, String)>> {
    let ask = AskAlike {
        name: form.typed.name.clone(),
        address1: form.typed.address1.clone(),
        postcode: form.typed.postcode.clone(),
        identity: form.identity.clone(),
        ..AskAlike::default()
    };
    let words = |one: AccountAlike| {
        let same = one.words();
        (one.number, format!("{}, {} {}: same {same}", one.name, one.town, one.postcode))
    };
    Ok(find_alike(&doors.desk, &visitor.actor, ask).await?.accounts.into_iter().map(words).collect())
}

async fn known(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let c = customer_account(&doors.desk, &visitor.actor, &number).await?.customer;
    let typed = TypedCustomer {
        kind: c.kind,
        name: c.name.clone(),
        address1: c.address1,
        address2: c.address2,
        town: c.town,
        postcode: c.postcode,
        email: c.email,
        phone: c.phone,
        terms_days: c.terms_days.to_string(),
        channel: c.channel,
        language: c.language,
        letter_format: c.letter_format,
        collector: c.collector,
    };
    let frame = doors.frame(&visitor, "Customers").await;
    let change = Some((c.number, c.name, c.version));
    page(&CustomerForm {
        frame,
        change,
        typed,
        source: String::new(),
        identity: Identity::default(),
        alike: Vec::new(),
    })
}

async fn change(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let before = customer_account(&doors.desk, &visitor.actor, &number).await?.customer;
    let version = posted.get("version").parse().unwrap_or(before.version);
    let mut form = CustomerForm {
        frame: doors.frame(&visitor, "Customers").await,
        change: Some((before.number, before.name, version)),
        typed: typed(&posted),
        source: posted.get("source").to_owned(),
        identity: Identity::default(),
        alike: Vec::new(),
    };
    let fields = fields(&form);
    let (source, name) = (form.source.clone(), fields.name.trim().to_owned());
    let ask = ChangeCustomer { key: posted.key(), number: number.clone(), version, fields, source };
    match change_customer(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let waits = match done.address_waits.as_str() {
                "" => String::new(),
                approval => format!("; the new address waits for somebody who calls back ({approval})"),
            };
            told(&format!("/customers/{number}/details"), &format!("Details of {name} changed{waits}"))
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("CUS-18-WAITS", "address1")])?;
            page_with(status, &form)
        }
    }
}
