-- Overpayments taken back from pay or from payments to a provider: what was agreed, and each deduction with what was taken.

create table overpayment_recovery (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  item_id bigint not null,
  taken_from text not null,
  taken_by text not null,
  evidence text not null,
  every text not null,
  each_pence bigint not null,
  first_on date not null,
  arose_over bigint not null,
  sooner text not null,
  state text not null check (state in ('running','done','ended')),
  hold_id bigint,
  agreed_on date not null,
  agreed_by text not null,
  ended_on date,
  ended_by text not null,
  ended_why text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index overpayment_recovery_number on overpayment_recovery (org_id, number);
create unique index overpayment_recovery_running on overpayment_recovery (org_id, item_id) where state = 'running';

create table overpayment_deduction (
  org_id bigint not null,
  recovery_id bigint not null,
  line bigint not null,
  due_on date not null,
  planned_pence bigint not null,
  state text not null check (state in ('due','taken','missed')),
  taken_on date,
  taken_pence bigint not null,
  receipt text not null,
  credit_item_id bigint,
  reference text not null,
  primary key (org_id, recovery_id, line)
);
create index overpayment_deduction_due on overpayment_deduction (org_id, state, due_on);
