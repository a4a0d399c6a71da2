//! The payment link of a letter: its token cannot be made up, and says nothing to who reads it.
use crate::Desk;
use crate::core::command::Command;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Days;
use subtle::ConstantTimeEq;
use sundry_domain::ids::OrgId;
use sundry_store::delivery::pay_links::PayLinkRow;

/// How long a link on a letter can be used.
const LIVES: Days = Days::new(366);

/// What a token names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub org: OrgId,
    pub link: i64,
}

impl Token {
    fn named(self) -> [u8; 16] {
        let mut named = [0; 16];
        named[..8].copy_from_slice(&self.org.0.to_be_bytes());
        named[8..].copy_from_slice(&self.link.to_be_bytes());
        named
    }

    /// The token as it stands in an address: what it names, and a mark that only this home can make.
    pub fn text(self, desk: &Desk) -> String {
        let named = self.named();
        let mark = desk.vault().mark(self.org.0, "pay-link", &named);
        URL_SAFE_NO_PAD.encode([named.as_slice(), &mark].concat())
    }
}

/// Reads a token; none when we did not make it.
pub(crate) fn read_token(desk: &Desk, text: &str) -> Option<Token> {
    let bytes: [u8; 28] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let number = |from: usize| bytes[from..from + 8].try_into().map(i64::from_be_bytes).ok();
    let token = Token { org: OrgId(number(0)?), link: number(8)? };
    let mark = desk.vault().mark(token.org.0, "pay-link", &token.named());
    bool::from(mark.ct_eq(&bytes[16..])).then_some(token)
}

/// A link for these items of an account; gives the row to keep and the address to print.
pub(super) fn new_link(
    cmd: &Command,
    public_url: &str,
    (customer, reference): (i64, &str),
    description: String,
) -> (PayLinkRow, String) {
    let row = PayLinkRow {
        id: cmd.id(),
        customer_id: customer,
        reference: reference.to_owned(),
        description,
        ends_on: cmd.today.checked_add_days(LIVES).unwrap_or(cmd.today),
        ended_at: None,
        made_on: cmd.today,
        recorded_at: cmd.at,
    };
    let token = Token { org: cmd.by.org, link: row.id }.text(&cmd.desk);
    let address = format!("{}/pay/{token}", public_url.trim_end_matches('/'));
    (row, address)
}
