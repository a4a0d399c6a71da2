-- Delivery and proof: a receiver's own rules, references on documents, e-invoices, what is known of arrival, backing files. No rows change.

create table receiver_rule (
  org_id bigint not null,
  customer_id bigint not null,
  way text not null check (way in ('letters','peppol','portal')),
  participant text not null,
  portal text not null,
  vat_number text not null,
  order_needed boolean not null,
  order_pattern text not null,
  reference_needed boolean not null,
  reference_name text not null,
  reference_pattern text not null,
  reference_usual text not null,
  number_characters text not null check (number_characters in ('any','digits','letters_digits')),
  number_longest bigint,
  future_days bigint,
  pdf_longest_kb bigint,
  changed_by_name text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, customer_id)
);

create table document_reference (
  org_id bigint not null,
  document_id bigint not null,
  buyer_reference text not null,
  period_from_on date,
  period_to_on date,
  recorded_at timestamptz not null,
  primary key (org_id, document_id)
);

create table einvoice (
  org_id bigint not null,
  id bigint not null,
  document_id bigint not null,
  document_kind text not null check (document_kind in ('invoice','credit_note')),
  document_number text not null,
  customer_id bigint not null,
  receiver text not null,
  state text not null check (state in ('blocked','writing','unknown','written','delivered','rejected','acknowledged','in_process','queried','conditional','refused','accepted','paid','withdrawn')),
  reason text not null,
  file_name text not null,
  file_sha256 text not null,
  size_bytes bigint not null,
  attempts bigint not null,
  written_on date,
  settled_on date,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index einvoice_document on einvoice (org_id, document_id);
create index einvoice_state on einvoice (org_id, state, id);

create table delivery_event (
  org_id bigint not null,
  id bigint not null,
  document_id bigint not null,
  customer_id bigint not null,
  letter_id bigint,
  way text not null check (way in ('post','email','peppol','portal','page','hand')),
  outcome text not null,
  code text not null,
  reference text not null,
  words text not null,
  on_day date not null,
  file_sha256 text not null,
  source text not null check (source in ('person','file','server','customer')),
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index delivery_event_document on delivery_event (org_id, document_id, id);
create index delivery_event_customer on delivery_event (org_id, customer_id, id);

create table undelivered (
  org_id bigint not null,
  document_id bigint not null,
  seq bigint not null,
  customer_id bigint not null,
  way text not null,
  outcome text not null,
  words text not null,
  from_on date not null,
  ended_on date,
  ended_words text not null,
  recorded_at timestamptz not null,
  primary key (org_id, document_id, seq)
);
create index undelivered_customer on undelivered (org_id, customer_id) where ended_on is null;
create index undelivered_open on undelivered (org_id, from_on, document_id) where ended_on is null;

create table backing_document (
  org_id bigint not null,
  id bigint not null,
  document_id bigint not null,
  name text not null,
  media_type text not null,
  size_bytes bigint not null,
  file_sha256 text not null,
  masked_count bigint not null,
  added_on date not null,
  added_by_name text not null,
  withdrawn_on date,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index backing_document_document on backing_document (org_id, document_id, id);
