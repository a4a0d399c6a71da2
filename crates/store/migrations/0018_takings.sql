-- Files of collection agents: what the bank is to show for each. No rows change.

create table takings_file (
  org_id bigint not null,
  id bigint not null,
  bank_account_id bigint not null,
  file_sha256 text not null,
  name text not null,
  layout text not null,
  dated_on date not null,
  payments_count bigint not null,
  total_pence bigint not null,
  state text not null check (state in ('expected','shown')),
  bank_line_id bigint,
  shown_on date,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index takings_file_hash on takings_file (org_id, file_sha256);
create index takings_file_state on takings_file (org_id, state, bank_account_id, total_pence);
