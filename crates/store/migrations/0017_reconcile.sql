-- Reconciling: two large lists, control proofs kept as evidence, standing orders expected and received.
-- New tables only; no row there was is touched.

create table listing_funder (
  org_id bigint not null,
  id bigint not null,
  name text not null,
  layout jsonb,
  our_layout jsonb,
  rules jsonb not null,
  whole_ledger boolean not null,
  version bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index listing_funder_name on listing_funder (org_id, name);

create table listing_funder_customer (
  org_id bigint not null,
  funder_id bigint not null,
  customer_id bigint not null,
  primary key (org_id, funder_id, customer_id)
);

create table listing (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  funder_id bigint not null,
  as_at date not null,
  from_on date,
  rules jsonb not null,
  layout jsonb,
  our_layout jsonb,
  file_name text not null,
  file_sha256 text not null,
  our_file_name text not null,
  our_file_sha256 text not null,
  state text not null check (state in ('columns','waiting','done','signed')),
  attempt bigint not null,
  proof jsonb,
  before_id bigint,
  prepared_by bigint not null,
  prepared_by_name text not null,
  prepared_on date not null,
  signed_by bigint,
  signed_by_name text not null,
  signed_on date,
  signed_words text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index listing_number on listing (org_id, number);
create index listing_funder_of on listing (org_id, funder_id, id);

create table listing_line (
  org_id bigint not null,
  listing_id bigint not null,
  attempt bigint not null,
  seq bigint not null,
  class text not null,
  change text not null check (change in ('new','same','changed','gone')),
  key text not null,
  their_rows text not null,
  their_reference text not null,
  their_name text not null,
  their_on date,
  theirs_pence bigint not null,
  our_number text not null,
  our_account text not null,
  our_on date,
  our_count bigint not null,
  ours_pence bigint not null,
  difference_pence bigint not null,
  words text not null,
  sure_ppm bigint not null,
  primary key (org_id, listing_id, attempt, seq)
);
create index listing_line_class on listing_line (org_id, listing_id, attempt, class, seq);

create table control_proof (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  kind text not null check (kind in ('receivables','bank','suspense','direct_debit','refunds')),
  subject text not null,
  as_at date not null,
  ledger_pence bigint not null,
  other_pence bigint not null,
  open_pence bigint not null,
  unexplained_pence bigint not null,
  lines_count bigint not null,
  content jsonb not null,
  content_sha256 text not null,
  file_sha256 text not null,
  words text not null,
  state text not null check (state in ('prepared','reviewed','sent_back')),
  prepared_by bigint not null,
  prepared_by_name text not null,
  prepared_on date not null,
  reviewed_by bigint,
  reviewed_by_name text not null,
  reviewed_on date,
  review_words text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index control_proof_number on control_proof (org_id, number);
create index control_proof_of on control_proof (org_id, kind, subject, as_at, id);

create table control_line_owner (
  org_id bigint not null,
  kind text not null,
  key text not null,
  owner text not null,
  words text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, kind, key)
);

create table control_night (
  org_id bigint not null,
  on_day date not null,
  kind text not null,
  subject text not null,
  ledger_pence bigint not null,
  other_pence bigint not null,
  unexplained_pence bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, on_day, kind, subject)
);

create table standing_order (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  reference text not null,
  amount_pence bigint not null check (amount_pence > 0),
  frequency text not null check (frequency in ('weekly','two_weekly','four_weekly','monthly','quarterly')),
  from_on date not null,
  to_on date,
  end_reason text not null,
  tolerance_pence bigint not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index standing_order_number on standing_order (org_id, number);
create index standing_order_customer on standing_order (org_id, customer_id, id);

create table standing_order_charge (
  org_id bigint not null,
  standing_order_id bigint not null,
  from_on date not null,
  weekly_pence bigint not null check (weekly_pence >= 0),
  why text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, standing_order_id, from_on)
);

create table standing_order_check (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  from_on date not null,
  to_on date not null,
  orders_count bigint not null,
  due_pence bigint not null,
  received_pence bigint not null,
  shortfalls_count bigint not null,
  excesses_count bigint not null,
  run_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index standing_order_check_number on standing_order_check (org_id, number);

create table standing_order_task (
  org_id bigint not null,
  id bigint not null,
  check_id bigint not null,
  standing_order_id bigint not null,
  customer_id bigint not null,
  kind text not null check (kind in ('shortfall','excess','rate_change')),
  from_on date not null,
  to_on date not null,
  due_pence bigint not null,
  received_pence bigint not null,
  difference_pence bigint not null,
  advice text not null,
  words text not null,
  state text not null check (state in ('open','done')),
  done_how text not null,
  done_on date,
  done_by_name text not null,
  letter_id bigint,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index standing_order_task_state on standing_order_task (org_id, state, id);
create unique index standing_order_task_once on standing_order_task (org_id, standing_order_id, kind, from_on, to_on);
