-- What a contract says of a fee for paying late, as somebody recorded it: terms are added; one that was wrong is withdrawn
-- with the reason. The fee is a part of what is charged for paying late. Who said yes to a random split between two
-- pathways; empty for those from before it took a yes.

create table contract_fee (
  org_id bigint not null,
  id bigint not null,
  customer_id bigint not null,
  debt_type text not null,
  fee_pence bigint not null check (fee_pence > 0),
  term text not null,
  from_on date not null,
  to_on date,
  found_fair_by text not null,
  evidence text not null,
  recorded_by text not null,
  recorded_on date not null,
  withdrawn_on date,
  withdrawn_by text not null,
  withdrawn_why text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index contract_fee_customer on contract_fee (org_id, customer_id, id);

alter table pathway_trial add column approved_by_name text not null default '';

-- postgres only
alter table late_charge drop constraint late_charge_part_check;
alter table late_charge add constraint late_charge_part_check check (part in ('interest','compensation','fee'));
-- sqlite only
alter table late_charge rename to late_charge_before;
create table late_charge (
  org_id bigint not null,
  id bigint not null,
  invoice_item_id bigint not null,
  item_id bigint not null,
  item_number text not null,
  act text not null check (act in ('posted','corrected','waived')),
  part text not null check (part in ('interest','compensation','fee')),
  amount_pence bigint not null,
  as_at date not null,
  words text not null,
  actor_id bigint not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  reason text not null default '',
  primary key (org_id, id)
);
insert into late_charge (org_id, id, invoice_item_id, item_id, item_number, act, part, amount_pence, as_at, words, actor_id, actor_name, recorded_at, reason) select org_id, id, invoice_item_id, item_id, item_number, act, part, amount_pence, as_at, words, actor_id, actor_name, recorded_at, reason from late_charge_before;
drop table late_charge_before;
create index late_charge_invoice on late_charge (org_id, invoice_item_id, id);
create index late_charge_number on late_charge (org_id, item_number);
-- both
