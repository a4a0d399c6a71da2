-- VAT returns as they were filed: the last of them closes every tax point up to its last day.

create table vat_return (
  org_id bigint not null,
  id bigint not null,
  from_on date not null,
  to_on date not null,
  box1_pence bigint not null,
  box4_pence bigint not null,
  box6_pounds bigint not null,
  receipt text not null,
  filed_on date not null,
  actor_id bigint not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index vat_return_period on vat_return (org_id, to_on);

create index document_tax_point on document (org_id, tax_point_on);
create index document_issued on document (org_id, issue_on);
