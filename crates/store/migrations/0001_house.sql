-- The first house: every room's tables. Money is whole pence. org_id leads every key.

create table home_setting (
  name text not null,
  value text not null,
  primary key (name)
);

create table organisation (
  id bigint not null,
  code text not null,
  name text not null,
  nation text not null check (nation in ('england-and-wales','scotland','northern-ireland')),
  kind text not null check (kind in ('council','nhs','independent','care')),
  vat_number text not null,
  letterhead jsonb not null,
  settings jsonb not null,
  recorded_at timestamptz not null,
  primary key (id)
);
create unique index organisation_code on organisation (code);

create table reference_row (
  kind text not null,
  key text not null,
  from_on date not null,
  to_on date,
  value bigint not null,
  note text not null,
  source text not null,
  entered_by text not null,
  approved_by text not null,
  recorded_at timestamptz not null,
  primary key (kind, key, from_on)
);

-- People and programs that sign in -------------------------------------------------

create table app_user (
  org_id bigint not null,
  id bigint not null,
  sign_in_name text not null,
  display_name text not null,
  roles text not null,
  limit_pence bigint not null,
  password_hash text not null,
  failed_count bigint not null,
  locked_until timestamptz,
  disabled_at timestamptz,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);

create table sign_in_name (
  name text not null,
  org_id bigint not null,
  user_id bigint not null,
  primary key (name)
);

create table session (
  token_hash text not null,
  org_id bigint not null,
  user_id bigint not null,
  csrf text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (token_hash)
);

create table api_key (
  key_hash text not null,
  org_id bigint not null,
  user_id bigint not null,
  name text not null,
  ended_at timestamptz,
  recorded_at timestamptz not null,
  primary key (key_hash)
);

-- Commands, audit, outbox, jobs, files ---------------------------------------------

create table idempotency (
  org_id bigint not null,
  key text not null,
  command text not null,
  request_hash text not null,
  answer jsonb,
  recorded_at timestamptz not null,
  primary key (org_id, key)
);

create table counter (
  org_id bigint not null,
  series text not null,
  next bigint not null,
  primary key (org_id, series)
);

create table audit_head (
  org_id bigint not null,
  seq bigint not null,
  hash text not null,
  primary key (org_id)
);

create table audit (
  org_id bigint not null,
  seq bigint not null,
  recorded_at timestamptz not null,
  business_on date not null,
  actor_id bigint not null,
  actor_name text not null,
  channel text not null,
  event text not null,
  subject text not null,
  detail text not null,
  previous_hash text not null,
  hash text not null,
  primary key (org_id, seq)
);
create index audit_subject on audit (org_id, subject, seq);

create table outbox (
  org_id bigint not null,
  id bigint not null,
  event text not null,
  payload jsonb not null,
  recorded_at timestamptz not null,
  delivered_at timestamptz,
  primary key (org_id, id)
);

create table job (
  org_id bigint not null,
  id bigint not null,
  kind text not null,
  dedupe_key text not null,
  state text not null check (state in ('waiting','running','stopped','done','failed')),
  request jsonb not null,
  done_count bigint not null,
  total_count bigint not null,
  message text not null,
  result jsonb,
  asked_by bigint not null,
  fence bigint not null,
  holder text not null,
  lease_until timestamptz,
  recorded_at timestamptz not null,
  ended_at timestamptz,
  primary key (org_id, id)
);
create unique index job_dedupe on job (org_id, dedupe_key);
create index job_state on job (org_id, state, id);

create table kept_file (
  org_id bigint not null,
  sha256 text not null,
  name text not null,
  media_type text not null,
  size_bytes bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, sha256)
);

