//! The people inside the house: one for each role, in each organisation.
use serde::Serialize;
use std::collections::BTreeMap;
use sundry_desk::control::people::{AddUser, GiveApiKey, add_user, give_api_key, users};
use sundry_desk::control::sign_in::actor_of;
use sundry_desk::setup::organisations::{OpenOrganisation, open_organisation};
use sundry_desk::{Actor, Channel, Desk, Fault, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;

/// Somebody who can sign in to the demo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoPerson {
    /// Sign-in name.
    pub user: String,
    /// Password; for a demo only, and simple.
    pub password: String,
    /// Role, for people.
    pub role: String,
    /// Code of the organisation.
    pub organisation: String,
    /// Name, for people.
    pub name: String,
}

/// An organisation of the demo.
pub struct Site {
    /// Code.
    pub code: &'static str,
    name: &'static str,
    kind: &'static str,
    vat_number: &'static str,
    town: &'static str,
    colour: &'static str,
    /// Sort code of its bank account.
    pub sort_code: &'static str,
    /// Number of its bank account.
    pub account: &'static str,
}

/// The three organisations.
pub const SITES: [Site; 3] = [
    Site {
        code: "NMC",
        name: "Northmere Council",
        kind: "council",
        vat_number: "GB999000101",
        town: "Northmere",
        colour: "#0b6b5d",
        sort_code: "009901",
        account: "10200301",
    },
    Site {
        code: "EVT",
        name: "Eastvale Hospitals NHS Trust",
        kind: "nhs",
        vat_number: "GB999000202",
        town: "Eastvale",
        colour: "#1d4f91",
        sort_code: "009902",
        account: "10200302",
    },
    Site {
        code: "LKF",
        name: "Larkfield Care",
        kind: "care",
        vat_number: "",
        town: "Larkfield Cross",
        colour: "#7a2e5b",
        sort_code: "009903",
        account: "10200303",
    },
];

/// The roles of the people in each organisation.
const ROLES: [Role; 9] = [
    Role::BillingOfficer,
    Role::Cashier,
    Role::CreditController,
    Role::SocialCareFinanceOfficer,
    Role::TeamLeader,
    Role::Approver,
    Role::ServiceManager,
    Role::Auditor,
    Role::Administrator,
];

/// Who they are, in the order of the roles.
const NAMES: [[&str; 9]; 3] = [
    [
        "Priya Nair",
        "Tom Ellerby",
        "Siobhan Clegg",
        "Marcus Thorne",
        "Janet Okafor",
        "Robert Langdale",
        "Helen Varley",
        "Dilip Mistry",
        "Anna Kowalski",
    ],
    [
        "Grace Adeyemi",
        "Ben Hollis",
        "Yasmin Rahman",
        "Paul Metcalfe",
        "Carol Whitlock",
        "Andrew Fenwick",
        "Ruth Moyo",
        "Geoffrey Stott",
        "Lena Nowak",
    ],
    [
        "Alice Pemberton",
        "Imran Hussain",
        "Kelly Marsden",
        "Owen Tudor",
        "Denise Yardley",
        "Stephen Quayle",
        "Maya Desai",
        "Walter Ingham",
        "Chloe Ridley",
    ],
];

/// Who works in an organisation.
pub struct Staff {
    /// The organisation.
    pub org: OrgId,
    /// One person a role.
    people: BTreeMap<Role, Actor>,
}

impl Staff {
    /// The person in a role.
    pub fn role(&self, role: Role) -> &Actor {
        &self.people[&role]
    }
}

/// Opens an organisation with its people; an API key for the first.
pub async fn open(desk: &Desk, nth: usize) -> Outcome<(Staff, Vec<DemoPerson>)> {
    let site = &SITES[nth];
    let web = format!("{}.example", site.name.to_lowercase().replace(' ', "-"));
    let ask = OpenOrganisation {
        key: format!("demo/open/{}", site.code),
        code: site.code.into(),
        name: site.name.into(),
        nation: "england-and-wales".into(),
        kind: site.kind.into(),
        vat_number: site.vat_number.into(),
        letterhead: serde_json::json!({
            "address": ["Finance Services", "1 Market Place", site.town, "ZZ1 1AA"],
            "phone": "01632 960100",
            "phone_hours": "Monday to Friday, 9am to 5pm",
            "phone_hours_cy": "dydd Llun i ddydd Gwener, 9am i 5pm",
            "email": format!("income@{web}"),
            "web": format!("www.{web}"),
            "pay_online": format!("www.{web}/pay"),
            "pay_phone": "01632 960101",
            "complaints": format!("www.{web}/complaints"),
            "brand_colour": site.colour,
            "bank": { "sort_code": site.sort_code, "account": site.account, "account_name": site.name },
        }),
    };
    let org = open_organisation(desk, "Demo", ask).await?.org;
    let operator = Actor::operator(org, "Demo");
    let mut shown = Vec::new();
    for (role, name) in ROLES.into_iter().zip(NAMES[nth]) {
        shown.push(add_person(desk, &operator, site.code, role, name).await?);
    }
    let rows = users(desk, &operator).await?;
    let mut people = BTreeMap::new();
    for (role, person) in ROLES.into_iter().zip(&shown) {
        let row = rows.iter().find(|row| row.sign_in_name == person.user);
        let row = row.ok_or_else(|| Fault::new("a person of the demo was not kept"))?;
        people.insert(role, actor_of(row, Channel::Web));
    }
    Ok((Staff { org, people }, shown))
}

/// An API key of an organisation's billing officer.
pub async fn api_key(desk: &Desk, staff: &Staff) -> Outcome<String> {
    let operator = Actor::operator(staff.org, "Demo");
    let officer = staff.role(Role::BillingOfficer).user;
    let row = users(desk, &operator).await?.into_iter().find(|row| row.id == officer.0);
    let row = row.ok_or_else(|| Fault::new("a person of the demo was not kept"))?;
    let ask = GiveApiKey { key: "demo/api-key".into(), sign_in_name: row.sign_in_name, name: "Demo".into() };
    give_api_key(desk, &operator, ask).await
}

async fn add_person(desk: &Desk, operator: &Actor, code: &str, role: Role, name: &str) -> Outcome<DemoPerson> {
    let code = code.to_lowercase();
    let person = DemoPerson {
        user: format!("{}@{code}", name.to_lowercase().replace(' ', ".")),
        password: format!("{}-{code}-demo", role.as_str().replace('_', "-")),
        role: role.name().into(),
        organisation: code.to_uppercase(),
        name: name.into(),
    };
    let ask = AddUser {
        key: format!("demo/person/{code}/{}", role.as_str()),
        sign_in_name: person.user.clone(),
        display_name: name.into(),
        roles: vec![role.as_str().into()],
        limit: match role {
            Role::Approver => Pence(25_000_000),
            Role::TeamLeader => Pence(500_000),
            _ => Pence::ZERO,
        },
        password: person.password.clone(),
    };
    add_user(desk, operator, ask).await?;
    Ok(person)
}
