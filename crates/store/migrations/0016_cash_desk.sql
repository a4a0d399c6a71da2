-- The cash desk: suspense in hand, cheques and cash paid in, refunds, transfers and payment batches.
-- Nothing that stands is changed; every organisation gets the GL code for other funds.

create table suspense_case (
  org_id bigint not null,
  receipt_id bigint not null,
  next_step text not null,
  next_on date,
  noted_on date not null,
  noted_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, receipt_id)
);

create table counter_payment (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  method text not null check (method in ('cheque','cash')),
  payer_name text not null,
  cheque_number text not null,
  drawer_bank text not null,
  words text not null,
  received_on date not null,
  amount_pence bigint not null check (amount_pence > 0),
  receipt_id bigint,
  receipt_number text not null,
  state text not null check (state in ('held','paying_in','banked','cleared','returned')),
  batch_id bigint,
  returned_on date,
  return_reason text not null,
  taken_by bigint not null,
  taken_by_name text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index counter_payment_number on counter_payment (org_id, number);
create index counter_payment_state on counter_payment (org_id, state, id);
create index counter_payment_batch on counter_payment (org_id, batch_id) where batch_id is not null;
create index counter_payment_receipt on counter_payment (org_id, receipt_id) where receipt_id is not null;

create table fund_share (
  org_id bigint not null,
  payment_id bigint not null,
  line bigint not null,
  gl_code text not null,
  words text not null,
  amount_pence bigint not null check (amount_pence > 0),
  primary key (org_id, payment_id, line)
);

create table paying_in_batch (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  slip text not null,
  bank_account_id bigint not null,
  dated_on date not null,
  cheques_count bigint not null,
  cheques_pence bigint not null,
  cash_pence bigint not null,
  total_pence bigint not null,
  state text not null check (state in ('made','banked','cleared')),
  bank_line_id bigint,
  banked_on date,
  made_by bigint not null,
  made_by_name text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index paying_in_batch_number on paying_in_batch (org_id, number);
create index paying_in_batch_state on paying_in_batch (org_id, state, id);

create table refund (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  source text not null check (source in ('credit','suspense')),
  customer_id bigint,
  credit_item_id bigint,
  refund_item_id bigint,
  receipt_id bigint,
  credit_number text not null,
  amount_pence bigint not null check (amount_pence > 0),
  reason text not null,
  words text not null,
  authority text not null,
  method text not null check (method in ('bank','cheque','card')),
  payee_name text not null,
  payee_address text not null,
  bank_print text not null,
  bank_sealed text not null,
  bank_shown text not null,
  call_back text not null,
  warnings text not null,
  state text not null check (state in ('asked','approved','refused','in_batch','sent','paid','returned','withdrawn')),
  approval text not null,
  batch_id bigint,
  asked_by bigint not null,
  asked_by_name text not null,
  asked_on date not null,
  approved_by bigint,
  approved_by_name text not null,
  approved_on date,
  paid_on date,
  returned_on date,
  return_reason text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index refund_number on refund (org_id, number);
create index refund_state on refund (org_id, state, id);
create index refund_customer on refund (org_id, customer_id, amount_pence) where customer_id is not null;
create index refund_batch on refund (org_id, batch_id) where batch_id is not null;
create index refund_receipt on refund (org_id, receipt_id) where receipt_id is not null;

create table payment_batch (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  method text not null check (method in ('bacs','pain001','list')),
  pay_on date not null,
  payments_count bigint not null,
  total_pence bigint not null,
  state text not null check (state in ('draft','approved','written','sent','acknowledged','rejected')),
  made_by bigint not null,
  made_by_name text not null,
  made_on date not null,
  released_by bigint,
  released_by_name text not null,
  file_name text not null,
  file_sha256 text not null,
  sent_on date,
  answered_on date,
  answer text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index payment_batch_number on payment_batch (org_id, number);

create table transfer (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  source text not null check (source in ('credit','suspense')),
  customer_id bigint,
  credit_item_id bigint,
  receipt_id bigint,
  credit_number text not null,
  to_customer_id bigint,
  to_customer text not null,
  to_fund text not null,
  amount_pence bigint not null check (amount_pence > 0),
  words text not null,
  authority text not null,
  state text not null check (state in ('asked','done','refused')),
  approval text not null,
  asked_by bigint not null,
  asked_by_name text not null,
  asked_on date not null,
  done_on date,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index transfer_number on transfer (org_id, number);

create table overpayment_choice (
  org_id bigint not null,
  item_id bigint not null,
  choice text not null check (choice in ('on_account','offset')),
  words text not null,
  authority text not null,
  review_on date,
  decided_by_name text not null,
  decided_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, item_id)
);

insert into gl_code (org_id, code, name, role) select id, '2960', 'Due to other funds', 'FUND' from organisation where not exists (select 1 from gl_code g where g.org_id = organisation.id and (g.code = '2960' or g.role = 'FUND'));
