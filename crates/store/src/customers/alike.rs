//! Accounts that look the same as one that is about to be opened (CUS-06).
use crate::{StoreFault, Tx, args, sql};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// What is known of the one to be opened, made alike for searching; empty where it is not known.
#[derive(Clone, Debug, Default)]
pub struct AlikeMarks {
    /// Name for searching.
    pub search_name: String,
    /// Postcode as written, `SW1A 1AA`.
    pub postcode: String,
    /// First line of the address, in small letters.
    pub address1: String,
    /// Company number: letters and digits only.
    pub company_number: String,
    /// NHS number: digits only.
    pub nhs_number: String,
    /// VAT number: letters and digits only.
    pub vat_number: String,
    /// Fingerprint of a bank account.
    pub print: String,
}

/// An account that looks the same, and in what.
#[derive(Clone, Debug, FromRow)]
pub struct AlikeRow {
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// name, address, `company_number`, `nhs_number`, `vat_number` or bank.
    pub why: String,
}

/// The accounts that look the same, a row for each thing that is the same, at most fifty; those that were merged are left
/// out. A name alone counts where one of the two postcodes is not known.
pub async fn accounts_alike(tx: &mut Tx, org: OrgId, marks: &AlikeMarks) -> Result<Vec<AlikeRow>, StoreFault> {
    let sql = sql!(
        "select c.number, c.name, c.town, c.postcode, x.why from (select k.id, 'name' as why from customer k where k.org_id = $1 and k.search_name = $2 and k.search_name <> '' and (k.postcode = $3 or k.postcode = '' or $3 = '') union select k.id, 'address' as why from customer k where k.org_id = $1 and k.postcode = $3 and k.postcode <> '' and lower(k.address1) = $4 and k.address1 <> '' union select r.customer_id as id, r.kind as why from customer_reference r where r.org_id = $1 and r.search_reference in ($5, $6, $7) and ((r.kind = 'company_number' and r.search_reference = $5) or (r.kind = 'nhs_number' and r.search_reference = $6) or (r.kind = 'vat_number' and r.search_reference = $7)) union select b.customer_id as id, 'bank' as why from customer_bank b where b.org_id = $1 and b.print = $8 and b.print <> '' union select m.customer_id as id, 'bank' as why from mandate m where m.org_id = $1 and m.print = $8 and m.print <> '') x join customer c on c.org_id = $1 and c.id = x.id where not exists (select 1 from customer_merge g where g.org_id = $1 and g.customer_id = c.id and g.state = 'made') order by c.number, x.why limit 50"
    );
    let values = args![
        org,
        &marks.search_name,
        &marks.postcode,
        &marks.address1,
        &marks.company_number,
        &marks.nhs_number,
        &marks.vat_number,
        &marks.print
    ];
    tx.all(sql, values).await
}
