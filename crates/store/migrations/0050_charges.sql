-- What was charged for paying late, by invoice: posted, corrected when a payment turns out to be older, waived.
create table late_charge (
  org_id bigint not null,
  id bigint not null,
  invoice_item_id bigint not null,
  item_id bigint not null,
  item_number text not null,
  act text not null check (act in ('posted','corrected','waived')),
  part text not null check (part in ('interest','compensation')),
  amount_pence bigint not null,
  as_at date not null,
  words text not null,
  actor_id bigint not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index late_charge_invoice on late_charge (org_id, invoice_item_id, id);
create index late_charge_number on late_charge (org_id, item_number);
