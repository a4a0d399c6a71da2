-- Queries: what they are about, how they came, how they ended -----------------------

alter table query add column source text not null default 'person';
alter table query add column service text not null default '';
alter table query add column cause text not null default '';
alter table query add column approval text not null default '';
alter table query add column rebilled_as text not null default '';
alter table query add column letter text not null default '';
-- sqlite only
alter table query add column line integer;
-- postgres only
alter table query add column line bigint;
-- both
create index query_opened on query (org_id, opened_on, id);
create index query_approval on query (org_id, approval);

create table query_category (
  org_id bigint not null,
  code text not null,
  from_on date not null,
  name text not null,
  dispute boolean not null,
  target_days bigint not null,
  hold_days bigint not null,
  active boolean not null,
  actor_id bigint not null,
  recorded_at timestamptz not null,
  primary key (org_id, code, from_on)
);

create table evidence (
  org_id bigint not null,
  id bigint not null,
  subject text not null,
  name text not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  words text not null,
  came_from text not null,
  recorded_on date not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create unique index evidence_subject on evidence (org_id, subject, sha256);
