-- Why a mandate took a step, in words: with the mandate, so that the trail and what leaves go without them. Steps from
-- before have them in the trail, where they are read as before.

create table mandate_word (
  org_id bigint not null,
  id bigint not null,
  mandate_id bigint not null,
  step text not null,
  why text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index mandate_word_mandate on mandate_word (org_id, mandate_id, id);
