-- GOV.UK Notify: how it is set up, each message given to it, what it does not carry, its calls, e-mail addresses that take no mail. No rows change.

create table notify_setting (
  org_id bigint not null,
  base_url text not null,
  service_id text not null,
  sealed_key text not null,
  sealed_token text not null,
  carries_email boolean not null,
  carries_post boolean not null,
  email_template text not null,
  reply_to text not null,
  postage text not null check (postage in ('first','second','economy')),
  email_held_until timestamptz,
  letter_held_until timestamptz,
  held_words text not null,
  strangers bigint not null,
  stranger_at timestamptz,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id)
);

create table notify_message (
  org_id bigint not null,
  id bigint not null,
  letter_id bigint not null,
  kind text not null check (kind in ('email','letter')),
  reference text not null,
  notify_id text not null,
  state text not null check (state in ('sending','unknown','put_off','with_notify','failed','done')),
  status text not null,
  reason text not null,
  tries bigint not null,
  file_sha256 text not null,
  size_bytes bigint not null,
  asked_at timestamptz not null,
  try_at timestamptz,
  status_at timestamptz,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index notify_message_reference on notify_message (org_id, reference);
create index notify_message_letter on notify_message (org_id, letter_id, id);
create index notify_message_notify on notify_message (org_id, notify_id) where notify_id <> '';
create index notify_message_due on notify_message (org_id, state, try_at, id);

create table notify_left_out (
  org_id bigint not null,
  letter_id bigint not null,
  reasons text not null,
  recorded_at timestamptz not null,
  primary key (org_id, letter_id)
);

create table notify_callback (
  org_id bigint not null,
  body_sha256 text not null,
  kind text not null check (kind in ('status','returned','other')),
  notify_id text not null,
  reference text not null,
  status text not null,
  state text not null check (state in ('known','unknown','other')),
  recorded_at timestamptz not null,
  primary key (org_id, body_sha256)
);
create index notify_callback_at on notify_callback (org_id, recorded_at);

create table failed_email (
  org_id bigint not null,
  address text not null,
  customer_id bigint not null,
  words text not null,
  from_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, address)
);
