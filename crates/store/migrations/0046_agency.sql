-- Collection agencies: who they are, what was placed with them, what they were told, what they paid over. Tracing: each
-- search with its source, ground, cost and result. No rows change.

create table agency (
  org_id bigint not null,
  id bigint not null,
  code text not null,
  name text not null,
  email text not null,
  client_code text not null,
  first_bp bigint not null,
  second_bp bigint not null,
  vat_bp bigint not null,
  settlement text not null check (settlement in ('net','invoiced')),
  after_recall_days bigint not null,
  least_pence bigint not null,
  shares_vulnerable boolean not null,
  shares_birth boolean not null,
  agreement text not null,
  agreement_from date,
  agreement_to date,
  bank_account_id bigint,
  active boolean not null,
  actor_id bigint not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index agency_code on agency (org_id, code);

create table agency_file (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  agency_id bigint not null,
  kind text not null check (kind in ('placement','update','answer','stock')),
  name text not null,
  file_sha256 text not null,
  control_name text not null,
  control_sha256 text not null,
  rows_count bigint not null,
  total_pence bigint not null,
  dated_on date not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index agency_file_number on agency_file (org_id, number);
create index agency_file_agency on agency_file (org_id, agency_id, id);
create index agency_file_sha on agency_file (org_id, file_sha256);

create table placement (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  agency_id bigint not null,
  customer_id bigint not null,
  file_id bigint not null,
  round bigint not null,
  placed_on date not null,
  placed_pence bigint not null,
  principal_pence bigint not null,
  interest_pence bigint not null,
  costs_pence bigint not null,
  rate_bp bigint not null,
  vat_bp bigint not null,
  state text not null check (state in ('sent','with_agency','rejected','recalled','returned','closed')),
  agency_ref text not null,
  held boolean not null,
  held_code text not null,
  told_pence bigint not null,
  told_paid_pence bigint not null,
  answered_on date,
  recalled_on date,
  recall_code text not null,
  recall_words text not null,
  confirm_by date,
  closed_on date,
  close_code text not null,
  close_words text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index placement_number on placement (org_id, number);
create index placement_agency on placement (org_id, agency_id, state, id);
create index placement_state on placement (org_id, state, id);
create index placement_customer on placement (org_id, customer_id, id);

create table placement_item (
  org_id bigint not null,
  placement_id bigint not null,
  item_id bigint not null,
  item_number text not null,
  placed_pence bigint not null,
  is_open boolean not null,
  primary key (org_id, placement_id, item_id)
);
create index placement_item_item on placement_item (org_id, item_id);
-- sqlite only
create unique index placement_item_once on placement_item (org_id, item_id) where is_open = 1;
-- postgres only
create unique index placement_item_once on placement_item (org_id, item_id) where is_open;
-- both

create table placement_notice (
  org_id bigint not null,
  id bigint not null,
  placement_id bigint not null,
  kind text not null check (kind in ('payment','adjustment','hold','release','recall','address')),
  amount_pence bigint not null,
  on_day date not null,
  code text not null,
  words text not null,
  file_id bigint,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index placement_notice_placement on placement_notice (org_id, placement_id, id);
create index placement_notice_file on placement_notice (org_id, file_id, id);

create table agency_remittance (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  agency_id bigint not null,
  statement_no text not null,
  period_from date not null,
  period_to date not null,
  name text not null,
  file_sha256 text not null,
  settlement text not null,
  rows_count bigint not null,
  collected_agency_pence bigint not null,
  collected_client_pence bigint not null,
  commission_pence bigint not null,
  vat_pence bigint not null,
  net_pence bigint not null,
  expected_commission_pence bigint not null,
  queried_count bigint not null,
  posted_on date not null,
  posted_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index agency_remittance_number on agency_remittance (org_id, number);
create unique index agency_remittance_statement on agency_remittance (org_id, agency_id, statement_no);
create unique index agency_remittance_file on agency_remittance (org_id, file_sha256);

create table agency_remittance_line (
  org_id bigint not null,
  remittance_id bigint not null,
  line bigint not null,
  account_number text not null,
  agency_ref text not null,
  paid_on date not null,
  kind text not null check (kind in ('payment','reversal','cost')),
  paid_to text not null check (paid_to in ('agency','client')),
  amount_pence bigint not null,
  commission_pence bigint not null,
  vat_pence bigint not null,
  expected_commission_pence bigint not null,
  expected_vat_pence bigint not null,
  placement_id bigint,
  receipt_id bigint,
  outcome text not null check (outcome in ('allocated','part_on_account','suspense','matched','reversed','cost')),
  query text not null,
  primary key (org_id, remittance_id, line)
);
create index agency_remittance_line_placement on agency_remittance_line (org_id, placement_id);
create index agency_remittance_line_receipt on agency_remittance_line (org_id, receipt_id);

-- Tracing ---------------------------------------------------------------------------------

create table trace (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  source text not null,
  purpose text not null,
  lawful_basis text not null,
  why text not null,
  cost_pence bigint not null,
  request_id text not null,
  file_number text not null,
  state text not null check (state in ('asked','sent','answered','no_answer','held','cancelled')),
  asked_by text not null,
  asked_on date not null,
  answer_by date not null,
  answered_on date,
  result text not null,
  confidence_pct bigint not null,
  sources_found bigint not null,
  last_seen_on date,
  birth_agrees boolean not null,
  name_agrees boolean not null,
  words text not null,
  next_step text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index trace_number on trace (org_id, number);
create unique index trace_request on trace (org_id, request_id);
create index trace_customer on trace (org_id, customer_id, id);
create index trace_state on trace (org_id, state, answer_by, id);

create table trace_address (
  org_id bigint not null,
  id bigint not null,
  trace_id bigint not null,
  customer_id bigint not null,
  address1 text not null,
  address2 text not null,
  town text not null,
  postcode text not null,
  confidence_pct bigint not null,
  proven boolean not null,
  restricted boolean not null,
  flagged text not null,
  state text not null check (state in ('candidate','asked','used','turned_down')),
  approval text not null,
  call_back text not null,
  used_on date,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index trace_address_customer on trace_address (org_id, customer_id, id);
create index trace_address_trace on trace_address (org_id, trace_id);

create table trace_mark (
  org_id bigint not null,
  customer_id bigint not null,
  why text not null,
  set_by text not null,
  set_on date not null,
  ended_on date,
  recorded_at timestamptz not null,
  primary key (org_id, customer_id)
);
