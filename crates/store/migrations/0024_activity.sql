-- Activity held against contracts, its exceptions, and what of it was billed; uplifts that wait for a yes.
-- Charges there were stay charges by plan; a rate may be for a visit or a session from here on.

-- sqlite only
alter table contract_line add column by_activity integer not null default 0 check (by_activity in (0, 1));
alter table contract_line add column agreed_e4 integer;
alter table contract_charge add column part integer not null default 0;
-- postgres only
alter table contract_line add column by_activity boolean not null default false;
alter table contract_line add column agreed_e4 bigint;
alter table contract_charge add column part bigint not null default 0;
-- both

-- Several rates of one day have a charge each.
drop index contract_charge_once;
create unique index contract_charge_once on contract_charge (org_id, contract_id, line, customer_id, from_on, part) where kind = 'charge';
create index contract_line_activity on contract_line (org_id, contract_id) where by_activity;

-- postgres only
alter table rate_line drop constraint rate_line_unit_check;
alter table rate_line add constraint rate_line_unit_check check (unit in ('day','week','month','quarter','year','term','period','hour','visit','session'));
-- sqlite only
alter table rate_line rename to rate_line_before;
create table rate_line (
  org_id bigint not null,
  card_id bigint not null,
  service_code text not null,
  from_on date not null,
  to_on date,
  description text not null,
  unit text not null check (unit in ('day','week','month','quarter','year','term','period','hour','visit','session')),
  rate_e4 bigint not null check (rate_e4 > 0),
  vat_code text not null,
  income_code text not null,
  why text not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, card_id, service_code, from_on)
);
insert into rate_line select org_id, card_id, service_code, from_on, to_on, description, unit, rate_e4, vat_code, income_code, why, actor_name, recorded_at from rate_line_before;
drop table rate_line_before;
-- both

create table activity_file (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  source text not null,
  file_name text not null,
  file_sha256 text not null,
  reason text not null,
  lines_count bigint not null,
  accepted_count bigint not null,
  held_count bigint not null,
  worth_pence bigint not null,
  held_pence bigint not null,
  actor_name text not null,
  taken_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index activity_file_number on activity_file (org_id, number);
create unique index activity_file_once on activity_file (org_id, file_sha256) where file_sha256 <> '';

create table activity (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  file_id bigint not null,
  source text not null,
  reference text not null,
  service text not null,
  service_user text not null,
  contract_told text not null,
  funder_told text not null,
  unit text not null,
  from_on date not null,
  to_on date not null,
  quantity_e4 bigint not null check (quantity_e4 >= 0),
  rate_told_e4 bigint,
  contract_id bigint,
  line bigint,
  rate_e4 bigint,
  state text not null check (state in ('accepted','held','asked','explained','replaced')),
  held_because text not null,
  sentence text not null,
  explained_as text not null,
  why text not null,
  worth_pence bigint not null,
  owner_name text not null,
  due_on date,
  approval text not null,
  actor_name text not null,
  taken_on date not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index activity_number on activity (org_id, number);
create unique index activity_once on activity (org_id, source, reference) where state <> 'replaced';
create index activity_state on activity (org_id, state, id);
create index activity_contract on activity (org_id, contract_id, to_on) where contract_id is not null;
create index activity_day on activity (org_id, from_on, id);
create index activity_file_lines on activity (org_id, file_id, id);

-- Which lines of activity stand behind a charge, and what each was priced at for all payers together.
create table activity_billed (
  org_id bigint not null,
  charge_id bigint not null,
  activity_id bigint not null,
  priced_pence bigint not null,
  primary key (org_id, charge_id, activity_id)
);
create index activity_billed_activity on activity_billed (org_id, activity_id, charge_id);

-- Uplifts wait for someone else's yes and are applied piece by piece; no command wrote any before.
alter table uplift add column funder text not null default '';
alter table uplift add column state text not null default 'applied' check (state in ('asked','approved','applying','stopped','applied','refused','taken_back'));
alter table uplift add column approval text not null default '';
-- sqlite only
alter table uplift add column done_count integer not null default 0;
alter table uplift add column left_count integer not null default 0;
alter table uplift add column charges_count integer not null default 0;
alter table uplift add column version integer not null default 1;
-- postgres only
alter table uplift add column done_count bigint not null default 0;
alter table uplift add column left_count bigint not null default 0;
alter table uplift add column charges_count bigint not null default 0;
alter table uplift add column version bigint not null default 1;
-- both

create table uplift_line (
  org_id bigint not null,
  uplift_id bigint not null,
  seq bigint not null,
  card_id bigint,
  service_code text not null,
  contract_id bigint,
  line bigint not null,
  old_e4 bigint not null,
  new_e4 bigint not null check (new_e4 > 0),
  state text not null check (state in ('waiting','done','left','taken_back')),
  primary key (org_id, uplift_id, seq)
);
create index uplift_line_contract on uplift_line (org_id, uplift_id, contract_id, line) where contract_id is not null;
