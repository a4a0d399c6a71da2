-- Charges from other systems and requests from services. New tables only; no row there was is touched.

create table feeder (
  org_id bigint not null,
  id bigint not null,
  code text not null,
  name text not null,
  columns jsonb not null,
  customer_by text not null,
  vat_code text not null,
  income_code text not null,
  cost_centre text not null,
  service text not null,
  debt_type text not null,
  gross boolean not null,
  trailer text not null,
  rejects_to text not null,
  active boolean not null,
  changed_by_name text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index feeder_code on feeder (org_id, code);

create table feeder_file (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  feeder_id bigint not null,
  file_name text not null,
  sha256 text not null,
  kept_sha256 text not null,
  state text not null check (state in ('prepared','releasing','stopped','done','withdrawn')),
  rows_count bigint not null,
  rows_pence bigint not null,
  told_rows bigint not null,
  told_pence bigint not null,
  unread_count bigint not null,
  good_count bigint not null,
  before_count bigint not null,
  rejected_count bigint not null,
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
create unique index feeder_file_number on feeder_file (org_id, number);
create unique index feeder_file_once on feeder_file (org_id, feeder_id, sha256) where state <> 'withdrawn';

create table feeder_row (
  org_id bigint not null,
  file_id bigint not null,
  row_number bigint not null,
  feeder_id bigint not null,
  reference text not null,
  state text not null check (state in ('good','billed','rejected','corrected','set_aside','withdrawn')),
  place bigint not null,
  customer_id bigint not null,
  customer text not null,
  document text not null,
  description text not null,
  amount_pence bigint not null,
  vat_code text not null,
  income_code text not null,
  cost_centre text not null,
  service text not null,
  supplied_on date,
  po_number text not null,
  service_user text not null,
  document_id bigint,
  document_line bigint,
  settled_words text not null,
  recorded_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, file_id, row_number)
);
create unique index feeder_row_once on feeder_row (org_id, feeder_id, reference) where state in ('good','billed');
create index feeder_row_waiting on feeder_row (org_id, file_id, state, place, row_number);
create index feeder_row_rejected on feeder_row (org_id, feeder_id, reference) where state = 'rejected';
create index feeder_row_rejects on feeder_row (org_id, recorded_on, file_id, row_number) where state = 'rejected';
create index feeder_row_document on feeder_row (org_id, document_id) where document_id is not null;

create table feeder_fault (
  org_id bigint not null,
  file_id bigint not null,
  row_number bigint not null,
  seq bigint not null,
  field text not null,
  code text not null,
  given text not null,
  right_words text not null,
  primary key (org_id, file_id, row_number, seq)
);

create table person_service (
  org_id bigint not null,
  user_id bigint not null,
  service text not null,
  cost_centre text not null,
  changed_by_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, user_id, service, cost_centre)
);

create table invoice_request (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  state text not null check (state in ('asked','sent_back','withdrawn','invoiced')),
  service text not null,
  cost_centre text not null,
  what_for text not null,
  customer_number text not null,
  customer_words text not null,
  form jsonb not null,
  gross_pence bigint not null,
  asked_by bigint not null,
  asked_by_name text not null,
  asked_on date not null,
  answer_by date not null,
  owner_id bigint not null,
  owner_name text not null,
  reason text not null,
  document_id bigint,
  invoice_number text not null,
  decided_by_name text not null,
  decided_on date,
  batch text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index invoice_request_number on invoice_request (org_id, number);
create index invoice_request_state on invoice_request (org_id, state, id);
create index invoice_request_document on invoice_request (org_id, document_id) where document_id is not null;

create table invoice_request_event (
  org_id bigint not null,
  request_id bigint not null,
  seq bigint not null,
  on_day date not null,
  what text not null,
  words text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, request_id, seq)
);
