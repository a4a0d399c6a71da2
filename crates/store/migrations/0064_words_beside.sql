-- What the trail and what leaves go without, kept beside what it is about. Why a mandate took a step, in words: steps from
-- before have them in the trail, where they are read as before. What was known of a customer before a change, and after:
-- it stays with the account it was changed on, whatever is merged.

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

create table customer_change (
  org_id bigint not null,
  id bigint not null,
  account_id bigint not null,
  field text not null,
  was text not null,
  now_is text not null,
  changed_on date not null,
  actor_id bigint not null,
  actor_name text not null,
  recorded_at timestamptz not null,
  primary key (org_id, id)
);
create index customer_change_account on customer_change (org_id, account_id, id);
