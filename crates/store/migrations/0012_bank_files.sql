-- Files from the bank as they arrived, layouts of CSV that people write, and places where files are fetched. No rows change.

create table bank_file (
  org_id bigint not null,
  id bigint not null,
  file_sha256 text not null,
  name text not null,
  size_bytes bigint not null,
  channel text not null check (channel in ('web','api','cli','job')),
  source_name text not null,
  brought_by bigint not null,
  brought_by_name text not null,
  arrived_at timestamptz not null,
  business_on date not null,
  times bigint not null,
  last_at timestamptz not null,
  format text not null,
  bank_account text not null,
  state text not null check (state in ('checked','accepted','warned','held','rejected')),
  code text not null,
  message text not null,
  way_out text not null,
  problems jsonb not null,
  lines_new bigint not null,
  lines_seen bigint not null,
  credits_pence bigint not null,
  debits_pence bigint not null,
  decided_by_name text not null,
  decided_reason text not null,
  decided_at timestamptz,
  primary key (org_id, id)
);
create unique index bank_file_hash on bank_file (org_id, file_sha256);
create index bank_statement_identity on bank_statement (org_id, bank_account_id, statement_number);
create index bank_statement_days on bank_statement (org_id, bank_account_id, to_on);

create table csv_profile (
  org_id bigint not null,
  name text not null,
  version bigint not null,
  layout jsonb not null,
  note text not null,
  in_use boolean not null,
  recorded_by_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, name, version)
);

create table bank_source (
  org_id bigint not null,
  id bigint not null,
  name text not null,
  kind text not null check (kind in ('folder','sftp')),
  folder text not null,
  host text not null,
  port bigint not null,
  user_name text not null,
  host_key text not null,
  secret text not null,
  pattern text not null,
  format text not null,
  bank_account text not null,
  every_minutes bigint not null,
  in_use boolean not null,
  owner bigint not null,
  owner_name text not null,
  looked_at timestamptz,
  result text not null,
  failed boolean not null,
  version bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index bank_source_name on bank_source (org_id, name);

create table bank_pickup (
  org_id bigint not null,
  source_id bigint not null,
  file_sha256 text not null,
  name text not null,
  size_bytes bigint not null,
  outcome text not null,
  message text not null,
  picked_at timestamptz not null,
  primary key (org_id, source_id, file_sha256, name)
);
