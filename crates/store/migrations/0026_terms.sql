-- Payment terms with parts and a discount, instalments of an invoice, deposits ------

create table payment_terms (
  org_id bigint not null,
  id bigint not null,
  code text not null,
  name text not null,
  discount_bp bigint not null,
  discount_days bigint not null,
  active boolean not null,
  actor_id bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index payment_terms_code on payment_terms (org_id, code);

create table payment_terms_part (
  org_id bigint not null,
  terms_id bigint not null,
  part bigint not null,
  share_bp bigint not null,
  days bigint not null,
  primary key (org_id, terms_id, part)
);

-- Each part of an invoice is an open item of its own, due on its own day.
create table document_instalment (
  org_id bigint not null,
  document_id bigint not null,
  part bigint not null,
  item_id bigint not null,
  primary key (org_id, document_id, part)
);
create unique index document_instalment_item on document_instalment (org_id, item_id);

-- What an invoice allows for being paid early.
create table document_discount (
  org_id bigint not null,
  document_id bigint not null,
  terms_code text not null,
  discount_bp bigint not null,
  discount_pence bigint not null,
  until_on date not null,
  credit_id bigint,
  recorded_at timestamptz not null,
  primary key (org_id, document_id)
);
create index document_discount_open on document_discount (org_id, until_on, document_id) where credit_id is null;

-- An invoice that asks for money before the service; its income waits until it is used.
create table deposit (
  org_id bigint not null,
  document_id bigint not null,
  kind text not null check (kind in ('advance','returnable')),
  recorded_at timestamptz not null,
  primary key (org_id, document_id)
);

-- Each credit note by which a deposit was used for an invoice, or given back.
create table deposit_use (
  org_id bigint not null,
  credit_id bigint not null,
  deposit_id bigint not null,
  invoice_id bigint,
  primary key (org_id, credit_id)
);
create index deposit_use_of on deposit_use (org_id, deposit_id, credit_id);
