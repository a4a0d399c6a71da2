-- ServiceNow: how it is set up, its cases and ours there, their comments and files, the requests they became. No rows change.

create table servicenow_setting (
  org_id bigint not null,
  base_url text not null,
  way_in text not null check (way_in in ('client_credentials','password','basic')),
  client_id text not null,
  sealed_secret text not null,
  user_name text not null,
  sealed_password text not null,
  case_table text not null,
  states text not null,
  types text not null,
  category_field text not null,
  invoice_field text not null,
  account_field text not null,
  amount_field text not null,
  our_group text not null,
  close_code_field text not null,
  close_code text not null,
  request_user text not null,
  request_service text not null,
  query_owner text not null,
  every_minutes bigint not null,
  in_use boolean not null,
  owner_name text not null,
  seen_to timestamptz not null,
  looked_at timestamptz,
  result text not null,
  failed boolean not null,
  failures bigint not null,
  held_until timestamptz,
  stopped text not null,
  stopped_at timestamptz,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id)
);

create table servicenow_case (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  sys_id text not null,
  their_number text not null,
  correlation_id text not null,
  ours boolean not null,
  request_type text not null,
  subject text not null,
  words text not null,
  their_state text not null,
  sent_state text not null,
  updated_at timestamptz,
  removed_there boolean not null,
  state text not null check (state in ('waiting','query','requests','sent_back','set_aside','to_send','unsure','asked','answered','ended','not_taken')),
  reasons jsonb not null,
  query_id bigint,
  told text not null,
  telling text not null,
  tell_now text not null,
  query_version bigint not null,
  tries bigint not null,
  error text not null,
  answer_by date,
  owner text not null,
  decided_by_name text not null,
  checked_at timestamptz,
  came_on date not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create unique index servicenow_case_number on servicenow_case (org_id, number);
create unique index servicenow_case_correlation on servicenow_case (org_id, correlation_id);
create unique index servicenow_case_sys on servicenow_case (org_id, sys_id) where sys_id <> '';
create index servicenow_case_state on servicenow_case (org_id, state, id);
create index servicenow_case_query on servicenow_case (org_id, query_id, id);

create table servicenow_comment (
  org_id bigint not null,
  case_id bigint not null,
  sys_id text not null,
  words text not null,
  written_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (org_id, case_id, sys_id)
);

create table servicenow_file (
  org_id bigint not null,
  case_id bigint not null,
  sys_id text not null,
  name text not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  left_there text not null,
  recorded_at timestamptz not null,
  primary key (org_id, case_id, sys_id)
);

create table servicenow_request (
  org_id bigint not null,
  case_id bigint not null,
  request_number text not null,
  told_state text not null,
  primary key (org_id, case_id, request_number)
);
create index servicenow_request_number on servicenow_request (org_id, request_number);
