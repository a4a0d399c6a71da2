-- Court: cases from referral to satisfaction, what happened and what is due, files for the court, what starts limitation
-- again; insolvencies with dividends, estates, legal charges. No rows change.

create table court_case (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  state text not null check (state in ('referred','sent_back','accepted','prepared','signed','filed','issued','judgment','satisfied','closed')),
  why text not null,
  means text not null,
  assets text not null,
  checks jsonb not null,
  referred_by bigint not null,
  referred_by_name text not null,
  referred_on date not null,
  decided_by_name text not null,
  decided_on date,
  decision_words text not null,
  letter_number text not null,
  letter_on date,
  replied_on date,
  reply_kind text not null,
  reply_unclear boolean not null,
  documents_requested boolean not null,
  documents_sent_on date,
  notice_on date,
  offer_unanswered boolean not null,
  time_runs_out text not null,
  safe_on date,
  claim jsonb,
  prepared_by bigint,
  signed_by text not null,
  signed_on date,
  file_id bigint,
  claim_number text not null,
  issued_on date,
  issue_fee_pence bigint not null,
  served_on date,
  respond_by date,
  defend_by date,
  stayed_after date,
  responses jsonb not null,
  admission_pending boolean not null,
  requested_on date,
  judgment_on date,
  judgment_pence bigint not null,
  judgment_kind text not null,
  terms jsonb,
  satisfied_on date,
  told_court_on date,
  solicitor text not null,
  solicitor_ref text not null,
  solicitor_on date,
  closed_on date,
  closed_words text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index court_case_number on court_case (org_id, number);
create index court_case_state on court_case (org_id, state, id);
create index court_case_customer on court_case (org_id, customer_id, id);
create index court_case_claim on court_case (org_id, claim_number);

create table court_case_item (
  org_id bigint not null,
  case_id bigint not null,
  item_id bigint not null,
  item_number text not null,
  added_pence bigint not null,
  due_on date not null,
  part text not null check (part in ('debt','interest','compensation','issue_fee','costs','enforcement')),
  is_open boolean not null,
  primary key (org_id, case_id, item_id)
);
create index court_case_item_item on court_case_item (org_id, item_id);

create table court_event (
  org_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  kind text not null,
  on_day date not null,
  due_on date,
  done_on date,
  words text not null,
  amount_pence bigint not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index court_event_case on court_event (org_id, case_id, id);
create index court_event_due on court_event (org_id, due_on, id) where due_on is not null;

create table court_file (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  reference text not null,
  name text not null,
  file_sha256 text not null,
  claims_count bigint not null,
  total_pence bigint not null,
  made_on date not null,
  made_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index court_file_number on court_file (org_id, number);
create unique index court_file_reference on court_file (org_id, reference);

create table limit_event (
  org_id bigint not null,
  id bigint not null,
  item_id bigint not null,
  kind text not null,
  on_day date not null,
  evidence text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index limit_event_item on limit_event (org_id, item_id, id);

-- Insolvency -------------------------------------------------------------------------

create table insolvency (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  kind text not null,
  on_day date not null,
  office_holder text not null,
  reference text not null,
  evidence text not null,
  state text not null check (state in ('open','proved','ended','revoked')),
  owed_pence bigint not null,
  interest_pence bigint not null,
  set_off_pence bigint not null,
  proof_pence bigint not null,
  without_form boolean not null,
  debts jsonb not null,
  proved_on date,
  admitted_pence bigint,
  final_dividend boolean not null,
  ended_on date,
  flag_id bigint,
  recorded_by text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index insolvency_number on insolvency (org_id, number);
create index insolvency_customer on insolvency (org_id, customer_id, id);
create index insolvency_state on insolvency (org_id, state, id);

create table insolvency_dividend (
  org_id bigint not null,
  insolvency_id bigint not null,
  seq bigint not null,
  declared_on date not null,
  pence_in_100 bigint not null,
  expected_pence bigint not null,
  receipt text not null,
  received_pence bigint not null,
  last boolean not null,
  recorded_at timestamptz not null,
  primary key (org_id, insolvency_id, seq)
);

-- Estates ----------------------------------------------------------------------------

create table estate (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  died_on date not null,
  told_on date not null,
  source text not null,
  state text not null check (state in ('open','claimed','settled','no_estate')),
  representatives text not null,
  address text not null,
  solicitor text not null,
  grant_on date,
  demand_from date not null,
  claim_pence bigint not null,
  claimed_on date,
  notice_by date,
  settled_on date,
  settled_pence bigint not null,
  words text not null,
  flag_id bigint,
  recorded_by text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index estate_number on estate (org_id, number);
create index estate_customer on estate (org_id, customer_id, id);
create index estate_state on estate (org_id, state, id);

-- Legal charges ----------------------------------------------------------------------

create table legal_charge (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  case_number text not null,
  kind text not null check (kind in ('interim_charging_order','final_charging_order','voluntary','deferred_payment')),
  property text not null,
  title_number text not null,
  charged_on date not null,
  registered_on date,
  secured_pence bigint not null,
  value_pence bigint not null,
  valued_on date,
  prior_pence bigint not null,
  released_on date,
  released_words text not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index legal_charge_number on legal_charge (org_id, number);
create index legal_charge_customer on legal_charge (org_id, customer_id, id);
create index legal_charge_title on legal_charge (org_id, title_number);
