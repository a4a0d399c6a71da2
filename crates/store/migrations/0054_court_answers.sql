-- Answers of the court: each file once, and of each line what became of it. No rows change.

create table court_answer_file (
  org_id bigint not null,
  id bigint not null,
  number text not null,
  kind text not null check (kind in ('submitted','feedback','responses')),
  name text not null,
  file_sha256 text not null,
  our_reference text not null,
  court_reference text not null,
  lines_count bigint not null,
  taken_on date not null,
  taken_by text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index court_answer_file_number on court_answer_file (org_id, number);
create unique index court_answer_file_hash on court_answer_file (org_id, file_sha256);

create table court_answer (
  org_id bigint not null,
  id bigint not null,
  file_id bigint not null,
  seq bigint not null,
  about text not null,
  said text not null,
  request text not null,
  claim_number text not null,
  words text not null,
  fingerprint text not null,
  state text not null check (state in ('waiting','done','noted','again','open','settled')),
  case_number text not null,
  outcome text not null,
  decided_on date,
  decided_by text not null,
  recorded_at timestamptz not null,
  version bigint not null,
  primary key (org_id, id)
);
create index court_answer_line on court_answer (org_id, file_id, seq);
create index court_answer_print on court_answer (org_id, fingerprint);
create index court_answer_state on court_answer (org_id, state, id);
