-- Contracts: rate cards, who pays which part of what, days not charged, what was billed for which days, runs.
-- New tables only; no row there was is touched.

create table rate_card (
  org_id bigint not null,
  id bigint not null,
  code text not null,
  name text not null,
  file_sha256 text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index rate_card_code on rate_card (org_id, code);

create table rate_line (
  org_id bigint not null,
  card_id bigint not null,
  service_code text not null,
  from_on date not null,
  to_on date,
  description text not null,
  unit text not null check (unit in ('day','week','month','quarter','year','term','period','hour')),
  rate_e4 bigint not null check (rate_e4 > 0),
  vat_code text not null,
  income_code text not null,
  why text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, card_id, service_code, from_on)
);

create table term_date (
  org_id bigint not null,
  starts_on date not null,
  ends_on date not null,
  name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, starts_on)
);

create table contract (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  service_user text not null,
  service text not null,
  debt_type text not null,
  cost_centre text not null,
  cycle text not null check (cycle in ('weekly','four_weekly','monthly','quarter_days','scottish_quarter_days','quarterly','yearly','termly')),
  in_advance boolean not null,
  starts_on date not null,
  ends_on date,
  end_reason text not null,
  charge_first_day boolean not null,
  charge_last_day boolean not null,
  terms_days bigint,
  reference text not null,
  billed_to date not null,
  next_on date,
  recheck_from date,
  recheck_why text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index contract_number on contract (org_id, number);
create index contract_next on contract (org_id, next_on, id) where next_on is not null;
create index contract_service_user on contract (org_id, service_user, id);

create table contract_line (
  org_id bigint not null,
  contract_id bigint not null,
  line bigint not null,
  description text not null,
  card_id bigint,
  service_code text not null,
  unit text not null,
  quantity_e4 bigint not null check (quantity_e4 > 0),
  vat_code text not null,
  income_code text not null,
  clause text not null,
  from_on date not null,
  to_on date,
  primary key (org_id, contract_id, line)
);
create index contract_line_card on contract_line (org_id, card_id, service_code) where card_id is not null;

create table contract_rate (
  org_id bigint not null,
  contract_id bigint not null,
  line bigint not null,
  from_on date not null,
  to_on date,
  rate_e4 bigint not null check (rate_e4 > 0),
  why text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, contract_id, line, from_on)
);

create table contract_payer (
  org_id bigint not null,
  contract_id bigint not null,
  seq bigint not null,
  customer_id bigint not null,
  line bigint,
  from_on date not null,
  to_on date,
  share text not null check (share in ('fixed','percent','remainder')),
  share_e4 bigint not null,
  is_lead boolean not null,
  po_number text not null,
  primary key (org_id, contract_id, seq)
);
create index contract_payer_customer on contract_payer (org_id, customer_id, contract_id);

create table contract_break (
  org_id bigint not null,
  contract_id bigint not null,
  seq bigint not null,
  kind text not null check (kind in ('suspension','absence','free')),
  from_on date not null,
  to_on date,
  retained_bp bigint not null check (retained_bp between 0 and 10000),
  reason text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, contract_id, seq)
);

create table contract_change (
  org_id bigint not null,
  contract_id bigint not null,
  seq bigint not null,
  on_day date not null,
  from_on date,
  what text not null,
  why text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, contract_id, seq)
);

-- What was billed for which days, with its evidence. Several rows of adjustments stand behind one net line.
create table contract_charge (
  org_id bigint not null,
  id bigint not null,
  contract_id bigint not null,
  line bigint not null,
  customer_id bigint not null,
  kind text not null check (kind in ('charge','adjustment')),
  state text not null check (state in ('billed','asked','refused')),
  period_starts_on date not null,
  period_ends_on date not null,
  from_on date not null,
  to_on date not null,
  net_pence bigint not null,
  words text not null,
  was_words text not null,
  working jsonb,
  run_id bigint not null,
  document_id bigint,
  document_line bigint,
  approval text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index contract_charge_contract on contract_charge (org_id, contract_id, period_ends_on);
create index contract_charge_document on contract_charge (org_id, document_id) where document_id is not null;
create index contract_charge_run on contract_charge (org_id, run_id, id);
create index contract_charge_approval on contract_charge (org_id, approval) where approval <> '';
create unique index contract_charge_once on contract_charge (org_id, contract_id, line, customer_id, from_on) where kind = 'charge';

create table billing_run (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  up_to date not null,
  service text not null,
  cycle text not null,
  state text not null check (state in ('prepared','releasing','stopped','done','withdrawn')),
  done_count bigint not null,
  total_count bigint not null,
  prepared jsonb not null,
  totals jsonb not null,
  prepared_by bigint not null,
  prepared_by_name text not null,
  prepared_on date not null,
  released_by_name text not null,
  released_on date,
  fence bigint not null,
  holder text not null,
  lease_until timestamptz,
  recorded_at timestamptz not null,
  ended_at timestamptz,
  primary key (org_id, id)
);
create unique index billing_run_number on billing_run (org_id, number);
create index billing_run_state on billing_run (org_id, state, id);

create table billing_run_left (
  org_id bigint not null,
  run_id bigint not null,
  contract_id bigint not null,
  code text not null,
  sentence text not null,
  way_out text not null,
  primary key (org_id, run_id, contract_id)
);

create table uplift (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  from_on date not null,
  card_code text not null,
  service_code text not null,
  by_words text not null,
  why text not null,
  rates_count bigint not null,
  before_pence bigint not null,
  after_pence bigint not null,
  applied_by bigint not null,
  applied_by_name text not null,
  applied_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index uplift_number on uplift (org_id, number);
