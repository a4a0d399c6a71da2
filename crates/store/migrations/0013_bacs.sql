-- Direct Debit: the service user, weight tables, mandates, notices, runs, reports of the bank, claims. No existing row changes.

create table dd_service_user (
  org_id bigint not null,
  sun text not null,
  name text not null,
  account_name text not null,
  sealed text not null,
  shown text not null,
  settings jsonb not null,
  version bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, sun)
);

create table modulus_table (
  org_id bigint not null,
  version text not null,
  effective_on date not null,
  sha256 text not null,
  body jsonb not null,
  loaded_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, version)
);

create table mandate (
  org_id bigint not null,
  id bigint not null,
  reference text not null,
  customer_id bigint not null,
  payer_name text not null,
  payer_address1 text not null,
  payer_address2 text not null,
  payer_town text not null,
  payer_postcode text not null,
  payer_email text not null,
  sealed text not null,
  print text not null,
  shown text not null,
  route text not null check (route in ('paper','telephone','web','face_to_face')),
  evidence text not null,
  signed_on date,
  modulus text not null,
  state text not null check (state in ('draft','awaiting_lodgement','lodged','active','suspended','cancelled','dormant','rejected')),
  state_reason text not null,
  state_on date not null,
  lodged_on date,
  first_collected_on date,
  last_collected_on date,
  claim_open boolean not null,
  replaces_id bigint,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index mandate_reference on mandate (org_id, reference);
create index mandate_customer on mandate (org_id, customer_id, id);
create index mandate_state on mandate (org_id, state, id);

create table dd_instruction (
  org_id bigint not null,
  id bigint not null,
  mandate_id bigint not null,
  code text not null check (code in ('0N','0C','0S')),
  sealed text not null,
  shown text not null,
  state text not null check (state in ('waiting','in_run','written','accepted','returned','withdrawn')),
  run_id bigint,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index dd_instruction_state on dd_instruction (org_id, state, id);
create index dd_instruction_run on dd_instruction (org_id, run_id, id) where run_id is not null;
create index dd_instruction_mandate on dd_instruction (org_id, mandate_id, id);

create table dd_collection (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  mandate_id bigint not null,
  customer_id bigint not null,
  amount_pence bigint not null check (amount_pence > 0),
  notified_for date not null,
  notice_with_payer_on date not null,
  letter_id bigint,
  code text not null,
  state text not null check (state in ('noticed','in_run','taken','unpaid','withdrawn','claimed')),
  is_final boolean not null,
  entry_on date,
  run_id bigint,
  receipt_id bigint,
  again_of bigint,
  times_again bigint not null,
  first_presented_on date,
  reason_code text not null,
  reason text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index dd_collection_number on dd_collection (org_id, number);
create index dd_collection_mandate on dd_collection (org_id, mandate_id, id);
create index dd_collection_state on dd_collection (org_id, state, notified_for, id);
create index dd_collection_run on dd_collection (org_id, run_id, id) where run_id is not null;
create index dd_collection_receipt on dd_collection (org_id, receipt_id) where receipt_id is not null;

create table dd_collection_item (
  org_id bigint not null,
  collection_id bigint not null,
  item_id bigint not null,
  amount_pence bigint not null check (amount_pence > 0),
  primary key (org_id, collection_id, item_id)
);
create index dd_collection_item_item on dd_collection_item (org_id, item_id);

create table dd_run (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  entry_on date not null,
  process_on date not null,
  serial text not null,
  state text not null check (state in ('waiting','refused','releasing','written','sent','acknowledged','withdrawn')),
  collections_count bigint not null,
  collections_pence bigint not null,
  instructions_count bigint not null,
  content_hash text not null,
  approval text not null,
  done_count bigint not null,
  file_sha256 text not null,
  file_name text not null,
  totals jsonb not null,
  asked_by text not null,
  released_by text not null,
  sent_on date,
  acknowledged_on date,
  banked_pence bigint not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index dd_run_number on dd_run (org_id, number);
create index dd_run_serial on dd_run (org_id, serial);

create table dd_report (
  org_id bigint not null,
  id bigint not null,
  file_sha256 text not null,
  place bigint not null,
  file_name text not null,
  kind text not null,
  sun text not null,
  report_on date,
  serial text not null,
  items_count bigint not null,
  applied_count bigint not null,
  held_count bigint not null,
  known_count bigint not null,
  state text not null check (state in ('applied','held','test')),
  reason text not null,
  imported_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index dd_report_file on dd_report (org_id, file_sha256, place);

create table dd_report_item (
  org_id bigint not null,
  key text not null,
  report_id bigint not null,
  place bigint not null,
  kind text not null,
  reference text not null,
  reason text not null,
  words text not null,
  amount_pence bigint not null,
  original_on date,
  state text not null check (state in ('applied','held','settled')),
  outcome text not null,
  mandate_id bigint,
  collection_id bigint,
  recorded_at timestamptz not null,
  primary key (org_id, key)
);
create index dd_report_item_report on dd_report_item (org_id, report_id, place);
create index dd_report_item_state on dd_report_item (org_id, state);

create table dd_claim (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  mandate_id bigint not null,
  collection_id bigint,
  customer_id bigint not null,
  amount_pence bigint not null,
  reason_code text not null,
  bank_reference text not null,
  claimed_on date not null,
  debited_on date not null,
  challenge_by date not null,
  state text not null check (state in ('open','accepted','challenged','withdrawn')),
  decided_by text not null,
  decided_on date,
  words text not null,
  hold_id bigint,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index dd_claim_number on dd_claim (org_id, number);
create index dd_claim_state on dd_claim (org_id, state, challenge_by);
create index dd_claim_mandate on dd_claim (org_id, mandate_id, id);
