-- The calculation of overpaid pay, as it was sent: what was overpaid in each pay period, and what is asked back of it.

create table salary_calculation (
  org_id bigint not null,
  id bigint not null,
  item_id bigint not null,
  version bigint not null,
  repay_by date not null,
  paye_corrected boolean not null,
  gross_pence bigint not null,
  tax_pence bigint not null,
  insurance_pence bigint not null,
  pension_pence bigint not null,
  net_pence bigint not null,
  asked_pence bigint not null,
  evidence text not null,
  letter text not null,
  fact_id bigint,
  recorded_by text not null,
  recorded_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index salary_calculation_item on salary_calculation (org_id, item_id, version);

create table salary_period (
  org_id bigint not null,
  calculation_id bigint not null,
  line bigint not null,
  from_on date not null,
  to_on date not null,
  paid_on date not null,
  gross_pence bigint not null,
  tax_pence bigint not null,
  insurance_pence bigint not null,
  pension_pence bigint not null,
  tax_year text not null,
  asked_as text not null check (asked_as in ('net','gross')),
  asked_pence bigint not null,
  reason text not null,
  primary key (org_id, calculation_id, line)
);
