-- Income in advance: what each period's end moved between income and deferred income.

create table income_in_advance (
  org_id bigint not null,
  id bigint not null,
  ends_on date not null,
  income_code text not null,
  cost_centre text not null,
  moved_pence bigint not null check (moved_pence <> 0),
  journal_id bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index income_in_advance_end on income_in_advance (org_id, ends_on, id);
create index contract_charge_to on contract_charge (org_id, to_on, id);
