-- Queries: what they are about, how they came, how they ended -----------------------

alter table query add column source text not null default 'person';
alter table query add column service text not null default '';
alter table query add column cause text not null default '';
alter table query add column approval text not null default '';
alter table query add column rebilled_as text not null default '';
alter table query add column letter text not null default '';
-- sqlite only
alter table query add column line integer;
-- postgres only
alter table query add column line bigint;
-- both
create index query_opened on query (org_id, opened_on, id);
create index query_approval on query (org_id, approval);

create table query_category (
  org_id bigint not null,
  code text not null,
  from_on date not null,
  name text not null,
  dispute boolean not null,
  target_days bigint not null,
  hold_days bigint not null,
  active boolean not null,
  actor_id bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, code, from_on)
);

create table evidence (
  org_id bigint not null,
  id bigint not null,
  subject text not null,
  name text not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  words text not null,
  came_from text not null,
  recorded_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index evidence_subject on evidence (org_id, subject, sha256);

-- E-mails that are not letters: to services and colleagues ----------------------------

create table outgoing_mail (
  org_id bigint not null,
  id bigint not null,
  sent_to text not null,
  subject text not null,
  body text not null,
  about text not null,
  state text not null check (state in ('waiting','sending','sent','failed','unknown')),
  attempts bigint not null,
  state_reason text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index outgoing_mail_state on outgoing_mail (org_id, state, id);
create index outgoing_mail_about on outgoing_mail (org_id, about);

-- Questions to services, answered by a signed link ------------------------------------

create table service_question (
  org_id bigint not null,
  id bigint not null,
  query_id bigint not null,
  service text not null,
  sent_to text not null,
  question text not null,
  state text not null check (state in ('open','answered','withdrawn','expired')),
  asked_on date not null,
  answer_by date not null,
  ends_on date not null,
  reminders bigint not null,
  reminded_on date,
  answer text not null,
  answered_by text not null,
  answered_on date,
  asked_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index service_question_query on service_question (org_id, query_id, id);
create index service_question_state on service_question (org_id, state, answer_by);

-- Escalation: to whom, once, with what was known then ----------------------------------

create table escalation_rule (
  org_id bigint not null,
  code text not null,
  from_on date not null,
  name text not null,
  after_days bigint not null,
  least_pence bigint not null,
  to_role text not null,
  to_email text not null,
  active boolean not null,
  actor_id bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, code, from_on)
);

create table query_escalation (
  org_id bigint not null,
  query_id bigint not null,
  rule_code text not null,
  rule_name text not null,
  to_role text not null,
  to_email text not null,
  summary text not null,
  escalated_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, query_id, rule_code)
);

-- Complaints ------------------------------------------------------------------------------

create table complaint (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  customer_id bigint not null,
  query_id bigint,
  hold_id bigint not null,
  words text not null,
  owner text not null,
  state text not null check (state in ('open','closed')),
  stage text not null check (stage in ('stage_1','stage_2','ombudsman')),
  opened_on date not null,
  acknowledge_by date not null,
  acknowledged_on date,
  answer_by date not null,
  closed_on date,
  outcome text not null,
  learning text not null,
  answer text not null,
  letter text not null,
  actor_id bigint not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index complaint_number on complaint (org_id, number);
create index complaint_state on complaint (org_id, state, answer_by, id);
create index complaint_customer on complaint (org_id, customer_id, id);

create table complaint_stage (
  org_id bigint not null,
  complaint_id bigint not null,
  stage text not null,
  opened_on date not null,
  answer_by date not null,
  ended_on date,
  words text not null,
  primary key (org_id, complaint_id, stage)
);
