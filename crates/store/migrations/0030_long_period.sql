-- Contracts billed every 4 weeks with a last period of 5 weeks in a year of 53. No row changes.

-- postgres only
alter table contract drop constraint contract_cycle_check;
alter table contract add constraint contract_cycle_check check (cycle in ('weekly','four_weekly','four_weekly_long','monthly','quarter_days','scottish_quarter_days','quarterly','yearly','termly'));
-- sqlite only
alter table contract rename to contract_before;
create table contract (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  service_user text not null,
  service text not null,
  debt_type text not null,
  cost_centre text not null,
  cycle text not null check (cycle in ('weekly','four_weekly','four_weekly_long','monthly','quarter_days','scottish_quarter_days','quarterly','yearly','termly')),
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
insert into contract (org_id, id, number, service_user, service, debt_type, cost_centre, cycle, in_advance, starts_on, ends_on, end_reason, charge_first_day, charge_last_day, terms_days, reference, billed_to, next_on, recheck_from, recheck_why, recorded_at, version) select org_id, id, number, service_user, service, debt_type, cost_centre, cycle, in_advance, starts_on, ends_on, end_reason, charge_first_day, charge_last_day, terms_days, reference, billed_to, next_on, recheck_from, recheck_why, recorded_at, version from contract_before;
drop table contract_before;
create unique index contract_number on contract (org_id, number);
create index contract_next on contract (org_id, next_on, id) where next_on is not null;
create index contract_service_user on contract (org_id, service_user, id);
-- both
