-- Dated facts of a debt that a person records with evidence: decision notice, appeal, deferred payment, agreement. Rows are added; one that was wrong is withdrawn with the reason.

create table debt_fact (
  org_id bigint not null,
  id bigint not null,
  item_id bigint not null,
  customer_id bigint not null,
  fact text not null,
  happened_on date not null,
  method text not null,
  evidence text not null,
  recorded_by text not null,
  recorded_on date not null,
  withdrawn_on date,
  withdrawn_by text not null,
  withdrawn_why text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id, item_id)
);
create index debt_fact_customer on debt_fact (org_id, customer_id, item_id, id);
