-- A mailbox may acknowledge what opens a query; those there were do not.

-- sqlite only
alter table mailbox add column acknowledge integer not null default 0 check (acknowledge in (0, 1));
-- postgres only
alter table mailbox add column acknowledge boolean not null default false;
-- both

-- The terms that a customer's invoices have when none are chosen.
create table customer_terms (
  org_id bigint not null,
  customer_id bigint not null,
  code text not null,
  set_by_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, customer_id)
);
