-- People: what stops recovery for a person and which debts it bears on, who acts for them, who owes with them, what a
-- flag asks of us, the debts a promise names, addresses that wait for a second person. No rows change.

create table person_case (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  kind text not null check (kind in ('breathing_space','deceased','insolvent','gone_away')),
  form text not null,
  state text not null check (state in ('to_match','in_force','ended','not_ours')),
  customer_id bigint,
  candidates jsonb not null,
  hold_id bigint,
  person text not null,
  born_on date,
  address text not null,
  account text not null,
  source text not null,
  reference text not null,
  contact_role text not null,
  contact_name text not null,
  contact_address text not null,
  contact_email text not null,
  received_on date not null,
  starts_on date not null,
  ends_on date,
  treatment_ended_on date,
  flag_id bigint,
  words text not null,
  owner text not null,
  opened_by_name text not null,
  confirmed_by_name text not null,
  confirmed_on date,
  closed_on date,
  outcome text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index person_case_number on person_case (org_id, number);
create unique index person_case_reference on person_case (org_id, kind, reference) where reference <> '';
create index person_case_customer on person_case (org_id, customer_id, id);
create index person_case_state on person_case (org_id, state, kind, id);

create table person_case_item (
  org_id bigint not null,
  case_id bigint not null,
  item_id bigint not null,
  customer_id bigint not null,
  number text not null,
  kind text not null,
  named boolean not null,
  joint_customer_id bigint,
  open_pence bigint not null,
  stage text not null,
  starts_on date not null,
  ends_on date,
  freed_on date,
  freed_by_name text not null,
  freed_why text not null,
  primary key (org_id, case_id, item_id)
);
create index person_case_item_customer on person_case_item (org_id, customer_id, item_id);
create index person_case_item_item on person_case_item (org_id, item_id);

create table person_case_task (
  org_id bigint not null,
  case_id bigint not null,
  seq bigint not null,
  code text not null,
  what text not null,
  due_on date not null,
  done_on date,
  done_by_name text not null,
  words text not null,
  primary key (org_id, case_id, seq)
);
create index person_case_task_due on person_case_task (org_id, due_on) where done_on is null;

create table joint_debtor (
  org_id bigint not null,
  item_id bigint not null,
  customer_id bigint not null,
  owner_id bigint not null,
  because text not null,
  evidence text not null,
  recorded_by_name text not null,
  recorded_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, item_id, customer_id)
);
create index joint_debtor_customer on joint_debtor (org_id, customer_id, item_id);
create index joint_debtor_owner on joint_debtor (org_id, owner_id, item_id);

create table representative (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  authority text not null,
  name text not null,
  address1 text not null,
  address2 text not null,
  town text not null,
  postcode text not null,
  email text not null,
  phone text not null,
  channel text not null check (channel in ('post','email')),
  language text not null check (language in ('en','cy')),
  letter_format text not null,
  scope text not null,
  gets_letters boolean not null,
  from_on date not null,
  to_on date,
  document text not null,
  proved boolean not null,
  proved_by_name text not null,
  ended_on date,
  ended_why text not null,
  recorded_by_name text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index representative_number on representative (org_id, number);
create index representative_customer on representative (org_id, customer_id, id);
create index representative_ends on representative (org_id, to_on) where ended_on is null;

create table flag_detail (
  org_id bigint not null,
  flag_id bigint not null,
  customer_id bigint not null,
  need text not null,
  adjustments text not null,
  reason text not null,
  basis text not null,
  restricted boolean not null,
  case_id bigint,
  primary key (org_id, flag_id)
);
create index flag_detail_customer on flag_detail (org_id, customer_id);

create table promise_item (
  org_id bigint not null,
  promise_id bigint not null,
  item_id bigint not null,
  number text not null,
  primary key (org_id, promise_id, item_id)
);

create table call_detail (
  org_id bigint not null,
  note_id bigint not null,
  customer_id bigint not null,
  direction text not null check (direction in ('out','in')),
  talking_to text not null,
  promise_id bigint,
  next_done_on date,
  primary key (org_id, note_id)
);
create index call_detail_customer on call_detail (org_id, customer_id, note_id);

create table held_change (
  org_id bigint not null,
  id bigint not null,
  approval text not null,
  customer_id bigint not null,
  field text not null check (field in ('address','bank')),
  was text not null,
  wanted text not null,
  source text not null,
  state text not null check (state in ('waiting','made','turned_down')),
  call_back text not null,
  asked_by_name text not null,
  asked_on date not null,
  decided_on date,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index held_change_approval on held_change (org_id, approval);
create unique index held_change_waiting on held_change (org_id, customer_id, field) where state = 'waiting';

create index letter_chasing on letter (org_id, customer_id, dated_on) where kind in ('reminder','notice');
