-- What the matcher learns from people, how often it was right, in which order money is allocated, and remittance
-- advice. Accounts learned before become lessons, which can be seen and forgotten; the rest begins empty.

create table lesson (
  org_id bigint not null,
  id bigint not null,
  kind text not null check (kind in ('account','name','wording')),
  said text not null,
  shown text not null,
  customer_id bigint not null,
  service text not null,
  times bigint not null check (times > 0),
  receipt text not null,
  taught_by text not null,
  taught_on date not null,
  forgotten_on date,
  forgotten_by text not null,
  primary key (org_id, id)
);
create unique index lesson_once on lesson (org_id, kind, said, customer_id, service);
create index lesson_customer on lesson (org_id, customer_id) where customer_id <> 0;

-- sqlite only
insert into lesson (org_id, id, kind, said, shown, customer_id, service, times, receipt, taught_by, taught_on, forgotten_on, forgotten_by) select org_id, row_number() over (partition by org_id order by print, customer_id), 'account', print, last_digits, customer_id, '', 1, '', '', substr(recorded_at, 1, 10), null, '' from customer_bank where source = 'learned';
-- postgres only
insert into lesson (org_id, id, kind, said, shown, customer_id, service, times, receipt, taught_by, taught_on, forgotten_on, forgotten_by) select org_id, row_number() over (partition by org_id order by print, customer_id), 'account', print, last_digits, customer_id, '', 1, '', '', cast(recorded_at as date), null, '' from customer_bank where source = 'learned';
-- both
delete from customer_bank where source = 'learned';

create table match_tally (
  org_id bigint not null,
  from_ppm bigint not null,
  outcome text not null check (outcome in ('posted','undone','agreed','corrected')),
  lines bigint not null,
  primary key (org_id, from_ppm, outcome)
);

create table allocation_order (
  org_id bigint not null,
  debt_type text not null,
  from_on date not null,
  steps jsonb not null,
  reason text not null,
  set_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, debt_type, from_on)
);

create table remittance (
  org_id bigint not null,
  id bigint not null,
  receipt_id bigint not null,
  file_sha256 text not null,
  file_name text not null,
  lines_count bigint not null,
  paid_pence bigint not null,
  credits_pence bigint not null,
  deductions_pence bigint not null,
  applied_on date not null,
  applied_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index remittance_receipt on remittance (org_id, receipt_id, id);

-- Order numbers are looked up from the document to its open item.
create index open_item_document on open_item (org_id, document_id) where document_id is not null;
