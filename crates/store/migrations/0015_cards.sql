-- Card payments: who takes them, each payment, refund, dispute and payout, links on letters, webhooks, payment files.
-- No column has room for a card number: the last four digits are the most that is kept.

create table card_provider (
  org_id bigint not null,
  code text not null check (code in ('govuk_pay','pay360_scp','payment_file','practice')),
  name text not null,
  base_url text not null,
  public_url text not null,
  settings jsonb not null,
  sealed_key text not null,
  sealed_webhook_secret text not null,
  telephone boolean not null,
  links boolean not null,
  settled_until date,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, code)
);

create table card_payment (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  provider text not null,
  channel text not null check (channel in ('telephone','link','file','settlement')),
  customer_id bigint,
  pay_link_id bigint,
  amount_pence bigint not null check (amount_pence > 0),
  chosen jsonb not null,
  description text not null,
  provider_ref text,
  next_url text not null,
  state text not null check (state in ('asked','with_payer','failed','cancelled','expired','paid','settled')),
  state_reason text not null,
  needs_look text not null,
  last_four text not null,
  money_ref text not null,
  receipt_id bigint,
  receipt_number text not null,
  fee_pence bigint not null,
  settled_on date,
  payout_id bigint,
  asked_by_name text not null,
  asked_on date not null,
  ask_again_at timestamptz,
  asked_count bigint not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index card_payment_number on card_payment (org_id, number);
create unique index card_payment_ref on card_payment (org_id, provider, provider_ref) where provider_ref is not null;
create index card_payment_customer on card_payment (org_id, customer_id, id) where customer_id is not null;
create index card_payment_open on card_payment (org_id, ask_again_at) where ask_again_at is not null;
create index card_payment_payout on card_payment (org_id, payout_id) where payout_id is not null;
create index card_payment_receipt on card_payment (org_id, receipt_id) where receipt_id is not null;
create index card_payment_money on card_payment (org_id, money_ref) where money_ref <> '';
create index card_payment_link on card_payment (org_id, pay_link_id) where pay_link_id is not null;

create table card_refund (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  payment_id bigint not null,
  customer_id bigint,
  amount_pence bigint not null check (amount_pence > 0),
  reason text not null,
  state text not null check (state in ('asked','refused','approved','sent','paid','failed')),
  state_reason text not null,
  approval_number text not null,
  provider_ref text,
  item_id bigint,
  on_account_pence bigint not null,
  settled_on date,
  payout_id bigint,
  asked_by_name text not null,
  asked_on date not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index card_refund_number on card_refund (org_id, number);
create unique index card_refund_ref on card_refund (org_id, provider_ref) where provider_ref is not null;
create index card_refund_payment on card_refund (org_id, payment_id);
create index card_refund_state on card_refund (org_id, state, id);
create index card_refund_payout on card_refund (org_id, payout_id) where payout_id is not null;

create table card_dispute (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  payment_id bigint not null,
  provider_ref text not null,
  amount_pence bigint not null check (amount_pence > 0),
  fee_pence bigint not null,
  reason text not null,
  state text not null check (state in ('needs_response','under_review','won','lost')),
  answer_by date,
  posted_on date,
  reopened_pence bigint not null,
  settled_on date,
  payout_id bigint,
  recorded_on date not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index card_dispute_number on card_dispute (org_id, number);
create unique index card_dispute_ref on card_dispute (org_id, provider_ref);
create index card_dispute_payment on card_dispute (org_id, payment_id);
create index card_dispute_payout on card_dispute (org_id, payout_id) where payout_id is not null;

create table card_payout (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  provider text not null,
  provider_ref text not null,
  settled_on date not null,
  gross_pence bigint not null,
  refunds_pence bigint not null,
  disputes_pence bigint not null,
  charges_pence bigint not null,
  net_pence bigint not null,
  state text not null check (state in ('expected','in_bank')),
  bank_line_id bigint,
  reconciled_by text not null,
  reconciled_on date,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index card_payout_number on card_payout (org_id, number);
create unique index card_payout_ref on card_payout (org_id, provider, provider_ref);
create index card_payout_state on card_payout (org_id, state, settled_on, id);
create unique index card_payout_line on card_payout (org_id, bank_line_id) where bank_line_id is not null;

create table card_webhook (
  org_id bigint not null,
  provider text not null,
  message_id text not null,
  event_type text not null,
  resource_id text not null,
  body_sha256 text not null,
  state text not null check (state in ('known','unknown','other')),
  recorded_at timestamptz not null,
  primary key (org_id, provider, message_id)
);
create index card_webhook_at on card_webhook (org_id, recorded_at);

create table card_file (
  org_id bigint not null,
  file_number bigint not null,
  dated_on date not null,
  sha256 text not null,
  rows_count bigint not null,
  sum_pence bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, file_number)
);
create unique index card_file_sha on card_file (org_id, sha256);

create table pay_link (
  org_id bigint not null,
  id bigint not null,
  customer_id bigint not null,
  reference text not null,
  description text not null,
  ends_on date not null,
  ended_at timestamptz,
  made_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index pay_link_customer on pay_link (org_id, customer_id, id);

create table pay_link_item (
  org_id bigint not null,
  pay_link_id bigint not null,
  item_id bigint not null,
  primary key (org_id, pay_link_id, item_id)
);

-- Organisations opened before get the two GL codes, unless they use these numbers for something else.
insert into gl_code (org_id, code, name, role) select id, '1055', 'Card clearing', 'CRDC' from organisation where true on conflict do nothing;
insert into gl_code (org_id, code, name, role) select id, '6220', 'Card payment charges', 'CRDF' from organisation where true on conflict do nothing;
