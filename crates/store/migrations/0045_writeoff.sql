-- Giving debts up: criteria, evidence, questions to services, schedules, losses, write-backs, allowance; and the
-- second proof of who decides. Existing write-offs stay as they are: the losses register begins with the next one.

-- Criteria and limits, each from a day on.
create table writeoff_policy (
  org_id bigint not null,
  name text not null,
  from_on date not null,
  value bigint not null,
  entered_by text not null,
  approved_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, name, from_on)
);

-- What is on file for a debt, by kind.
create table debt_evidence (
  org_id bigint not null,
  id bigint not null,
  item_id bigint not null,
  kind text not null,
  words text not null,
  on_day date not null,
  file_name text not null,
  file_sha256 text not null,
  ended_on date,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index debt_evidence_item on debt_evidence (org_id, item_id, id);

-- A question to the owning service: go on, suspend, give up, court.
create table service_referral (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  item_id bigint not null,
  purpose text not null check (purpose in ('recommendation','suspension')),
  need text not null,
  service text not null,
  sent_to text not null,
  question text not null,
  default_answer text not null,
  state text not null check (state in ('open','answered','defaulted','withdrawn')),
  asked_on date not null,
  remind_on date not null,
  answer_by date not null,
  ends_on date not null,
  reminded_on date,
  answer text not null,
  answer_words text not null,
  answered_by text not null,
  answered_on date,
  hold_id bigint,
  asked_by_id bigint not null,
  asked_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index service_referral_number on service_referral (org_id, number);
create unique index service_referral_open on service_referral (org_id, item_id) where state = 'open';
create index service_referral_item on service_referral (org_id, item_id, id);
create index service_referral_customer on service_referral (org_id, customer_id, id);
create index service_referral_clock on service_referral (org_id, state, answer_by);

create table writeoff_schedule (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  month_on date not null,
  committee_on date,
  committee_minute text not null,
  committee_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index writeoff_schedule_number on writeoff_schedule (org_id, number);

create table writeoff_line (
  org_id bigint not null,
  id bigint not null,
  schedule_id bigint not null,
  item_id bigint not null,
  customer_id bigint not null,
  amount_pence bigint not null check (amount_pence > 0),
  reason text not null,
  words text not null,
  state text not null check (state in ('proposed','sent_back','refused','approved','withdrawn')),
  proposed_by bigint not null,
  proposed_by_name text not null,
  proposed_on date not null,
  decided_by bigint,
  decided_by_name text not null,
  decided_on date,
  decision_words text not null,
  write_off text not null,
  version bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index writeoff_line_schedule on writeoff_line (org_id, schedule_id, id);
create index writeoff_line_item on writeoff_line (org_id, item_id);
create index writeoff_line_customer on writeoff_line (org_id, customer_id, id);
create unique index writeoff_line_live on writeoff_line (org_id, item_id) where state in ('proposed','sent_back');

-- One row for each write-off that was posted: the losses register and the committee's report read it.
create table loss (
  org_id bigint not null,
  item_id bigint not null,
  number text not null,
  start_year bigint not null,
  serial bigint not null,
  category text not null,
  debt_item_id bigint not null,
  debt_number text not null,
  customer_id bigint not null,
  service text not null,
  debt_type text not null,
  reason text not null,
  method text not null check (method in ('request','schedule','small_balance')),
  schedule text not null,
  arisen_on date not null,
  approved_on date not null,
  gross_pence bigint not null,
  relief_pence bigint not null,
  words text not null,
  proposed_by text not null,
  approved_by text not null,
  committee_on date,
  committee_minute text not null,
  counter_fraud boolean not null,
  recorded_at timestamptz not null,
  primary key (org_id, item_id)
);
create unique index loss_serial on loss (org_id, start_year, serial);
create index loss_customer on loss (org_id, customer_id, item_id);
create index loss_number on loss (org_id, number);

-- What a write-back restores, and the money it was restored for.
create table write_back_of (
  org_id bigint not null,
  item_id bigint not null,
  write_off_item_id bigint not null,
  debt_item_id bigint,
  receipt_item_id bigint,
  amount_pence bigint not null,
  vat_pence bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, item_id)
);
create index write_back_of_write_off on write_back_of (org_id, write_off_item_id, item_id);

-- Signs that a customer whose debt was given up is there again, once somebody has looked at them.
create table reappearance_seen (
  org_id bigint not null,
  customer_id bigint not null,
  sign text not null,
  words text not null,
  seen_on date not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, customer_id, sign)
);

-- Loss rates by class and age, each matrix from a day on.
create table allowance_matrix (
  org_id bigint not null,
  from_on date not null,
  body jsonb not null,
  words text not null,
  entered_by text not null,
  approved_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, from_on)
);

-- A debt looked at by itself: what is expected to be lost of it.
create table allowance_named (
  org_id bigint not null,
  id bigint not null,
  item_id bigint not null,
  from_on date not null,
  to_on date,
  amount_pence bigint not null check (amount_pence >= 0),
  words text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index allowance_named_item on allowance_named (org_id, item_id, from_on);

create table allowance_run (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  as_at date not null,
  state text not null check (state in ('waiting','posted','refused')),
  opening_pence bigint not null,
  used_pence bigint not null,
  charge_pence bigint not null,
  closing_pence bigint not null,
  gross_pence bigint not null,
  body jsonb not null,
  approval text not null,
  journal_id bigint,
  made_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index allowance_run_number on allowance_run (org_id, number);
create unique index allowance_run_waiting on allowance_run (org_id) where state = 'waiting';

-- The shared secret of a person's authenticator, sealed; a code counts once.
create table security_code (
  org_id bigint not null,
  user_id bigint not null,
  sealed text not null,
  confirmed_at timestamptz,
  last_step bigint not null,
  failed_count bigint not null,
  locked_until timestamptz,
  recorded_at timestamptz not null,
  primary key (org_id, user_id)
);
