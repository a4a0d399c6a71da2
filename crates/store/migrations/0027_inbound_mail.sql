-- Messages to the shared mailbox: as they came, where they were put and why; mailboxes they are collected from. No rows change.

create table mailbox (
  org_id bigint not null,
  id bigint not null,
  name text not null,
  host text not null,
  port bigint not null,
  user_name text not null,
  secret text not null,
  certificate text not null,
  folder text not null,
  moved_to text not null,
  query_owner text not null,
  query_category text not null,
  every_minutes bigint not null,
  in_use boolean not null,
  owner bigint not null,
  owner_name text not null,
  uid_validity bigint not null,
  looked_at timestamptz,
  result text not null,
  failed boolean not null,
  version bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index mailbox_name on mailbox (org_id, name);

create table inbound_mail (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  sha256 text not null,
  message_id text not null,
  content_sha256 text not null,
  mailbox text not null,
  file_name text not null,
  size_bytes bigint not null,
  masked boolean not null,
  writer text not null check (writer in ('person','automatic','bulk')),
  from_name text not null,
  from_address text not null,
  reply_to text not null,
  subject text not null,
  words text not null,
  quoted text not null,
  sent_at timestamptz,
  received_on date not null,
  recorded_at timestamptz not null,
  state text not null check (state in ('waiting','joined','opened','automatic','came_back','set_aside')),
  reasons jsonb not null,
  candidates jsonb not null,
  customer_id bigint,
  query_id bigint,
  letter text not null,
  owner text not null,
  decided_by_name text not null,
  decided_reason text not null,
  decided_at timestamptz,
  version bigint not null,
  primary key (org_id, id)
);
create unique index inbound_mail_number on inbound_mail (org_id, number);
create unique index inbound_mail_sha256 on inbound_mail (org_id, sha256);
create index inbound_mail_message on inbound_mail (org_id, message_id, id);
create index inbound_mail_state on inbound_mail (org_id, state, id);
create index inbound_mail_query on inbound_mail (org_id, query_id, id);

create table inbound_file (
  org_id bigint not null,
  mail_id bigint not null,
  seq bigint not null,
  name text not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  left_out text not null,
  primary key (org_id, mail_id, seq)
);

create table mailbox_taken (
  org_id bigint not null,
  mailbox_id bigint not null,
  uid_validity bigint not null,
  uid bigint not null,
  mail_id bigint not null,
  taken_at timestamptz not null,
  primary key (org_id, mailbox_id, uid_validity, uid)
);

create index customer_email on customer (org_id, lower(email));
create index query_item on query (org_id, item_id);
create index query_letter on query (org_id, letter);