create table approval (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  command text not null,
  subject text not null,
  summary text not null,
  payload jsonb not null,
  content_hash text not null,
  amount_pence bigint not null,
  asked_by bigint not null,
  asked_by_name text not null,
  asked_on date not null,
  state text not null check (state in ('waiting','approved','refused')),
  decided_by bigint,
  decided_by_name text not null,
  decided_on date,
  reason text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index approval_state on approval (org_id, state, id);
create unique index approval_number on approval (org_id, number);

-- Ledger ---------------------------------------------------------------------------

create table gl_code (
  org_id bigint not null,
  code text not null,
  name text not null,
  role text not null,
  primary key (org_id, code)
);

create table period (
  org_id bigint not null,
  start_year bigint not null,
  number bigint not null,
  starts_on date not null,
  ends_on date not null,
  state text not null check (state in ('open','soft_closed','hard_closed')),
  snapshot_sha256 text not null,
  primary key (org_id, start_year, number)
);

create table journal (
  org_id bigint not null,
  id bigint not null,
  number bigint not null,
  posted_on date not null,
  start_year bigint not null,
  period_number bigint not null,
  event text not null,
  source text not null,
  reason text not null,
  actor_id bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index journal_posted on journal (org_id, posted_on, id);
create index journal_source on journal (org_id, source);

create table entry (
  org_id bigint not null,
  journal_id bigint not null,
  line bigint not null,
  gl_code text not null,
  cost_centre text not null,
  customer_id bigint,
  item_id bigint,
  debit_pence bigint not null check (debit_pence >= 0),
  credit_pence bigint not null check (credit_pence >= 0),
  primary key (org_id, journal_id, line),
  check ((debit_pence = 0) <> (credit_pence = 0))
);

create table open_item (
  org_id bigint not null,
  id bigint not null,
  customer_id bigint not null,
  kind text not null check (kind in ('invoice','credit_note','receipt','refund','interest','compensation','costs','write_off','write_back')),
  number text not null,
  document_id bigint,
  receipt_id bigint,
  posted_on date not null,
  dated_on date not null,
  due_on date not null,
  original_pence bigint not null,
  open_pence bigint not null,
  disputed_pence bigint not null,
  service text not null,
  debt_type text not null,
  stage text not null,
  journal_id bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, id),
  check ((original_pence >= 0 and open_pence between 0 and original_pence) or (original_pence < 0 and open_pence between original_pence and 0))
);
create index open_item_customer on open_item (org_id, customer_id, due_on, id);
create index open_item_open on open_item (org_id, customer_id, due_on, dated_on, open_pence) where open_pence <> 0;
create unique index open_item_number on open_item (org_id, kind, number);
create index open_item_posted on open_item (org_id, posted_on);
create index open_item_receipt on open_item (org_id, receipt_id) where receipt_id is not null;

create table allocation (
  org_id bigint not null,
  id bigint not null,
  customer_id bigint not null,
  debit_item_id bigint not null,
  credit_item_id bigint not null,
  amount_pence bigint not null check (amount_pence <> 0),
  allocated_on date not null,
  made_by text not null check (made_by in ('person','machine','rule')),
  actor_id bigint not null,
  reason text not null,
  confidence_ppm bigint not null,
  reverses_id bigint,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index allocation_debit on allocation (org_id, debit_item_id);
create index allocation_credit on allocation (org_id, credit_item_id);
create index allocation_on on allocation (org_id, allocated_on);
create unique index allocation_reversed on allocation (org_id, reverses_id) where reverses_id is not null;

-- Customers ------------------------------------------------------------------------

create table customer (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  name text not null,
  search_name text not null,
  kind text not null check (kind in ('individual','sole_trader','company','public_body','nhs_body','employee','unknown')),
  address1 text not null,
  address2 text not null,
  town text not null,
  postcode text not null,
  email text not null,
  phone text not null,
  terms_days bigint not null,
  channel text not null check (channel in ('post','email')),
  language text not null check (language in ('en','cy')),
  letter_format text not null,
  collector text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index customer_number on customer (org_id, number);
create index customer_name on customer (org_id, search_name);

create table customer_reference (
  org_id bigint not null,
  customer_id bigint not null,
  kind text not null,
  reference text not null,
  search_reference text not null,
  primary key (org_id, search_reference, customer_id, kind)
);
create index customer_reference_customer on customer_reference (org_id, customer_id);

create table customer_address (
  org_id bigint not null,
  customer_id bigint not null,
  from_on date not null,
  seq bigint not null,
  address text not null,
  source text not null,
  recorded_at timestamptz not null,
  primary key (org_id, customer_id, seq)
);

create table customer_bank (
  org_id bigint not null,
  customer_id bigint not null,
  print text not null,
  sealed text not null,
  last_digits text not null,
  source text not null check (source in ('import','person','learned')),
  recorded_at timestamptz not null,
  primary key (org_id, print, customer_id)
);
create index customer_bank_customer on customer_bank (org_id, customer_id);

create table customer_flag (
  org_id bigint not null,
  id bigint not null,
  customer_id bigint not null,
  kind text not null,
  evidence text not null,
  from_on date not null,
  to_on date,
  review_on date,
  raised_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index customer_flag_customer on customer_flag (org_id, customer_id);

create table note (
  org_id bigint not null,
  id bigint not null,
  customer_id bigint not null,
  kind text not null check (kind in ('note','call','visit','email','letter_in')),
  on_day date not null,
  outcome text not null,
  words text not null,
  pinned boolean not null,
  next_step text not null,
  next_on date,
  actor_id bigint not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index note_customer on note (org_id, customer_id, id);

-- Billing --------------------------------------------------------------------------

create table document (
  org_id bigint not null,
  id bigint not null,
  kind text not null check (kind in ('invoice','credit_note')),
  number text not null,
  customer_id bigint not null,
  issue_on date not null,
  supply_on date not null,
  tax_point_on date not null,
  due_on date not null,
  po_number text not null,
  service text not null,
  debt_type text not null,
  cost_centre text not null,
  net_pence bigint not null,
  vat_pence bigint not null,
  gross_pence bigint not null,
  corrects_id bigint,
  reason text not null,
  origin text not null check (origin in ('raised','taken_on')),
  actor_id bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index document_number on document (org_id, kind, number);
create index document_customer on document (org_id, customer_id, id);
create index document_corrects on document (org_id, corrects_id) where corrects_id is not null;

create table document_line (
  org_id bigint not null,
  document_id bigint not null,
  line bigint not null,
  description text not null,
  quantity_e4 bigint not null,
  unit_price_e4 bigint not null,
  vat_code text not null,
  vat_bp bigint not null,
  net_pence bigint not null,
  vat_pence bigint not null,
  income_code text not null,
  corrects_line bigint,
  primary key (org_id, document_id, line)
);

-- Delivery -------------------------------------------------------------------------

create table letter_template (
  org_id bigint not null,
  code text not null,
  version bigint not null,
  state text not null check (state in ('draft','live','ended')),
  body jsonb not null,
  content_hash text not null,
  approved_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, code, version)
);

create table letter (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  kind text not null,
  customer_id bigint not null,
  document_id bigint,
  template_code text not null,
  template_version bigint not null,
  dated_on date not null,
  channel text not null check (channel in ('post','email')),
  sent_to text not null,
  state text not null check (state in ('waiting','held','printed','sending','sent','failed','unknown','withdrawn')),
  total_pence bigint not null,
  content text not null,
  content_sha256 text not null,
  file_sha256 text not null,
  batch_id bigint,
  run_id bigint,
  attempts bigint not null,
  state_reason text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index letter_number on letter (org_id, number);
create index letter_customer on letter (org_id, customer_id, id);
create index letter_state on letter (org_id, state, channel, id);
create index letter_batch on letter (org_id, batch_id) where batch_id is not null;
create index letter_document on letter (org_id, document_id) where document_id is not null;

create table letter_item (
  org_id bigint not null,
  letter_id bigint not null,
  item_id bigint not null,
  open_pence bigint not null,
  primary key (org_id, letter_id, item_id)
);
create index letter_item_item on letter_item (org_id, item_id);

create table print_batch (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  dated_on date not null,
  letters_count bigint not null,
  sheets_count bigint not null,
  total_pence bigint not null,
  first_number text not null,
  last_number text not null,
  state text not null check (state in ('printing','printed','checked')),
  file_sha256 text not null,
  run_by text not null,
  checked_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);

create table print_part (
  org_id bigint not null,
  batch_id bigint not null,
  part bigint not null,
  letters_count bigint not null,
  sheets_count bigint not null,
  total_pence bigint not null,
  first_number text not null,
  last_number text not null,
  file_sha256 text not null,
  recorded_at timestamptz not null,
  primary key (org_id, batch_id, part)
);

-- Queries --------------------------------------------------------------------------

create table query (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  item_id bigint,
  category text not null,
  words text not null,
  disputed_pence bigint not null,
  opened_on date not null,
  answer_by date not null,
  asked_on date,
  owner text not null,
  state text not null check (state in ('open','waiting_for_customer','answered','resolved','withdrawn')),
  answer text not null,
  resolution text not null,
  resolved_on date,
  actor_id bigint not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index query_number on query (org_id, number);
create index query_customer on query (org_id, customer_id, id);
create index query_state on query (org_id, state, answer_by);

-- Promises and holds ---------------------------------------------------------------

create table promise (
  org_id bigint not null,
  id bigint not null,
  customer_id bigint not null,
  amount_pence bigint not null,
  made_on date not null,
  due_on date not null,
  state text not null check (state in ('open','kept','broken','withdrawn')),
  decided_on date,
  words text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index promise_customer on promise (org_id, customer_id, id);
create index promise_state on promise (org_id, state, due_on);

create table hold (
  org_id bigint not null,
  id bigint not null,
  customer_id bigint not null,
  item_id bigint,
  reason text not null,
  words text not null,
  from_on date not null,
  until_on date,
  ended_on date,
  owner text not null,
  query_id bigint,
  promise_id bigint,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index hold_customer on hold (org_id, customer_id, id);

-- Cash -----------------------------------------------------------------------------

create table bank_account (
  org_id bigint not null,
  id bigint not null,
  name text not null,
  print text not null,
  shown text not null,
  gl_code text not null,
  primary key (org_id, id)
);

create table bank_statement (
  org_id bigint not null,
  id bigint not null,
  bank_account_id bigint not null,
  file_sha256 text not null,
  format text not null,
  statement_number text not null,
  from_on date,
  to_on date,
  opening_pence bigint,
  closing_pence bigint,
  lines_count bigint not null,
  credits_pence bigint not null,
  debits_pence bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index bank_statement_file on bank_statement (org_id, file_sha256);

create table bank_line (
  org_id bigint not null,
  id bigint not null,
  bank_statement_id bigint not null,
  bank_account_id bigint not null,
  external_id text not null,
  line_key text not null,
  posted_on date not null,
  amount_pence bigint not null,
  kind text not null,
  payer_name text not null,
  payer_print text not null,
  payer_shown text not null,
  words text not null,
  state text not null check (state in ('waiting','posted','suggested','suspense','not_a_receipt','reversed')),
  reason text not null,
  receipt_id bigint,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index bank_line_key on bank_line (org_id, bank_account_id, line_key);
create index bank_line_state on bank_line (org_id, state, posted_on, id);

create table receipt (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  bank_line_id bigint,
  customer_id bigint,
  item_id bigint,
  method text not null check (method in ('bank','cheque','cash','card')),
  received_on date not null,
  amount_pence bigint not null check (amount_pence > 0),
  state text not null check (state in ('identified','suspense','reversed')),
  reason text not null,
  owner text not null,
  payer_name text not null,
  words text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index receipt_number on receipt (org_id, number);
create index receipt_state on receipt (org_id, state, received_on, id);
create index receipt_customer on receipt (org_id, customer_id, id);

create table suggestion (
  org_id bigint not null,
  bank_line_id bigint not null,
  rank bigint not null,
  line bigint not null,
  customer_id bigint,
  item_id bigint,
  amount_pence bigint not null,
  confidence_ppm bigint not null,
  reasons jsonb not null,
  primary key (org_id, bank_line_id, rank, line)
);

-- Recovery -------------------------------------------------------------------------

create table pathway_version (
  org_id bigint not null,
  code text not null,
  version bigint not null,
  state text not null check (state in ('draft','live','ended')),
  live_from date,
  body jsonb not null,
  content_hash text not null,
  drafted_by text not null,
  approved_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, code, version)
);

create table step_taken (
  org_id bigint not null,
  item_id bigint not null,
  seq bigint not null,
  customer_id bigint not null,
  pathway_code text not null,
  pathway_version bigint not null,
  step_code text not null,
  due_on date not null,
  taken_on date not null,
  letter_id bigint,
  run_id bigint,
  note text not null,
  recorded_at timestamptz not null,
  primary key (org_id, item_id, seq)
);
create index step_taken_customer on step_taken (org_id, customer_id, taken_on);
create index step_taken_run on step_taken (org_id, run_id);

create table run (
  org_id bigint not null,
  id bigint not null,
  kind text not null,
  number text not null,
  business_on date not null,
  state text not null check (state in ('releasing','stopped','done')),
  done_count bigint not null,
  total_count bigint not null,
  totals jsonb not null,
  fence bigint not null,
  holder text not null,
  lease_until timestamptz,
  started_by text not null,
  recorded_at timestamptz not null,
  ended_at timestamptz,
  primary key (org_id, id)
);
create unique index run_once on run (org_id, kind, business_on);

create table run_refusal (
  org_id bigint not null,
  run_id bigint not null,
  seq bigint not null,
  customer_id bigint not null,
  item_id bigint,
  step_code text not null,
  code text not null,
  sentence text not null,
  allowed_from date,
  primary key (org_id, run_id, seq)
);

-- Ledger posted out ----------------------------------------------------------------

create table gl_batch (
  org_id bigint not null,
  id bigint not null,
  number bigint not null,
  made_on date not null,
  journals_count bigint not null,
  entries_count bigint not null,
  debit_pence bigint not null,
  credit_pence bigint not null,
  file_sha256 text not null,
  file_name text not null,
  state text not null check (state in ('made','sent','acknowledged','rejected')),
  recorded_at timestamptz not null,
  primary key (org_id, id)
);

create table gl_batch_journal (
  org_id bigint not null,
  journal_id bigint not null,
  batch_id bigint not null,
  primary key (org_id, journal_id)
);
create index gl_batch_journal_batch on gl_batch_journal (org_id, batch_id);

-- What is posted is never changed (P06). ---------------------------------------------
-- sqlite only
create trigger journal_kept_u before update on journal begin select raise(abort, 'posted journals are never changed'); end;
create trigger journal_kept_d before delete on journal begin select raise(abort, 'posted journals are never deleted'); end;
create trigger entry_kept_u before update on entry begin select raise(abort, 'posted entries are never changed'); end;
create trigger entry_kept_d before delete on entry begin select raise(abort, 'posted entries are never deleted'); end;
create trigger allocation_kept_u before update on allocation begin select raise(abort, 'allocations are reversed, never changed'); end;
create trigger allocation_kept_d before delete on allocation begin select raise(abort, 'allocations are reversed, never deleted'); end;
create trigger audit_kept_u before update on audit begin select raise(abort, 'the audit trail is never changed'); end;
create trigger audit_kept_d before delete on audit begin select raise(abort, 'the audit trail is never deleted'); end;
create trigger document_kept_u before update on document begin select raise(abort, 'issued documents are never changed'); end;
create trigger document_kept_d before delete on document begin select raise(abort, 'issued documents are never deleted'); end;
create trigger document_line_kept_u before update on document_line begin select raise(abort, 'issued documents are never changed'); end;
create trigger document_line_kept_d before delete on document_line begin select raise(abort, 'issued documents are never deleted'); end;
-- postgres only
create or replace function sundry_kept() returns trigger language plpgsql as 'begin raise exception ''% is never changed'', tg_table_name using errcode = ''42501''; end';
create trigger journal_kept before update or delete or truncate on journal for each statement execute function sundry_kept();
create trigger entry_kept before update or delete or truncate on entry for each statement execute function sundry_kept();
create trigger allocation_kept before update or delete or truncate on allocation for each statement execute function sundry_kept();
create trigger audit_kept before update or delete or truncate on audit for each statement execute function sundry_kept();
create trigger document_kept before update or delete or truncate on document for each statement execute function sundry_kept();
create trigger document_line_kept before update or delete or truncate on document_line for each statement execute function sundry_kept();
-- both

-- Views for people with Excel and BI tools: stable names, money in pounds is theirs to make.
create view report_open_items as select o.code as organisation, c.number as customer_number, c.name as customer_name, i.kind, i.number, i.dated_on, i.due_on, i.original_pence, i.open_pence, i.disputed_pence, i.service, i.debt_type from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id join organisation o on o.id = i.org_id where i.open_pence <> 0;
create view report_entries as select o.code as organisation, j.number as journal_number, j.posted_on, j.start_year, j.period_number, j.event, j.source, e.line, e.gl_code, e.cost_centre, e.debit_pence, e.credit_pence from entry e join journal j on j.org_id = e.org_id and j.id = e.journal_id join organisation o on o.id = e.org_id;
